"""The second opinion as pages and commands show it: what it needs, the switch, the words on a post, the alert."""

import pytest
from click.testing import CliRunner

from casework.triage.verdicts import changes
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.learning import opinion
from search.learning.counting import count
from search.learning.models import OpinionModel, OpinionState
from tests.support.decided import Made, make
from tests.support.lessons import habit
from tests.support.office import Office, open_office
from webui.commands import rules_learning

PAGE = "/rules/learning/opinion"


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


def taught(office: Office, number: int = 260, *, noise: float = 0.05) -> None:
    database, clock = office.wiring.database, office.wiring.clock
    make(database, clock, list(habit(clock, number, noise=noise)))
    count(database, clock, changes)


def test_it_says_what_is_missing_and_offers_no_training(office: Office) -> None:
    taught(office, 30)
    page = office.logged_in(Role.ADMINISTRATOR).get(PAGE).text
    assert "Chưa đủ quyết định" in page
    assert "còn thiếu 164 quyết định (đã có 36)" in page
    assert "Cho học ngay" not in page


def test_it_is_trained_switched_on_and_off_by_an_administrator_only(office: Office) -> None:
    taught(office)
    writer, admin = office.logged_in(Role.INSPECTOR), office.logged_in(Role.ADMINISTRATOR)
    assert "Chưa học lần nào" in writer.get(PAGE).text
    assert writer.post(f"{PAGE}/train").status_code == 303
    page = writer.get(PAGE).text
    assert "Đã đo, chưa dùng" in page
    assert "Người quản trị mới bật được" in page
    assert writer.post(f"{PAGE}/1", {"act": "on"}).status_code == 403
    admin.get(PAGE)
    assert admin.post(f"{PAGE}/1", {"act": "on"}).status_code == 303
    assert "Đang bật: bản 1" in admin.get(PAGE).text
    assert "bắt đầu sắp xếp hàng đợi" not in admin.get(PAGE).text, "said once"
    admin.post(f"{PAGE}/1", {"act": "off"})
    assert "Đang tắt" in admin.get(PAGE).text


def test_a_version_that_does_not_beat_the_rules_cannot_be_switched_on(office: Office) -> None:
    taught(office, noise=0.5)
    admin = office.logged_in(Role.ADMINISTRATOR)
    admin.get(PAGE)
    admin.post(f"{PAGE}/train")
    page = admin.get(PAGE).text
    assert 'disabled title="Chưa hơn quy tắc."' in page
    answer = admin.post(f"{PAGE}/1", {"act": "on"})
    assert answer.status_code == 409
    assert "đã hơn quy tắc" in answer.text


def test_a_post_says_the_strongest_words_while_it_is_on_and_nothing_while_it_is_off(
    office: Office,
) -> None:
    taught(office)
    (post,) = make(
        office.wiring.database,
        office.wiring.clock,
        [Made((), text="có người đón tại bến <b>ngay</b>")],
    )
    admin = office.logged_in(Role.ADMINISTRATOR)
    assert "Ý kiến thứ hai" not in admin.get(f"/posts/{post}").text
    admin.get(PAGE)
    admin.post(f"{PAGE}/train")
    admin.post(f"{PAGE}/1", {"act": "on"})
    page = office.logged_in(Role.INSPECTOR).get(f"/posts/{post}").text
    part = page[page.index("opinion-title") :]
    part = part[: part.index("</section>")]
    assert "“" in part
    assert any(word in part for word in ("đón", "bến", "người"))
    assert "<b>" not in part


def test_who_switches_it_is_told_when_it_fell_until_it_was_seen(office: Office) -> None:
    taught(office)
    admin = office.logged_in(Role.ADMINISTRATOR)
    admin.get(PAGE)
    admin.post(f"{PAGE}/train")
    admin.post(f"{PAGE}/1", {"act": "on"})
    with office.wiring.database.writing() as session:
        row = session.get_one(OpinionModel, 1)
        opinion.fall(session, row, at=office.wiring.clock.now())
    assert "Ý kiến thứ hai đã tự tắt" in admin.get("/").text
    assert "Ý kiến thứ hai đã tự tắt" not in office.logged_in(Role.INSPECTOR).get("/").text
    admin.get(PAGE)
    admin.post(f"{PAGE}/1", {"act": "off"})
    assert "Ý kiến thứ hai đã tự tắt" not in admin.get("/").text
    with office.wiring.database.reading() as session:
        assert session.get_one(OpinionModel, 1).state == OpinionState.OFF


def test_the_command_trains_and_says_how_good_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_learning, "needed_wiring", lambda: office.wiring)
    monkeypatch.setattr(office.wiring, "close", lambda: None)
    few = CliRunner().invoke(rules_learning.rules_train, [])
    assert few.exit_code == 1
    assert "missing: 200 decisions, 50 kept, 50 dismissed" in few.output
    taught(office)
    told = CliRunner().invoke(rules_learning.rules_train, [])
    assert told.exit_code == 0, told.output
    assert "version 1:" in told.output
    assert "it beats the rules" in told.output
