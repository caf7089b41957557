"""Vietnamese first, English second, both whole."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask

from foundation.errors import InvalidInput
from foundation.people import Role
from tests.support.people import People
from tests.webui.login import client_of
from webui.translations import catalogue, tool


def parts(folder: Path, text: str, name: str = "area.tsv") -> Path:
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "parts" / name).write_text(text, encoding="utf-8")
    return folder


def test_a_stranger_reads_vietnamese_until_a_cookie_says_otherwise(shell_app: Flask) -> None:
    client = client_of(shell_app, None)
    assert '<html lang="vi"' in client.get("/queue").text
    answer = client.post("/language/en", data={"back": "/queue?risk=high"})
    assert (answer.status_code, answer.location) == (303, "/queue?risk=high")
    assert "Please log in." in client.get("/queue").text


def test_a_persons_own_choice_goes_with_the_person(shell_app: Flask, shell_people: People) -> None:
    inspector = shell_people(Role.INSPECTOR)
    client_of(shell_app, inspector).post("/language/en")
    assert shell_people.load(inspector.id).language == "en"
    assert '<html lang="en"' in client_of(shell_app, inspector).get("/").text


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/x",
        "//elsewhere.example",
        "javascript:alert(1)",
        "/\\elsewhere.example",
    ],
)
def test_changing_the_language_never_leads_away(shell_app: Flask, back: str) -> None:
    answer = client_of(shell_app, None).post("/language/vi", data={"back": back})
    assert answer.location == "/"


@pytest.mark.parametrize("address", ["/language/fr", "/theme/pink"])
def test_a_language_or_theme_we_do_not_have_is_not_found(shell_app: Flask, address: str) -> None:
    assert client_of(shell_app, None).post(address).status_code == 404


def test_the_theme_is_remembered_for_the_browser(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    assert "data-theme-wish" not in client.get("/").text
    client.post("/theme/dark")
    assert 'data-theme-wish="dark"' in client.get("/").text


def test_parts_become_a_catalogue_with_plurals(tmp_path: Path) -> None:
    folder = parts(
        tmp_path,
        "# said\nHello %(name)s\tChào %(name)s\n%(num)d day || %(num)d days\t%(num)d ngày\n",
    )
    assert catalogue.is_stale(folder)
    catalogue.compile_if_stale(folder)
    assert not catalogue.is_stale(folder)
    from babel.support import Translations

    vietnamese = Translations.load(str(folder), ["vi"])
    assert vietnamese.ugettext("Hello %(name)s") == "Chào %(name)s"
    assert vietnamese.ungettext("%(num)d day", "%(num)d days", 5) == "%(num)d ngày"


@pytest.mark.parametrize("line", ["only English", "a\tb\tc", "English\t ", "\tchỉ tiếng Việt"])
def test_a_line_without_two_columns_is_named(tmp_path: Path, line: str) -> None:
    folder = parts(tmp_path, f"# first\n{line}\n")
    with pytest.raises(InvalidInput, match=r"area\.tsv:2"):
        catalogue.read_parts(folder)


def test_a_line_break_at_the_end_of_a_message_is_kept(tmp_path: Path) -> None:
    folder = parts(tmp_path, "Dear all,\\nwelcome.\\n\tKính gửi,\\nchào mừng.\\n\n")
    assert [(entry.singular, entry.translation) for entry in catalogue.read_parts(folder)] == [
        ("Dear all,\nwelcome.\n", "Kính gửi,\nchào mừng.\n")
    ]


def said(*messages: str | tuple[str, str]) -> Catalog:
    made = Catalog()
    for message in messages:
        made.add(message, locations=[("page.html", 1)])
    return made


@pytest.mark.parametrize(
    ("source", "text", "problem"),
    [
        (["New"], "", "page.html:1: no Vietnamese for 'New'"),
        ([], "Old\tCũ\n", "area.tsv:1: stale, nothing says 'Old' any more"),
        (
            ["%(a)s left"],
            "%(a)s left\tcòn %(b)s\n",
            "area.tsv:1: placeholders differ in '%(a)s left'",
        ),
        (["Open"], "Open\tMở\nOpen\tĐang mở\n", "area.tsv:2: says 'Đang mở', area.tsv:1 says 'Mở'"),
        (
            [("a post", "%(num)d posts")],
            "a post\tbài\n",
            "area.tsv:1: the source has another plural; write 'a post || %(num)d posts' first",
        ),
    ],
)
def test_what_is_wrong_with_translations_is_told(
    tmp_path: Path, source: list[str | tuple[str, str]], text: str, problem: str
) -> None:
    entries = catalogue.read_parts(parts(tmp_path, text))
    assert tool.problems(said(*source), entries) == [problem]


def test_a_word_that_a_room_below_hands_out_is_not_stale(tmp_path: Path) -> None:
    entries = catalogue.read_parts(parts(tmp_path, "evidence group\tnhóm dấu hiệu\n"))
    assert tool.problems(said(), entries, {"evidence group"}) == []


def test_everything_the_frame_says_has_its_vietnamese() -> None:
    """The frame's own files; the whole product is checked by `python -m webui.translations.tool check`."""
    mine = (
        "webui/errors.py",
        "webui/formats.py",
        "webui/forms.py",
        "webui/nav.py",
        "webui/words.py",
        "webui/templating.py",
    )
    folders = ("webui/templates/macros", "webui/templates/fragments", "webui/templates/errors")
    entries = {entry.singular for entry in catalogue.read_parts(tool.FOLDER)}
    frame = {
        str(message.id[0] if isinstance(message.id, tuple | list) else message.id)
        for message in tool.extract()
        if message.id and any(place.startswith((*mine, *folders)) for place, _ in message.locations)
    }
    assert len(frame) > 100
    assert frame - entries == set()


def test_an_unknown_action_of_the_tool_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["translate"]) == 2
    assert "extract|check|compile" in capsys.readouterr().err
