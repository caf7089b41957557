"""Sources and runs through their pages."""

import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler import runs
from crawler.models import Run, RunError, RunState
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import SYSTEM, Role, Unit, User
from foundation.settings import Settings
from search.models import Source
from tests.crawler.sites import Answer, serving
from tests.support.office import Browser, Office, open_office

PURPOSE = "Phát hiện tin tuyển dụng lừa đảo trên diễn đàn công khai"
BASIS = "law116-2025.7.2.d"


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@dataclass
class Desk:
    """An office with an administrator at a browser."""

    office: Office
    browser: Browser

    def given(self, **more: Any) -> dict[str, Any]:
        return {
            "kind": "html_list",
            "name": "Diễn đàn việc làm",
            "address": "https://dien-dan.example/viec-lam",
            "platform": "forum",
            "every_minutes": "60",
            "purpose": PURPOSE,
            "legal_basis": BASIS,
            "preset": "spirit",
            **more,
        }

    def add(self, **more: Any) -> Source:
        answer = self.browser.post("/sources/new", self.given(**more))
        assert answer.status_code == 302, answer.text
        return self.source(int(answer.location.rpartition("/")[2]))

    def source(self, source_id: int) -> Source:
        with self.office.wiring.database.reading() as session:
            return session.get_one(Source, source_id)

    def runs(self) -> list[Run]:
        with self.office.wiring.database.reading() as session:
            return list(session.scalars(select(Run).order_by(Run.id)).unique())

    def run(self, source: Source, **values: Any) -> Run:
        at = self.office.wiring.clock.now()
        with self.office.wiring.database.writing() as session:
            run = runs.create(session, session.get_one(Source, source.id), at=at, actor=SYSTEM)
            for name, value in {"state": RunState.DONE, "ended_at": at, **values}.items():
                setattr(run, name, value)
            return run

    def audited(self) -> list[str]:
        with self.office.wiring.database.reading() as session:
            return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


@pytest.fixture
def desk(office: Office) -> Desk:
    browser = office.logged_in(Role.ADMINISTRATOR)
    browser.get("/sources/new")
    return Desk(office, browser)


def of_unit(office: Office, unit: Unit, role: Role) -> User:
    person = office.person(role)
    with office.wiring.database.writing() as session:
        session.merge(person).unit_id = unit.id
    return office.people.load(person.id)


def test_a_source_is_added_from_the_form_of_its_kind(desk: Desk) -> None:
    page = desk.browser.get("/sources/new?kind=html_list").text
    assert "Danh sách: Mục bài đăng" in page
    assert "điểm d khoản 2 Điều 7 Luật số 116/2025/QH15" in page
    source = desk.add()
    assert (source.kind, source.every_minutes, source.platform) == ("html_list", 60, "forum")
    assert source.config["list_item"] == ".layout__topics__topic"
    assert source.legal_basis == [BASIS]
    assert source.next_run_at is not None
    shown = desk.browser.get(f"/sources/{source.id}").text
    assert PURPOSE in shown
    assert "116/2025/QH15" in shown
    assert "source:create" in desk.audited()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": ""}, "Cần nhập mục này."),
        ({"purpose": "ngắn"}, "Hãy ghi các bài đăng được thu thập để làm gì."),
        ({"legal_basis": ""}, "Hãy chọn ít nhất một căn cứ pháp lý."),
        ({"legal_basis": "luat-khong-co"}, "“luat-khong-co” không nằm trong các lựa chọn."),
        ({"address": "javascript:alert(1)"}, "Đây không phải địa chỉ trang mạng"),
        ({"address": "https://ai:biet@x.example/"}, "Không nhận địa chỉ có tên đăng nhập"),
        ({"list_item": "div[["}, "Đây không phải bộ chọn CSS"),
        ({"every_minutes": "mỗi giờ"}, "Cần một số nguyên từ 0 đến"),
        ({"platform": "orkut"}, "“orkut” không nằm trong các lựa chọn."),
        ({"preset": "không có"}, "không nằm trong các lựa chọn."),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, more: dict[str, str], said: str
) -> None:
    answer = desk.browser.post("/sources/new", desk.given(**more))
    assert answer.status_code == 422
    assert said in answer.text
    if "name" not in more:
        assert 'value="Diễn đàn việc làm"' in answer.text
    if "purpose" not in more:
        assert PURPOSE in answer.text
    with desk.office.wiring.database.reading() as session:
        assert session.scalars(select(Source)).all() == []


def test_a_name_is_given_once(desk: Desk) -> None:
    desk.add()
    answer = desk.browser.post("/sources/new", desk.given())
    assert answer.status_code == 422
    assert "Đã có nguồn mang tên này." in answer.text


def test_a_source_is_changed_and_its_kind_stays(desk: Desk) -> None:
    source = desk.add()
    page = desk.browser.get(f"/sources/{source.id}/edit").text
    assert "https://dien-dan.example/viec-lam" in page
    assert ".layout__topics__topic" in page
    changed = {**desk.given(name="Diễn đàn khác"), "kind": "rss", "list_item": "li.bai"}
    answer = desk.browser.post(f"/sources/{source.id}/edit", changed)
    assert answer.status_code == 302
    after = desk.source(source.id)
    assert (after.name, after.kind, after.config["list_item"]) == (
        "Diễn đàn khác",
        "html_list",
        "li.bai",
    )
    wrong = desk.browser.post(f"/sources/{source.id}/edit", desk.given(purpose=""))
    assert wrong.status_code == 422
    assert desk.source(source.id).purpose == PURPOSE


def test_a_source_is_paused_and_taken_up_again(desk: Desk) -> None:
    source = desk.add()
    desk.browser.post(f"/sources/{source.id}/active", {"active": "no"})
    assert not desk.source(source.id).active
    assert desk.source(source.id).next_run_at is None
    assert "Tạm dừng" in desk.browser.get("/sources").text
    desk.browser.post(f"/sources/{source.id}/active", {"active": "yes"})
    assert desk.source(source.id).next_run_at is not None
    assert {"source:suspend", "source:activate"} <= set(desk.audited())


def test_a_crawl_is_asked_for_once_and_can_be_stopped(desk: Desk) -> None:
    source = desk.add()
    first = desk.browser.post(f"/sources/{source.id}/run")
    (run,) = desk.runs()
    assert first.location == f"/sources/runs/{run.id}"
    second = desk.browser.post(f"/sources/{source.id}/run")
    assert second.status_code == 409
    live = desk.browser.get(first.location).text
    assert 'hx-trigger="every 1s"' in live
    desk.browser.post(f"/sources/runs/{run.id}/stop")
    assert desk.runs()[0].state == RunState.STOPPED
    assert 'hx-trigger="every 1s"' not in desk.browser.get(first.location).text
    assert desk.browser.post(f"/sources/runs/{run.id}/stop").status_code == 409


def test_htmx_gets_only_what_moves(desk: Desk) -> None:
    run = desk.run(desk.add(), state=RunState.RUNNING, ended_at=None, pages=3, posts=41)
    part = desk.browser.get(f"/sources/runs/{run.id}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'id="run-live"' in part
    assert "41" in part


def test_the_list_is_narrowed_by_its_address(desk: Desk) -> None:
    desk.add()
    desk.add(name="Trang tin", kind="rss", address="https://tin.example/rss", preset="")
    everything = desk.browser.get("/sources").text
    assert "Diễn đàn việc làm" in everything
    assert "Trang tin" in everything
    assert "Diễn đàn việc làm" not in desk.browser.get("/sources?kind=rss").text
    assert "Trang tin" not in desk.browser.get("/sources?q=diễn ĐÀN").text
    assert "Trang tin" in desk.browser.get("/sources?q=tin.example").text


def test_a_source_that_sees_nothing_three_times_fell_silent(desk: Desk) -> None:
    source = desk.add()
    desk.run(source, posts=12)
    for _ in range(2):
        desk.run(source)
    assert "Im lặng bất thường" not in desk.browser.get(f"/sources/{source.id}").text
    desk.run(source)
    assert "Im lặng bất thường" in desk.browser.get(f"/sources/{source.id}").text
    assert source.name in desk.browser.get("/").text


def test_another_units_source_is_not_there(desk: Desk) -> None:
    office = desk.office
    here, there = office.people.unit("Phòng Một"), office.people.unit("Phòng Hai")
    source = desk.add()
    with office.wiring.database.writing() as session:
        session.get_one(Source, source.id).unit_id = here.id
    run = desk.run(desk.source(source.id))
    stranger = office.logged_in(of_unit(office, there, Role.ADMINISTRATOR))
    assert source.name not in stranger.get("/sources").text
    for path in (
        f"/sources/{source.id}",
        f"/sources/{source.id}/edit",
        f"/sources/runs/{run.id}",
        f"/sources/runs/{run.id}/errors.csv",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (
        f"/sources/{source.id}/edit",
        f"/sources/{source.id}/active",
        f"/sources/{source.id}/run",
        f"/sources/runs/{run.id}/stop",
    ):
        assert stranger.post(path, desk.given()).status_code == 404, path
    neighbour = office.logged_in(of_unit(office, here, Role.INSPECTOR))
    assert neighbour.get(f"/sources/{source.id}").status_code == 200


def test_errors_come_as_a_table_that_no_spreadsheet_runs(desk: Desk) -> None:
    run = desk.run(desk.add())
    at = desk.office.wiring.clock.now()
    saved = desk.office.wiring.files.put(b"<script>alert(1)</script>")
    stray = desk.office.wiring.files.put(b"evidence of another case")
    with desk.office.wiring.database.writing() as session:
        session.add(
            RunError(
                run_id=run.id, at=at, url="=1+1", step="feed", reason="empty_page", saved_page=saved
            )
        )
    table = desk.browser.get(f"/sources/runs/{run.id}/errors.csv")
    assert table.mimetype == "text/csv"
    text = table.data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "Trang trống." in text
    page = desk.browser.get(f"/sources/runs/{run.id}/pages/{saved}")
    assert page.data == b"<script>alert(1)</script>"
    assert page.mimetype == "application/octet-stream"
    assert "attachment" in page.headers["Content-Disposition"]
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert desk.browser.get(f"/sources/runs/{run.id}/pages/{stray}").status_code == 404
    inspector = desk.office.logged_in(Role.INSPECTOR)
    assert inspector.get(f"/sources/runs/{run.id}/pages/{saved}").status_code == 403


LIST = """<html><body>{}</body></html>""".format(
    "".join(
        f'<article class="p"><a class="u" href="/bai/{number}">x</a><b>Chị {number}</b>'
        f"<p>Việc nhẹ lương cao sang Campuchia, bao ăn ở, số {number}</p></article>"
        for number in range(8)
    )
)
SELECTORS = {
    "preset": "",
    "mode": "list",
    "timezone": "Asia/Ho_Chi_Minh",
    "list_item": "article.p",
    "list_link": "a.u::attr(href)",
    "list_text": "p",
    "list_author": "b",
}


@pytest.mark.net
def test_a_source_is_tried_before_it_is_saved(
    tmp_path: Path, sqlite_database: Database, clock: MovableClock
) -> None:
    local = (ip_network("127.0.0.0/8"),)
    settings = Settings(data_dir=tmp_path / "w", secret_key="k" * 40, private_networks=local)
    office = open_office(settings, sqlite_database, clock)
    desk = Desk(office, office.logged_in(Role.ADMINISTRATOR))
    with serving({"/viec": lambda _asked: Answer(LIST)}) as site:
        typed = desk.given(**SELECTORS, address=f"{site.address}/viec", purpose="")
        answer = desk.browser.post("/sources/try", typed)
        assert answer.status_code == 200
        assert answer.text.count("Việc nhẹ lương cao sang Campuchia") == 5
        assert "Chị 0" in answer.text
        assert re.search(r"risk-(low|medium|high|critical)", answer.text)
        assert 'value="article.p"' in answer.text
        wrong = desk.browser.post("/sources/try", {**typed, "list_item": "li.khong-co"})
        assert "bộ chọn li.khong-co không khớp gì" in wrong.text
        site.pages["/robots.txt"] = lambda _asked: Answer(
            "User-agent: *\nDisallow: /viec", content_type="text/plain"
        )
        assert "robots.txt yêu cầu không thu thập" in desk.browser.post("/sources/try", typed).text
    gone = desk.browser.post("/sources/try", typed)
    assert "Không kết nối được" in gone.text
    with office.wiring.database.reading() as session:
        assert session.scalars(select(Source)).all() == []


@pytest.mark.net
def test_a_trial_is_refused_private_addresses(desk: Desk) -> None:
    with serving({"/": lambda _asked: Answer(LIST)}) as site:
        typed = desk.given(**SELECTORS, address=f"{site.address}/")
        assert "nằm trong mạng nội bộ" in desk.browser.post("/sources/try", typed).text
        assert site.visits == []
    assert desk.browser.post("/sources/try", {**typed, "address": "x"}).status_code == 422


def test_what_a_source_says_of_itself_is_text(desk: Desk) -> None:
    source = desk.add(name="<b>Nguồn</b>", purpose="<script>alert(1)</script> " + PURPOSE)
    for path in ("/sources", f"/sources/{source.id}", f"/sources/{source.id}/edit"):
        page = desk.browser.get(path).text
        assert "<script>alert(1)" not in page
        assert "<b>Nguồn" not in page
