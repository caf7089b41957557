"""Tips of citizens: taken without an account, with proof of receipt; in the queue, their sender kept apart."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.evidence import custody
from casework.evidence.capturing import take_flagged
from casework.evidence.models import EvidenceItem
from casework.evidence.service import take_captures
from casework.takedowns.captures import evidence_before
from casework.tips import service
from casework.tips.models import Tip
from casework.tips.retention import forget
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.people import Role
from foundation.settings import Settings
from search.models import Observation, PostRow, PostVersion, Wish, WorkState
from tests.support.office import Browser, Office, open_office, password_hash

TEXT = "Có người nhắn rủ em gái tôi qua biên giới làm, bảo giữ kín với gia đình"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(replace(settings, intake=True), sqlite_database, clock)


@pytest.fixture
def citizen(office: Office) -> Browser:
    browser = Browser(office.app)
    browser.get("/bao-tin")
    return browser


def sit(office: Office, role: Role = Role.INSPECTOR) -> Browser:
    return office.logged_in(office.people(role, language="en", password=password_hash()))


def tips(office: Office) -> list[Tip]:
    with office.wiring.database.reading() as session:
        return list(session.scalars(select(Tip).order_by(Tip.id)).unique())


def test_a_tip_is_received_with_a_code_and_stands_in_the_queue(
    office: Office, citizen: Browser
) -> None:
    sent = citizen.post(
        "/bao-tin",
        {
            "text": TEXT,
            "where": "nhóm Zalo",
            "contact": "chị Bưởi, 0900 000 456",
            "screenshot": (io.BytesIO(PNG), "anh.png"),
        },
    )
    assert sent.status_code == 303
    (tip,) = tips(office)
    receipt = citizen.get(sent.location).text
    assert f"{tip.code[:5]}-{tip.code[5:]}" in receipt
    assert tip.digest in receipt
    # Whoever finds the address of a receipt reads neither the tip nor its sender.
    assert TEXT not in receipt
    assert "Bưởi" not in receipt
    with office.wiring.database.reading() as session:
        post = session.get_one(PostRow, tip.post_id)
        picture = session.scalars(select(Observation)).one()
    assert (post.text, post.origin, post.state) == (TEXT, "citizen", "new")
    assert picture.capture["files"][0]["digest"] == tip.screenshot
    officer = sit(office)
    assert "sent by a citizen" in officer.get(f"/posts/{post.id}").text


def test_the_picture_of_a_tip_is_brought_by_a_citizen_and_proves_nothing(
    office: Office, citizen: Browser
) -> None:
    url = "https://mxh.example/p/gia-mao"
    citizen.post(
        "/bao-tin",
        {"text": TEXT, "url": url, "where": "nhóm Zalo", "screenshot": (io.BytesIO(PNG), "a.png")},
    )
    (tip,) = tips(office)
    database, clock = office.wiring.database, office.wiring.clock
    assert take_captures(database, clock) == 1
    officer = sit(office)
    assert officer.post(f"/queue/{tip.post_id}/keep", {}).status_code in {200, 303}
    assert take_flagged(database, clock, wanted=True) == 1, "the page itself is still captured"
    with database.reading() as session:
        item = session.scalars(select(EvidenceItem)).one()
        assert (item.origin, item.availability, item.note) == ("citizen", "", "nhóm Zalo")
        (first,) = custody.chain(session, item)
        assert (first.act, first.detail) == ("brought", "citizen: nhóm Zalo")
        assert evidence_before(session, session.get_one(PostRow, tip.post_id)) is None
        assert session.scalars(select(Wish)).one().url == url
    page = officer.get(f"/evidence/{item.id}").text
    assert "captured by the crawler" not in page
    assert "brought by a citizen" in page
    assert "nobody of the office looked" in officer.get(f"/posts/{tip.post_id}").text
    assert "sent by a citizen" in officer.get("/evidence/?origin=citizen").text


def test_an_officer_finds_it_by_its_code_and_the_sender_only_with_a_reason(
    office: Office, citizen: Browser
) -> None:
    citizen.post("/bao-tin", {"text": TEXT, "contact": "chị Bưởi, 0900 000 456"})
    (tip,) = tips(office)
    officer = sit(office)
    said = f" {tip.code[:5].lower()}-{tip.code[5:].lower()} "
    page = officer.get("/tips", query_string={"code": said}).text
    assert "left a contact" in page
    assert "0900 000 456" not in page
    assert "No tip has this code" in officer.get("/tips?code=AAAAABBBBB").text
    assert officer.post(f"/tips/{tip.id}/contact", {"reason": "xem"}).status_code == 422
    told = officer.post(f"/tips/{tip.id}/contact", {"reason": "Gọi lại để xác minh nơi hẹn"}).text
    assert "0900 000 456" in told
    assert "0900 000 456" not in officer.get("/tips").text
    with office.wiring.database.reading() as session:
        events = set(session.scalars(select(AuditEvent.action)))
    assert {"tip:receive", "tip:contact"} <= events


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": "ngắn"}, "text-error"),
        ({"text": TEXT, "url": "javascript:alert(1)"}, "url-error"),
        ({"text": TEXT, "screenshot": (io.BytesIO(b"<svg>"), "a.svg")}, "screenshot-error"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    office: Office, citizen: Browser, given: dict[str, object], told: str
) -> None:
    answer = citizen.post("/bao-tin", given)
    assert answer.status_code == 422
    assert told in answer.text
    assert str(given["text"]) in answer.text
    assert tips(office) == []


def test_a_program_that_fills_every_field_is_thanked_and_forgotten(
    office: Office, citizen: Browser
) -> None:
    answer = citizen.post("/bao-tin", {"text": TEXT, "website": "https://spam.example"})
    assert answer.status_code == 200
    assert tips(office) == []


def test_one_address_cannot_flood_the_queue(office: Office, citizen: Browser) -> None:
    answers = []
    for number in range(7):
        citizen.get("/bao-tin")
        answers.append(citizen.post("/bao-tin", {"text": f"{TEXT} {number}"}).status_code)
    assert answers == [303] * 5 + [429] * 2
    assert len(tips(office)) == 5


def test_the_same_tip_sent_twice_is_one_post_with_two_receipts(
    office: Office, citizen: Browser
) -> None:
    for _ in range(2):
        citizen.get("/bao-tin")
        citizen.post("/bao-tin", {"text": TEXT})
    first, second = tips(office)
    assert first.post_id == second.post_id
    assert first.code != second.code


def test_a_tip_is_kept_as_typed_so_that_its_receipt_can_be_checked(
    office: Office, citizen: Browser
) -> None:
    typed = f"  {TEXT}\r\n\r\n\r\nngười   rủ tên Bưởi\u200b "
    given = {"text": typed, "when": "tối hôm kia", "where": "nhóm Zalo", "contact": "0900 000 456"}
    citizen.post("/bao-tin", given)
    (tip,) = tips(office)
    assert (tip.text, tip.when_seen) == (typed, "tối hôm kia")
    assert service.is_intact(tip)
    officer = sit(office)
    page = officer.get("/tips").text
    assert "tối hôm kia" in page
    assert "agrees with the digest of the receipt" in page
    tip.when_seen = "hôm qua"
    assert not service.is_intact(tip)


def test_the_sender_of_a_tip_goes_on_its_day_unless_its_post_is_still_worked_on(
    office: Office, citizen: Browser, clock: MovableClock
) -> None:
    for number in range(3):
        citizen.get("/bao-tin")
        given = {"text": f"{TEXT} {number}", "contact": f"0900 000 45{number}"}
        citizen.post("/bao-tin", {**given, "screenshot": (io.BytesIO(PNG), "a.png")})
    waiting, dismissed, kept = tips(office)
    database = office.wiring.database
    with database.writing() as session:
        session.get_one(PostRow, dismissed.post_id).state = WorkState.DISMISSED
        session.get_one(PostRow, kept.post_id).state = WorkState.KEPT
    clock.move(timedelta(days=office.wiring.settings.retention_days - 1))
    assert forget(database, clock) == 0
    clock.move(timedelta(days=2))
    assert forget(database, clock) == 1
    assert forget(database, clock) == 0
    waiting, gone, kept = tips(office)
    assert (gone.contact, gone.text, gone.screenshot) == ("", None, "")
    assert gone.digest == dismissed.digest
    assert (waiting.contact, kept.contact) == ("0900 000 450", "0900 000 452")
    assert service.is_intact(gone) is None
    receipt = citizen.get(f"/bao-tin/{gone.code}").text
    assert gone.digest in receipt
    assert "đã xóa khi hết thời hạn lưu giữ" in receipt


def test_a_tip_whose_post_is_gone_is_not_shown_to_other_units(
    office: Office, citizen: Browser
) -> None:
    citizen.post("/bao-tin", {"text": TEXT, "contact": "0900 000 456"})
    (tip,) = tips(office)
    theirs = office.people.unit("Phòng Hai")
    with office.wiring.database.writing() as session:
        session.get_one(PostRow, tip.post_id).unit_id = theirs.id
    units = (None, office.people.unit("Phòng Một"), theirs)
    actors = [office.people.actor(Role.INSPECTOR, unit=unit) for unit in units]

    def seen() -> list[bool]:
        with office.wiring.database.reading() as session:
            return [bool(service.listed(session, actor, tip.code)) for actor in actors]

    assert seen() == [True, False, True]
    with office.wiring.database.writing() as session:
        session.delete(session.get_one(PostRow, tip.post_id))
    assert seen() == [True, False, False]
    with office.wiring.database.reading() as session, pytest.raises(NotFound):
        service.get_tip(session, actors[1], tip.id)


def test_an_address_alone_is_enough(office: Office, citizen: Browser) -> None:
    url = "https://mxh.example/p/chi-co-dia-chi"
    assert citizen.post("/bao-tin", {"text": " ", "url": url}).status_code == 303
    (tip,) = tips(office)
    with office.wiring.database.reading() as session:
        post = session.get_one(PostRow, tip.post_id)
        assert (post.url, post.text, post.origin) == (url, url, "citizen")


def test_the_sender_of_an_old_tip_can_still_be_asked_back(
    office: Office, citizen: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.tips.service.PAGE", 1)
    for number in range(2):
        citizen.get("/bao-tin")
        citizen.post("/bao-tin", {"text": f"{TEXT} {number}", "contact": f"0900 000 45{number}"})
    old = tips(office)[0]
    officer = sit(office)
    page = officer.post(f"/tips/{old.id}/contact", {"reason": "Gọi lại để xác minh nơi hẹn"})
    assert "0900 000 450" in page.text
    reason = {"reason": "Không có tin nào như vậy"}
    assert officer.post("/tips/999/contact", reason).status_code == 404


def test_a_tip_about_a_known_address_never_rewrites_what_was_told_before(
    office: Office, citizen: Browser
) -> None:
    url = "https://mxh.example/p/cung-mot-bai"
    other = "Bài này bình thường thôi, không có gì, gọi 0900 000 789"
    citizen.post("/bao-tin", {"text": f"{TEXT}, gọi 0900 000 456", "url": url})
    for _ in range(2):
        citizen.get("/bao-tin")
        picture = (io.BytesIO(PNG), "a.png")
        citizen.post("/bao-tin", {"text": other, "url": f"{url}?fbclid=x", "screenshot": picture})
    first, second, third = tips(office)
    assert first.post_id != second.post_id == third.post_id
    with office.wiring.database.reading() as session:
        before = session.get_one(PostRow, first.post_id)
        after = session.get_one(PostRow, second.post_id)
        assert (before.url, before.text) == (url, f"{TEXT}, gọi 0900 000 456")
        assert {each.value for each in before.contacts} == {"+84900000456"}
        assert (after.text, after.links, after.state) == (other, [url], "new")
        seen = session.scalars(select(Observation)).all()
        assert {(one.url, one.post_id) for one in seen} == {(url, after.id)}
        assert session.scalars(select(PostVersion)).all() == []


def test_where_the_office_takes_no_tips_there_is_no_form(
    settings: Settings, sqlite_database: Database, clock: MovableClock
) -> None:
    closed = Browser(open_office(settings, sqlite_database, clock).app)
    assert closed.get("/bao-tin").status_code == 404
    assert closed.post("/bao-tin", {"text": TEXT}).status_code in {400, 404}


def test_an_unknown_code_shows_nothing(citizen: Browser) -> None:
    assert citizen.get("/bao-tin/AAAAA-BBBBB").status_code == 404


@pytest.mark.parametrize("role", [Role.REPORT_WRITER, Role.ADMINISTRATOR])
def test_others_do_not_see_tips(office: Office, role: Role) -> None:
    assert sit(office, role).get("/tips").status_code == 403


def test_the_form_is_in_both_languages_and_asks_for_nothing_that_is_not_optional(
    citizen: Browser,
) -> None:
    vietnamese = citizen.get("/bao-tin").text
    assert "Báo tin" in vietnamese
    english = citizen.get("/bao-tin", headers={"Accept-Language": "en"}).text
    assert re.search(r"<form[^>]+/bao-tin", english)
