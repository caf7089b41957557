"""How a source is doing: alerts and their end, budget, hours and canary, the chart of its runs."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.models import Run, RunError, SourceAlert, SourceCare
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import Source
from tests.support.office import Browser, Office, open_office
from webui.views.source_watch import ADVICE, KINDS

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SAVED = "<p>trang đã đổi mẫu</p>".encode()


@dataclass
class Watched:
    """A source with three runs, the last of which met a wall, and the alert of it."""

    office: Office
    source: int
    alert: int
    page: str

    @property
    def url(self) -> str:
        return f"/sources/{self.source}"

    def care(self) -> SourceCare | None:
        with self.office.wiring.database.reading() as session:
            return session.get(SourceCare, self.source)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("watch")
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    database.create_all()
    settings = Settings(data_dir=folder, secret_key="k" * 40)
    yield open_office(settings, database, MovableClock(NOW))
    database.dispose()


@pytest.fixture
def watched(office: Office, request: pytest.FixtureRequest) -> Watched:
    wiring = office.wiring
    page = wiring.files.put(SAVED)
    with wiring.database.writing() as session:
        source = Source(
            name=f"Kênh {request.node.name[:150]}", kind="telegram", address="https://t.me/kenh_thu",
            purpose="Phát hiện tin lừa đảo", legal_basis=["law116-2025.7.2.d"], created_at=NOW,
        )  # fmt: skip
        session.add(source)
        session.flush()
        for number in (1, 2, 3):
            at = NOW - timedelta(hours=4 - number)
            run = Run(
                source_id=source.id, state="done", created_at=at, started_at=at, pages=2,
                ended_at=at + timedelta(seconds=10 * number), posts=30 - 10 * number, kept=2,
            )  # fmt: skip
            session.add(run)
            session.flush()
        error = RunError(
            run_id=run.id, at=NOW, url=source.address, step="list", reason="login_wall",
            detail={"sign": "mẫu đăng nhập"}, saved_page=page,
        )  # fmt: skip
        session.add(error)
        session.flush()
        alert = SourceAlert(
            source_id=source.id, kind="blocked", reason="alert_blocked", step="list", runs=2,
            parser="telegram", run_id=run.id, error_id=error.id, began_at=NOW, last_at=NOW,
            detail={"step": "list", "pages": 2, "why": "login_wall", "sign": "mẫu đăng nhập"},
        )  # fmt: skip
        session.add(alert)
        session.flush()
        return Watched(office, source.id, alert.id, page)


@pytest.fixture(scope="module")
def admin(office: Office) -> Browser:
    return office.logged_in(Role.ADMINISTRATOR)


def test_an_alert_says_what_broke_where_and_what_can_be_done(
    watched: Watched, admin: Browser
) -> None:
    page = admin.get(watched.url).text
    assert "Trang không cho vào ở bước danh sách (2 trang): Trang yêu cầu đăng nhập" in page
    assert "Không tìm cách vượt qua." in page
    assert 'href="/entry/import"' in page
    assert "2 lượt liên tiếp" in page
    link = re.search(r'href="(/sources/runs/\d+/pages/[0-9a-f]{64})"', page)
    assert link is not None
    assert admin.get(link[1]).data == SAVED
    inspector = watched.office.logged_in(Role.INSPECTOR)
    page = inspector.get(watched.url).text
    assert "/entry/new?url=https://t.me/kenh_thu" in page
    assert watched.page not in page, "saved pages are for those who mend sources"
    assert "Kết thúc cảnh báo" not in page


def test_a_person_ends_an_alert_and_says_why(watched: Watched, admin: Browser) -> None:
    name = f"Kênh {'test_a_person_ends_an_alert_and_says_why'}"
    end = f"/sources/alerts/{watched.alert}/end"
    assert name in admin.get("/").text
    admin.get(watched.url)
    assert admin.post(end, {"reason": " "}).status_code in {400, 422}
    assert "Trang chặn thu thập" in admin.get("/").text
    admin.get(watched.url)
    answer = admin.post(end, {"reason": "Đã hỏi chủ kênh: kênh chuyển sang riêng tư"})
    assert answer.headers["Location"] == watched.url
    page = admin.get(watched.url).text
    assert 'id="alerts"' not in page
    past = page.split("Cảnh báo đã qua")[1]
    assert "Đã hỏi chủ kênh: kênh chuyển sang riêng tư" in past
    assert admin.post(end, {"reason": "lần hai"}).status_code == 409
    with watched.office.wiring.database.reading() as session:
        alert = session.get_one(SourceAlert, watched.alert)
        assert alert.ended_at == NOW
        told = select(AuditEvent).where(AuditEvent.action == "source:alert_end")
        assert session.scalars(told).one().detail == {"alert": watched.alert}


def test_only_who_manages_sources_ends_alerts_and_sets_budgets(watched: Watched) -> None:
    inspector = watched.office.logged_in(Role.INSPECTOR)
    inspector.get(watched.url)
    assert (
        inspector.post(f"/sources/alerts/{watched.alert}/end", {"reason": "thử"}).status_code == 403
    )
    assert inspector.post(f"{watched.url}/care", {"canary": "x"}).status_code == 403
    assert watched.care() is None


def test_budget_hours_and_canary_are_set_and_shown(watched: Watched, admin: Browser) -> None:
    admin.get(watched.url)
    given = {
        "day_requests": "500", "day_megabytes": "20", "hour_from": "22", "hour_to": "5",
        "canary": "https://t.me/kenh_thu/7?utm_source=x", "newest": "on",
    }  # fmt: skip
    assert admin.post(f"{watched.url}/care", given).headers["Location"] == watched.url
    care = watched.care()
    assert care is not None
    assert (care.day_requests, care.day_megabytes) == (500, 20)
    assert (care.hour_from, care.hour_to, care.newest) == (22, 5, True)
    page = admin.get(watched.url).text
    for name, value in (*given.items(), ("newest", "on")):
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', page), name
    assert re.search(r'name="newest" value="on" checked', page)
    cleared = {"day_requests": "0", "day_megabytes": "", "hour_from": "", "hour_to": ""}
    admin.post(f"{watched.url}/care", cleared)
    care = watched.care()
    assert care is not None
    assert (care.day_requests, care.hour_from, care.canary, care.newest) == (0, None, "", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day_requests": "nhiều"}, "Cần một số nguyên từ 0 đến 1000000."),
        ({"hour_from": "22"}, "Hãy ghi cả hai giờ, hoặc để trống cả hai."),
        ({"hour_from": "25", "hour_to": "3"}, "Cần một số nguyên từ 0 đến 23."),
        ({"canary": "x" * 2001}, "2000"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost(
    watched: Watched, admin: Browser, given: dict[str, str], said: str
) -> None:
    admin.get(watched.url)
    typed = {"canary": "bài ghim đầu kênh", "day_megabytes": "7", "newest": "on", **given}
    answer = admin.post(f"{watched.url}/care", typed)
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in typed.items():
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', answer.text), name
    assert re.search(r'name="newest" value="on" checked', answer.text)
    field = next(iter(given)) if "hour_from" not in given or "hour_to" in given else "hour_to"
    assert f'href="#{field}"' in answer.text
    assert f'aria-describedby="{field}-error"' in answer.text
    assert watched.care() is None


def test_runs_are_drawn_and_stand_in_a_table_too(watched: Watched, admin: Browser) -> None:
    page = admin.get(watched.url).text
    drawn = re.search(r'data-chart="([^"]+)"', page)
    assert drawn is not None
    chart: dict[str, Any] = json.loads(html.unescape(drawn[1]))
    assert chart["xAxis"]["data"] == ["23/11 07:00", "23/11 08:00", "23/11 09:00"]
    figures = {one["name"]: one["data"] for one in chart["series"]}
    assert figures == {
        "Bài thấy": [20, 10, 0],
        "Giữ lại": [2, 2, 2],
        "Lỗi": [0, 0, 0],
        "Số giây (trục phải)": [10.0, 20.0, 30.0],
    }
    table = page.split("Xem dạng bảng")[1].split("</table>")[0]
    assert [row.count("<td") for row in table.split("<tr>")[2:]] == [5, 5, 5]


@pytest.mark.parametrize("guide", ["docs/user/nguon.md", "docs/user/en/nguon.md"])
def test_every_kind_of_alert_says_what_to_do_and_stands_in_the_guide(guide: str) -> None:
    assert set(ADVICE) == set(KINDS)
    text = (Path(__file__).parents[2] / guide).read_text("utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in text] == []
