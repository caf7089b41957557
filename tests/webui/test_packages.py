"""Pages of evidence: the list, the check of everything, packages from the case to the handover; the command."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from casework.cases.models import Case
from casework.evidence import checker, checking, custody, packages, page, page_words, service
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import EvidenceCheck, EvidencePackage
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.people import Role
from foundation.settings import Settings
from tests.casework.package_desk import OFFICE, Desk
from tests.support.office import Browser, Office, open_office, password_hash
from webui.cli import cli
from webui.views import case_words, evidence_words


@dataclass
class Room:
    """An office with a case that has evidence, and an inspector who is logged in."""

    office: Office
    desk: Desk
    browser: Browser

    def sit(self, role: Role) -> Browser:
        people = self.office.people
        return self.office.logged_in(people(role, language="en", password=password_hash()))

    def work(self) -> None:
        packages.work(self.desk.database, self.desk.files, self.desk.clock, OFFICE)

    def packages(self) -> list[EvidencePackage]:
        with self.desk.database.reading() as session:
            return list(session.scalars(select(EvidencePackage).order_by(EvidencePackage.id)))

    def actions(self) -> set[str]:
        with self.desk.database.reading() as session:
            return set(session.scalars(select(AuditEvent.action)))


@pytest.fixture
def room(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Room:
    office = open_office(settings, sqlite_database, clock)
    files = office.wiring.files
    assert isinstance(files, FolderStore)
    desk = Desk(sqlite_database, files, clock, office.people)
    reader = office.people(Role.INSPECTOR, language="en", password=password_hash())
    return Room(office, desk, office.logged_in(reader))


def ask(room: Room, browser: Browser, **given: str) -> str:
    """Ask for a package from the case page; returns where it led."""
    case = f"/cases/{room.desk.case_id}"
    assert "Make an evidence package" in browser.get(case).text
    answer = browser.post(f"/packages/case/{room.desk.case_id}", {"recipient": "PA05", **given})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_package_goes_from_the_case_to_the_handover(room: Room) -> None:
    browser = room.browser
    place = ask(room, browser, purpose="Khởi tố")
    making = browser.get(place).text
    assert "You can leave this page" in making
    assert "hx-get" in making
    room.work()
    done = browser.get(place).text
    (package,) = room.packages()
    assert package.root in done
    assert "ready" in browser.get(f"/cases/{room.desk.case_id}").text
    answer = browser.post(f"{place}/download")
    assert answer.headers["Content-Type"] == "application/zip"
    assert f"goi-chung-cu-{room.desk.case_id}-1.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "MUC-LUC.html" in archive.namelist()
    browser.get(place)
    browser.post(f"{place}/hand-over", {"to": "Đội 3, PA05", "note": "BB 12"})
    assert "Đội 3, PA05" in browser.get(place).text
    assert "handed over" in browser.get(f"/cases/{room.desk.case_id}").text
    expected = {"evidence:package", "evidence:packed", "evidence:download", "evidence:hand_over"}
    assert expected <= room.actions()


def test_progress_is_a_fragment_that_says_when_it_is_done(room: Room) -> None:
    place = ask(room, room.browser)
    htmx = {"HX-Request": "true"}
    part = room.browser.get(place, headers=htmx).text
    assert "<html" not in part
    assert 'value="0"' in part
    room.work()
    assert "The package is ready." in room.browser.get(place, headers=htmx).text


def test_showing_victims_needs_a_reason(room: Room) -> None:
    place = ask(room, room.browser, unmasked="1", reason="")
    assert place.endswith("#packages")
    assert "why the recipient may see victims" in room.browser.get(place).text
    assert room.packages() == []
    ask(room, room.browser, unmasked="1", reason="Cơ quan điều tra yêu cầu bằng văn bản")
    assert room.packages()[0].unmasked is True


@pytest.mark.parametrize("role", [Role.REPORT_WRITER, Role.ADMINISTRATOR])
def test_others_may_neither_make_nor_see_a_package(room: Room, role: Role) -> None:
    place = ask(room, room.browser)
    outsider = room.sit(role)
    assert outsider.get(place).status_code == 403
    assert outsider.post(f"/packages/case/{room.desk.case_id}").status_code == 403
    assert outsider.post(f"{place}/download").status_code == 403


def test_a_package_that_failed_says_why(room: Room) -> None:
    with room.desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem)).first()
        assert item is not None
    next(room.desk.files.folder.glob(f"*/*/{item.files[0]['digest']}")).unlink()
    place = ask(room, room.browser)
    room.work()
    shown = room.browser.get(place).text
    assert "could not be made" in shown
    assert "Download" not in shown


def test_the_list_finds_evidence_by_word_digest_and_day(room: Room) -> None:
    browser = room.browser
    with room.desk.database.reading() as session:
        items = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).all()
    whole = browser.get("/evidence/").text
    assert "3 items" in whole
    assert all(f"/evidence/{item.id}" in whole for item in items)
    found = browser.get(f"/evidence/?q={items[1].manifest_digest[:16]}").text
    assert (f"/evidence/{items[1].id}" in found, f"/evidence/{items[0].id}" in found) == (
        True,
        False,
    )
    assert "No evidence matches" in browser.get("/evidence/?q=không+có+đâu").text
    assert "dd/mm/yyyy" in browser.get("/evidence/?since=hôm+qua").text
    assert "3 items" in browser.get("/evidence/?since=01/01/2020&origin=crawler").text
    assert "No evidence matches" in browser.get("/evidence/?until=01/01/2020").text


def test_pages_of_the_list_do_not_overlap(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.evidence.listing.listed.__kwdefaults__", {"after": "", "page": 2})
    first = room.browser.get("/evidence/").text
    following = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert following is not None
    second = room.browser.get(following[1].replace("&amp;", "&")).text
    seen = [set(re.findall(r'href="/evidence/(\d+)"', page)) for page in (first, second)]
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (2, 1, set())


def test_everything_is_checked_and_what_changed_is_named(room: Room) -> None:
    browser = room.browser
    browser.get("/evidence/")
    browser.post("/evidence/check-all")
    assert "0 of 3" in browser.get("/evidence/check-all", headers={"HX-Request": "true"}).text
    checking.work(room.desk.database, room.desk.files, room.desk.clock)
    assert "all unchanged" in browser.get("/evidence/").text
    with room.desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem)).first()
        assert item is not None
    next(room.desk.files.folder.glob(f"*/*/{item.files[1]['digest']}")).write_bytes(b"x")
    browser.post("/evidence/check-all")
    checking.work(room.desk.database, room.desk.files, room.desk.clock)
    shown = browser.get("/evidence/").text
    assert "1 item is not what it was" in shown
    assert "was changed" in shown
    with room.desk.database.reading() as session:
        done = session.scalars(select(EvidenceCheck).order_by(EvidenceCheck.id.desc())).first()
    assert done is not None
    assert (done.checked, done.files, done.broken) == (3, 9, 1)


def test_a_check_goes_on_where_it_was_interrupted(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SLICE", 1)
    with room.desk.database.writing() as session:
        row = checking.ask_check(session, room.desk.inspector, at=room.desk.clock.now())
        items = session.scalars(select(EvidenceItem.id).order_by(EvidenceItem.id)).all()
        row.checked, row.after_id = 1, items[0]
    assert checking.work(room.desk.database, room.desk.files, room.desk.clock) == 2
    with room.desk.database.reading() as session:
        assert checking.running(session) is None


def test_an_item_can_be_marked_as_showing_a_victim(room: Room) -> None:
    with room.desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem)).first()
        assert item is not None
    room.browser.get(f"/evidence/{item.id}")
    room.browser.post(f"/packages/item/{item.id}/victim", {"shows": "1"})
    assert "shows a victim" in room.browser.get("/evidence/").text
    room.browser.post(f"/packages/item/{item.id}/victim", {"reason": "Đánh dấu nhầm"})
    assert "shows a victim" not in room.browser.get("/evidence/").text


@pytest.fixture
def command(room: Room, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr("webui.commands.evidence.opened", lambda _name: room.office.wiring)
    return CliRunner()


def test_the_command_exports_and_verifies(room: Room, command: CliRunner, tmp_path: Path) -> None:
    target = tmp_path / "goi.zip"
    done = command.invoke(cli, ["evidence", "export", str(room.desk.case_id), "--out", str(target)])
    assert done.exit_code == 0, done.output
    root = checker.check(target).root
    assert f"digest of the package: {root}" in done.output
    assert "1 items without their files" in done.output
    verified = command.invoke(cli, ["evidence", "verify", str(target), "--digest", root])
    assert (verified.exit_code, "WHOLE" in verified.output) == (0, True)
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    assert command.invoke(cli, ["evidence", "verify", str(target)]).exit_code == 1
    assert command.invoke(cli, ["evidence", "check"]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["999999"], "no case"),
        (["{case}", "--unmasked", "--reason", "Cơ quan điều tra yêu cầu"], "--by"),
        (["{case}", "--by", "nobody@example.vn"], "nobody"),
    ],
)
def test_the_command_refuses_in_words(
    room: Room, command: CliRunner, arguments: list[str], why: str
) -> None:
    given = [part.format(case=room.desk.case_id) for part in arguments]
    done = command.invoke(cli, ["evidence", "export", *given])
    assert done.exit_code != 0
    assert why in str(done.exception)


def test_every_act_of_custody_and_every_kind_of_file_has_its_words() -> None:
    assert set(case_words.CUSTODY) == set(custody.ACTS) == set(page.ACTS)
    assert set(page.ROLES) == set(case_words.FILES)


def test_a_case_of_many_captures_shows_the_newest_and_leads_to_the_rest(room: Room) -> None:
    """Its page and the list ask the same number of questions, however many there are."""
    case = f"/cases/{room.desk.case_id}"
    room.browser.get(case)
    with counted(room) as few:
        room.browser.get(case)
        room.browser.get("/evidence/")
    with room.desk.database.writing() as session:
        first = session.get_one(EvidenceItem, 1)
        for number in range(120):
            item = EvidenceItem(
                case_id=first.case_id, url=f"https://dien-dan.example/{number}", origin="crawler",
                captured_at=first.captured_at, files=[], created_at=first.created_at,
            )  # fmt: skip
            service.keep(session, item)
    with counted(room) as many:
        page = room.browser.get(case).text
        room.browser.get("/evidence/")
    assert len(many) == len(few)
    assert page.count("https://dien-dan.example/") == 50
    assert "All evidence of this case: 123 items" in page
    of_case = room.browser.get(f"/evidence/?case={room.desk.case_id}").text
    assert "123 items" in of_case
    assert "Only evidence of the case" in of_case
    assert "No evidence matches" in room.browser.get("/evidence/?case=999").text


def test_an_item_that_was_looked_at_often_shows_the_newest_rows_of_its_custody(room: Room) -> None:
    with room.desk.database.writing() as session:
        item = session.get_one(EvidenceItem, 1)
        for number in range(130):
            custody.add(
                session, item, "hash_checked", room.desk.inspector,
                at=room.desk.clock.now(), detail=f"lần {number}",
            )  # fmt: skip
    page = room.browser.get("/evidence/1").text
    assert "The newest 100 rows; a package has all of them." in page
    assert "lần 129" in page
    assert "lần 5<" not in page
    with room.desk.database.reading() as session:
        before = len(custody.chain(session, session.get_one(EvidenceItem, 1)))
    room.browser.get("/evidence/1")
    with room.desk.database.reading() as session:
        item = session.get_one(EvidenceItem, 1)
        assert len(custody.chain(session, item)) == before, "the same visit is one row"


@contextmanager
def counted(room: Room) -> Iterator[list[str]]:
    """The statements that were sent to the database within."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = room.desk.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_every_note_of_a_capture_has_its_sentence_in_a_package_too() -> None:
    assert page_words.NOTES.keys() == evidence_words.NOTES.keys()
    assert page_words.WALLS.keys() == evidence_words.WALLS.keys()
    assert page_words.BRINGERS.keys() == {str(one) for one in evidence_words.BRINGERS}
    for what, sentence in page_words.NOTES.items():
        wanted = re.findall(r"%\((\w+)\)s", str(evidence_words.NOTES[what]))
        assert re.findall(r"\{(\w+)\}", sentence) == wanted


def test_an_item_is_marked_on_its_page_and_only_a_reason_takes_the_mark_away(room: Room) -> None:
    with room.desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem.id)).first()
    place, mark = f"/evidence/{item}", f"/packages/item/{item}/victim"
    page_shown = room.browser.get(place).text
    assert f'action="{mark}"' in page_shown
    assert "It shows a victim" in page_shown
    room.browser.post(mark, {"shows": "1"})
    marked = room.browser.get(place).text
    assert "This item shows a victim" in marked
    assert f'action="{mark}"' in marked
    assert room.browser.post(mark, {"reason": "nhầm"}).status_code >= 400
    assert "This item shows a victim" in room.browser.get(place).text
    room.browser.post(mark, {"reason": "Đã xem lại: không có người bị hại"})
    assert "This item shows a victim" not in room.browser.get(place).text
    assert {"evidence:mark_victim", "evidence:unmark_victim"} <= room.actions()
    assert mark not in room.sit(Role.APPROVER).get(place).text


def test_whoever_may_not_open_the_case_leaves_no_row_of_custody(room: Room) -> None:
    mine, other = room.office.people.unit("Phòng Một"), room.office.people.unit("Phòng Hai")
    people = room.office.people
    stranger = people(Role.INSPECTOR, language="en", password=password_hash(), unit=other)
    with room.desk.database.writing() as session:
        session.get_one(Case, room.desk.case_id).unit_id = mine.id
        item = session.scalars(select(EvidenceItem)).first()
        assert item is not None
        item.unit_id, before = other.id, len(custody.chain(session, item))
    assert room.office.logged_in(stranger).get(f"/evidence/{item.id}").status_code == 404
    with room.desk.database.reading() as session:
        assert len(custody.chain(session, item)) == before


def test_evidence_follows_its_post_out_of_the_case_and_back(room: Room) -> None:
    with room.desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
        assert item is not None
    link = f"/cases/{room.desk.case_id}/posts/{item.post_id}"

    def stands() -> tuple[int | None, list[str]]:
        with room.desk.database.reading() as session:
            row = session.get_one(EvidenceItem, item.id)
            assert custody.problem(session, row) == ""
            return row.case_id, [one.act for one in custody.chain(session, row)]

    room.browser.post(f"{link}/remove", {"reason": "Nhầm vụ việc"})
    assert stands() == (None, ["captured", "put_to_case", "taken_from_case"])
    assert "Taken out of a case" in room.browser.get(f"/evidence/{item.id}").text
    room.browser.post(f"{link}/put-back")
    assert stands()[0] == room.desk.case_id
    assert stands()[1][-2:] == ["viewed", "put_to_case"]
