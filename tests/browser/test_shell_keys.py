"""Keys by code, sequences, lists, and what a Vietnamese input method does to them."""

import pytest
from playwright.sync_api import Page, expect

from foundation.people import Role
from tests.browser.running import Office

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.pressed = [];
  document.addEventListener("click", (event) => {
    const bound = event.target.closest("[data-key]");
    if (!bound) return;
    window.pressed.push(bound.dataset.key);
    event.preventDefault();
  }, true);
}"""


@pytest.fixture
def queue(shell_office: Office, page: Page) -> Page:
    """The list of the tests' page area, with every pressed key written down instead of followed."""
    shell_office.log_in(page, shell_office.people(Role.INSPECTOR))
    page.goto(shell_office.url + "/queue")
    page.evaluate(WATCH)
    return page


def pressed(page: Page) -> list[str]:
    page.wait_for_timeout(80)  # the reader waits 40 ms for the echo of an input method
    return list(page.evaluate("() => window.pressed"))


def send(page: Page, *events: tuple[str, str]) -> None:
    """Key events as (key, code), the way an input method outside the browser makes them."""
    script = """events => events.forEach(([key, code]) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })))"""
    page.evaluate(script, [list(event) for event in events])


def test_a_key_presses_what_carries_it(queue: Page) -> None:
    queue.keyboard.press("s")
    queue.keyboard.press("a")
    assert pressed(queue) == ["KeyS", "KeyA"]


def test_keys_sleep_while_somebody_types(queue: Page) -> None:
    queue.get_by_label("Từ khóa").focus()
    queue.keyboard.type("asdgq")
    assert pressed(queue) == []
    expect(queue.get_by_label("Từ khóa")).to_have_value("asdgq")
    queue.keyboard.press("Escape")
    queue.keyboard.press("s")
    assert pressed(queue) == ["KeyS"]


@pytest.mark.parametrize("held", ["ctrlKey", "altKey", "metaKey"])
def test_keys_of_the_browser_stay_the_browsers(queue: Page, held: str) -> None:
    script = """held => document.body.dispatchEvent(new KeyboardEvent("keydown",
        { key: "s", code: "KeyS", bubbles: true, [held]: true }))"""
    queue.evaluate(script, held)
    assert pressed(queue) == []


def test_a_sequence_goes_somewhere_and_a_broken_one_does_not(queue: Page) -> None:
    queue.keyboard.press("g")
    queue.keyboard.press("q")
    assert pressed(queue) == ["KeyG KeyQ"]
    queue.keyboard.press("g")
    queue.keyboard.press("z")
    queue.keyboard.press("q")
    assert pressed(queue) == ["KeyG KeyQ"]


def test_a_key_that_breaks_a_sequence_still_counts_by_itself(queue: Page) -> None:
    queue.keyboard.press("g")
    queue.keyboard.press("s")
    assert pressed(queue) == ["KeyS"]  # there is no sanctions page here, so g s means nothing


def test_d_opens_the_reasons_and_a_figure_chooses(queue: Page) -> None:
    queue.keyboard.press("d")
    expect(queue.get_by_role("button", name="Trùng lặp")).to_be_visible()
    queue.keyboard.press("2")
    assert pressed(queue) == ["KeyD Digit2"]


def test_a_process_key_of_an_input_method_is_left_alone(queue: Page) -> None:
    send(queue, ("Process", "KeyS"))
    assert pressed(queue) == []


TELEX = {
    "a then s is á": ([("a", "KeyA")], [("Backspace", "Backspace"), ("á", "")], ["KeyA", "KeyS"]),
    "VNI: d then 1 stays d 1": ([("d", "KeyD")], [("1", "Digit1")], ["KeyD Digit1"]),
    "s, a, then s: the tone lands inside": (
        [("s", "KeyS"), ("a", "KeyA")],
        [("Backspace", "Backspace"), ("á", "")],
        ["KeyS", "KeyA", "KeyS"],
    ),
    "a, z, then s: two letters are taken back": (
        [("a", "KeyA"), ("z", "KeyZ")],
        [("Backspace", "Backspace"), ("Backspace", "Backspace"), ("á", ""), ("z", "")],
        ["KeyA", "KeyS"],
    ),
    "a, s, s: the tone is taken off again": (
        [("a", "KeyA"), ("Backspace", "Backspace"), ("á", "")],
        [("Backspace", "Backspace"), ("a", ""), ("s", "")],
        ["KeyA", "KeyS", "KeyS"],
    ),
}


@pytest.mark.parametrize("name", TELEX)
def test_keys_that_unikey_rewrote_are_still_read(queue: Page, name: str) -> None:
    first, then, expected = TELEX[name]
    for event in first[:1]:
        send(queue, event)
    for event in first[1:]:
        send(queue, event)
    queue.wait_for_timeout(60)
    send(queue, *then)
    assert pressed(queue) == expected


LETTERS: tuple[tuple[str, str, list[str]], ...] = (
    ("a", "á", ["KeyS", "Digit1"]),
    ("a", "â", ["KeyA", "Digit6"]),
    ("â", "ấ", ["KeyS", "Digit1"]),
    ("u", "ư", ["KeyW", "Digit7"]),
    ("a", "ă", ["KeyW", "Digit8"]),
    ("d", "đ", ["KeyD", "Digit9"]),
    ("at", "ạt", ["KeyJ", "Digit5"]),
    ("á", "à", ["KeyF", "Digit2"]),
    ("á", "a", ["KeyZ", "Digit0"]),
    ("á", "as", ["KeyS"]),
    ("", "", []),
    ("x", "x", []),
)


def test_the_key_behind_a_letter_is_found(queue: Page) -> None:
    for before, after, codes in LETTERS:
        found = queue.evaluate("([a, b]) => rasoatTelex.pressed(a, b)", [before, after])
        assert found == codes, (before, after)


def test_vni_d9_chooses_the_ninth_reason(queue: Page) -> None:
    queue.evaluate("""() => { const button = document.querySelector('[data-key="KeyD Digit1"]').cloneNode();
        button.dataset.key = "KeyD Digit9"; document.querySelector('[data-key="KeyD Digit1"]').after(button); }""")
    send(queue, ("d", "KeyD"))
    send(queue, ("Backspace", "Backspace"), ("đ", ""))
    assert pressed(queue) == ["KeyD Digit9"]


def test_j_and_k_walk_through_the_list(queue: Page) -> None:
    current = queue.locator("[data-row].is-current")
    queue.keyboard.press("j")
    expect(current).to_have_id("row-1")
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    expect(current).to_have_id("row-3")
    expect(current.locator("[data-open]")).to_be_focused()
    queue.keyboard.press("k")
    expect(current).to_have_id("row-2")
    for _ in range(9):
        queue.keyboard.press("k")
    expect(current).to_have_id("row-1")


def test_x_ticks_and_shift_j_ticks_on(queue: Page) -> None:
    bulk = queue.locator("[data-bulk] button")
    expect(bulk).to_be_disabled()
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    queue.keyboard.press("Shift+J")
    queue.keyboard.press("Shift+J")
    expect(queue.locator("[data-bulk-count]")).to_have_text("3")
    expect(bulk).to_be_enabled()
    expect(queue.locator("[data-check]:checked")).to_have_count(3)
    queue.keyboard.press("x")
    expect(queue.locator("[data-bulk-count]")).to_have_text("2")


def test_the_box_at_the_head_ticks_all(queue: Page) -> None:
    queue.get_by_label("Chọn tất cả trên trang này").check()
    expect(queue.locator("[data-bulk-count]")).to_have_text("4")


def test_the_overlay_lists_what_the_page_has(shell_office: Office, page: Page) -> None:
    shell_office.log_in(page, shell_office.people(Role.INSPECTOR))
    page.goto(shell_office.url + "/queue")
    page.keyboard.press("Shift+Slash")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    for line in (
        "g q Đến: Rà soát",
        "a Nhận xử lý",
        "s Nhắc lại",
        "d 2 Bỏ qua: Trùng lặp",
        "? Tất cả phím tắt",
        "j k Mục sau",
    ):
        assert line in " ".join(sheet.inner_text().split())
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_keys_of_the_page_sleep_under_an_open_dialog(queue: Page) -> None:
    queue.evaluate("() => document.getElementById('keys').showModal()")
    queue.keyboard.press("s")
    assert pressed(queue) == []
