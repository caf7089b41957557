"""The rail, the Today page, and what htmx gets of a page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.clock import MovableClock
from foundation.people import Actor, Role, User
from tests.support.people import People
from tests.webui.login import client_of
from webui import nav
from webui.nav import NavItem, TodayItem, add_place, rail, today, waiting
from webui.views.today import by_need, urgent_things


@pytest.fixture(autouse=True)
def same_rail() -> Iterator[None]:
    """What a test puts into the rail is gone afterwards."""
    before = list(nav.RAIL)
    yield
    nav.RAIL[:] = before


def labels(app: Flask, person: User) -> list[str]:
    with client_of(app, person) as client:
        client.get("/")
        return [str(place.label) for place in rail()]


def test_only_places_that_exist_are_shown(shell_app: Flask, shell_people: People) -> None:
    assert labels(shell_app, shell_people(Role.INSPECTOR)) == ["Hôm nay", "Rà soát"]


def test_only_places_that_one_may_enter_are_shown(shell_app: Flask, shell_people: People) -> None:
    add_place(NavItem("queue.approve", "Duyệt", "checks"), after="queue.index")
    assert "Duyệt" not in labels(shell_app, shell_people(Role.INSPECTOR))
    assert labels(shell_app, shell_people(Role.APPROVER)) == ["Hôm nay", "Rà soát", "Duyệt"]


def test_what_waits_is_counted_for_the_person_who_asks(
    shell_app: Flask, shell_people: People
) -> None:
    @waiting("queue.index")
    def count(session: Session, actor: Actor) -> int:
        everybody = session.scalar(select(func.count()).select_from(User)) or 0
        return everybody if Role.INSPECTOR in actor.roles else 0

    inspector, police = shell_people(Role.INSPECTOR), shell_people(Role.POLICE)
    assert (
        'class="rail-count" title="Đang chờ bạn">2<'
        in client_of(shell_app, inspector).get("/").text
    )
    assert "rail-count" not in client_of(shell_app, police).get("/").text


def test_the_place_one_is_at_is_marked(shell_app: Flask, shell_people: People) -> None:
    text = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/queue").text
    assert text.count('aria-current="page"') >= 1
    assert 'rail-item is-current" href="/queue"' in text


def test_an_empty_day_says_why_it_is_empty(shell_app: Flask, shell_people: People) -> None:
    text = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/").text
    assert "Không có việc nào đang chờ bạn." in text
    assert "không có việc khẩn" in text


def test_the_day_is_filled_by_those_who_know_what_waits(
    shell_app: Flask, shell_people: People, clock: MovableClock
) -> None:
    @today("clocks", "Thời hạn", order=20)
    def clocks(_session: Session, actor: Actor) -> list[TodayItem]:
        due = clock.now() + timedelta(hours=5)
        return [
            TodayItem("Gửi báo cáo", "/queue?later", clock.now() + timedelta(days=9)),
            TodayItem(f"Yêu cầu gỡ của {actor.name}", "/queue?gb=1", due, "urgent"),
        ]

    @today("nothing", "Không có gì", order=10)
    def nothing(_session: Session, _actor: Actor) -> list[TodayItem]:
        return []

    person = shell_people(Role.INSPECTOR)
    text = client_of(shell_app, person).get("/").text
    assert f"Yêu cầu gỡ của {person.name}" in text
    assert text.index("Yêu cầu gỡ") < text.index("Gửi báo cáo")
    assert "còn 5 giờ" in text
    assert "1 việc khẩn" in text
    assert "Không có gì" not in text
    assert ">1<" in client_of(shell_app, person).get("/alerts").text


def test_the_bell_is_silent_when_nothing_is_urgent(shell_app: Flask, shell_people: People) -> None:
    assert client_of(shell_app, shell_people(Role.INSPECTOR)).get("/alerts").text.strip() == ""


def test_urgent_goes_before_early_and_early_before_undated(clock: MovableClock) -> None:
    soon, late = clock.now(), clock.now() + timedelta(days=1)
    items = [
        TodayItem("undated", "/"),
        TodayItem("late", "/", late),
        TodayItem("soon", "/", soon),
        TodayItem("warned", "/", late, "warning"),
        TodayItem("urgent", "/", severity="urgent"),
    ]
    assert [item.text for item in sorted(items, key=by_need)] == [
        "urgent",
        "warned",
        "soon",
        "late",
        "undated",
    ]


def test_what_stands_in_two_sections_is_one_urgent_thing() -> None:
    items = [
        TodayItem("in the urgent lane", "/", severity="urgent", key="post:1"),
        TodayItem("in the help lane", "/", severity="urgent", key="post:1"),
        TodayItem("3 more", "/", severity="urgent", stands_for=3),
        TodayItem("soon", "/", severity="warning"),
    ]
    assert urgent_things(items) == 4


def test_htmx_gets_the_block_and_a_browser_the_page(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    page = client.get("/queue").text
    block = client.get("/queue", headers={"HX-Request": "true"}).text
    assert "<html" in page
    assert "<html" not in block
    assert "Bài đăng thử số 1" in block
    history = client.get(
        "/queue", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    ).text
    assert "<html" in history


def test_a_toast_rides_along_with_a_block(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    client.post("/things", data={"name": "năm", "kind": "a"})
    block = client.get("/queue", headers={"HX-Request": "true"}).text
    assert 'hx-swap-oob="beforeend:#toasts"' in block
    assert "data-toast" not in client.get("/queue").text


def test_filters_stay_in_the_address_when_paging_and_sorting(
    shell_app: Flask, shell_people: People
) -> None:
    text = (
        client_of(shell_app, shell_people(Role.INSPECTOR))
        .get("/queue?risk=high&risk=low&page=2&sort=risk")
        .text
    )
    assert 'href="/queue?risk=high&amp;risk=low&amp;page=3&amp;sort=risk"' in text
    assert 'href="/queue?risk=high&amp;risk=low&amp;sort=-risk"' in text
    assert 'aria-sort="ascending"' in text
    assert "26–50 trong 130" in text


def test_a_form_shows_what_is_wrong_beside_the_field_and_in_our_words(
    shell_app: Flask, shell_people: People
) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    text = client.post("/things", data={"name": "", "kind": "c"}).text
    assert "Chưa lưu. Vui lòng sửa:" in text
    assert 'aria-describedby="name-help name-error"' in text
    assert 'id="name-error"' in text
    assert "Cần nhập mục này." in text
    assert "Chọn một trong các giá trị có sẵn." in text
    long = client.post("/things", data={"name": "x" * 21, "kind": "a"}).text
    assert "Tối đa 20 ký tự." in long
    assert "Field cannot" not in long
