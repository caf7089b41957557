"""The page of the audit log: what it finds, what it links to, and that it says when the log was touched."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from foundation import audit
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.people import SYSTEM, Role
from tests.support.office import Browser, Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def reader(office: Office) -> Browser:
    return office.logged_in(Role.APPROVER)


def record(office: Office, action: str, subject: int | str, **detail: object) -> None:
    with office.wiring.database.writing() as session:
        audit.record(session, SYSTEM, action, subject, at=office.wiring.clock.now(), **detail)


def seal(office: Office) -> None:
    with office.wiring.database.writing() as session:
        audit.seal(session)
    with office.wiring.database.reading() as session:
        audit.anchor(session, office.wiring.audit_anchor, at=office.wiring.clock.now())


def subjects(page: str) -> list[str]:
    """The posts that a page names, in its order."""
    return [part.split("<")[0] for part in page.split("bài đăng ")[1:] if part[0].isdigit()]


def test_the_newest_events_come_first_with_words_and_links(office: Office, reader: Browser) -> None:
    approver = office.known[Role.APPROVER]
    record(office, "post:keep", 5, reason="lure")
    page = reader.get("/audit").text
    assert page.index("Gắn cờ bài đăng</td>") < page.index("Đăng nhập</td>")
    assert f'<a href="/people/{approver.id}" data-open>tài khoản {approver.id}</a>' in page
    assert "hệ thống" in page
    assert "lý do: lure" in page
    assert "cách thức: mật khẩu" in page
    assert "chưa niêm phong" in page


def test_states_and_digests_are_shown_as_pages_show_them(office: Office, reader: Browser) -> None:
    record(office, "case:document", 3, digest="ab" * 32)
    record(office, "sanction:decide", 4, state="decided")
    page = reader.get("/audit").text
    assert "mã băm: abababababab…" in page
    assert "trạng thái: Đã ra quyết định" in page
    record(office, "takedown:item", 5, state="gone_once", was="online", reason="")
    page = reader.get("/audit").text
    assert "trạng thái: Không còn thấy, lần một · trước đó: Còn hiển thị" in page
    assert "lý do:" not in page


def test_every_filter_stands_in_the_address(
    office: Office, reader: Browser, clock: MovableClock
) -> None:
    approver = office.known[Role.APPROVER]
    record(office, "post:keep", 1)
    clock.move(timedelta(days=2))
    record(office, "post:dismiss", 2)
    assert subjects(reader.get("/audit").text) == ["2", "1"]
    assert subjects(reader.get("/audit?action=post:keep").text) == ["1"]
    assert subjects(reader.get("/audit?subject=post").text) == ["2", "1"]
    assert subjects(reader.get("/audit?subject=post:2").text) == ["2"]
    assert subjects(reader.get("/audit?person=system").text) == ["2", "1"]
    assert subjects(reader.get(f"/audit?person={approver.id}").text) == []
    assert subjects(reader.get("/audit?since=2026-11-25").text) == ["2"]
    assert subjects(reader.get("/audit?until=24/11/2026").text) == ["1"]
    assert "Không có sự kiện nào khớp bộ lọc" in reader.get("/audit?subject=case:99").text


def test_a_day_is_the_offices_day(office: Office, reader: Browser, clock: MovableClock) -> None:
    """23:30 UTC on the 23rd is 06:30 on the 24th in the office."""
    clock.move(timedelta(hours=21, minutes=30))
    record(office, "post:keep", 1)
    assert subjects(reader.get("/audit?since=2026-11-24&until=2026-11-24").text) == ["1"]
    assert subjects(reader.get("/audit?until=2026-11-23").text) == []


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99999999999", "size=zwei", "since=hôm+qua", "person=%00x"]
)
def test_nonsense_in_the_address_is_no_error(office: Office, reader: Browser, query: str) -> None:
    assert reader.get(f"/audit?{query}").status_code == 200


def test_the_log_comes_page_by_page(office: Office, reader: Browser) -> None:
    for number in range(30):
        record(office, "post:keep", number)
    first = subjects(reader.get("/audit?size=25&subject=post").text)
    second = subjects(reader.get("/audit?size=25&subject=post&page=2").text)
    assert first == [str(number) for number in range(29, 4, -1)]
    assert second == [str(number) for number in range(4, -1, -1)]


def test_a_whole_log_is_said_to_be_whole_and_that_is_recorded(
    office: Office, reader: Browser
) -> None:
    record(office, "post:keep", 1)
    seal(office)
    assert reader.post("/audit/verify").location == "/audit"
    page = reader.get("/audit").text
    assert "còn nguyên vẹn: đã kiểm tra 2 sự kiện" in page
    assert "Đã niêm phong đến số 2" in page
    assert "ngoài cơ sở dữ liệu đến số 2" in page
    with office.wiring.database.reading() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.actor_id) == ("audit:verify", office.known[Role.APPROVER].id)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("change", "Sự kiện số 2 đã bị sửa"),
        ("delete", "Thiếu sự kiện số 2"),
        ("cut", "Phần cuối nhật ký đã bị cắt"),
        ("anchors", "Tệp mã băm lưu ngoài cơ sở dữ liệu đã bị hỏng"),
    ],
)
def test_a_log_that_was_touched_is_said_to_be_broken(
    office: Office, reader: Browser, harm: str, said: str
) -> None:
    for number in range(3):
        record(office, "post:keep", number)
    seal(office)
    with office.wiring.database.writing() as session:
        if harm == "change":
            session.execute(
                update(AuditEvent).where(AuditEvent.sequence == 2).values(subject_id="77")
            )
        elif harm == "anchors":
            office.wiring.audit_anchor.write_text("nonsense", encoding="utf-8")
        else:
            gone = AuditEvent.sequence == 2 if harm == "delete" else AuditEvent.sequence > 2
            session.execute(delete(AuditEvent).where(gone))
    reader.post("/audit/verify")
    page = reader.get("/audit").text
    assert "KHÔNG CÒN NGUYÊN VẸN" in page
    assert said in page


def test_other_pages_show_the_events_of_their_thing(office: Office, reader: Browser) -> None:
    for number in range(25):
        record(office, "post:keep", 5, turn=number)
    record(office, "post:dismiss", 6)
    fragment = reader.get("/audit/subject/post/5").text
    assert "<html" not in fragment
    assert fragment.count("timeline-what") == 20
    assert 'href="/audit?subject=post:5"' in fragment
    assert "post:dismiss" not in fragment
    assert "chưa có gì" in reader.get("/audit/subject/post/404").text


def test_a_detail_with_lists_and_tables_within_is_one_line(office: Office, reader: Browser) -> None:
    nested = {"removed": {"posts": 3, "kinds": ["media", "html"]}, "tried": True}
    record(
        office,
        "source:care",
        6,
        what=nested,
        roles=["inspector", {"was": "approver"}],
        far=["x"] * 90,
    )
    page = reader.get("/audit")
    assert page.status_code == 200
    assert "removed: kinds: media, html, posts: 3, tried: có" in page.text
    assert "Công chức kiểm tra, was: Lãnh đạo" in page.text
    assert "x, x, x" in page.text
    assert "…" in page.text
