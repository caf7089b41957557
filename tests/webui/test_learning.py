"""The pages of learning: what they show, to whom, and how they look without decisions."""

import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from casework.triage.models import Verdict
from casework.triage.verdicts import changes
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.lab.models import RulePackRevision
from search.learning.counting import count
from search.learning.sightings import look
from search.learning.suggesting import look_for_phrases
from search.models import PostRow
from tests.support.decided import Made, make
from tests.support.office import Office, open_office, password_hash
from webui.commands import rules_learning
from webui.views.learning_phrases import around

OFFER = [("common/lure_words", 12), ("border-job/made_up", 9)]


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


def decided(office: Office, kept: int, dismissed: int, rules: list[tuple[str, int]]) -> None:
    """Posts with these rules that were flagged and dismissed, counted."""
    made = [Made(rules, Verdict.KEEP, text=f"k{n}") for n in range(kept)]
    made += [
        Made(rules, Verdict.DISMISS, reason="honest_recruiter", text=f"d{n}")
        for n in range(dismissed)
    ]
    make(office.wiring.database, office.wiring.clock, made)
    count(office.wiring.database, office.wiring.clock, changes)


def live_rule(office: Office) -> str:
    pack = office.wiring.rules.office.packs[-1]
    return f"{pack.id}/{pack.signals[0].id}"


def test_without_decisions_the_page_says_what_is_needed(office: Office) -> None:
    page = office.logged_in(Role.INSPECTOR).get("/rules/learning?lang=en")
    assert page.status_code == 200
    assert "Chưa có gì được tính" in page.text
    assert "mười lượt quyết định" in page.text


def test_a_rule_shows_how_often_officers_agreed_and_why_not(office: Office) -> None:
    rule = live_rule(office)
    decided(office, 15, 5, [(rule, 10)])
    page = office.logged_in(Role.INSPECTOR).get("/rules/learning").text
    assert rule in page
    assert "75 %" in page
    assert "53 % – 89 %" in page, "Wilson's interval of 15 of 20"
    assert "Nơi tuyển dụng" in page or "tuyển dụng" in page
    assert "không đo con người" in page


def test_under_ten_decisions_no_share_is_shown(office: Office) -> None:
    decided(office, 8, 1, [(live_rule(office), 10)])
    page = office.logged_in(Role.INSPECTOR).get("/rules/learning").text
    assert "quá ít: 8 trên 9" in page
    assert "89 %</strong>" not in page


def test_rules_never_met_and_rules_that_only_mislead_stand_apart(office: Office) -> None:
    rule = live_rule(office)
    decided(office, 0, 12, [(rule, 10)])
    look(office.wiring.database, office.wiring.clock, office.wiring.rules.office.packs)
    page = office.logged_in(Role.ADMINISTRATOR).get("/rules/learning").text
    misleading = page[page.index('id="misleading"') :]
    unmet = page[page.index('id="unmet"') :]
    assert rule in misleading[: misleading.index('id="unmet"')]
    assert f">{rule}<" not in unmet, "it was met in the posts above"
    assert unmet.count('class="rule-name"') > 100, "hardly any other rule was met"


def test_the_list_narrows_to_a_pack(office: Office) -> None:
    packs = office.wiring.rules.office.packs
    one, other = packs[-1], packs[-2]
    names = [f"{pack.id}/{pack.signals[0].id}" for pack in (one, other)]
    decided(office, 11, 1, [(name, 10) for name in names])
    page = office.logged_in(Role.INSPECTOR).get(f"/rules/learning?pack={one.id}&sort=share").text
    assert f">{names[0]}</code>" in page
    assert f">{names[1]}</code>" not in page


def test_a_long_list_comes_in_pages(office: Office) -> None:
    packs = office.wiring.rules.office.packs
    names = [f"{pack.id}/{one.id}" for pack in packs for one in pack.signals if one.weight > 0]
    decided(office, 11, 1, [(name, 10) for name in names[:40]])
    browser = office.logged_in(Role.INSPECTOR)
    page = browser.get("/rules/learning").text
    assert len(re.findall(r'<code class="rule-name">[\w-]+/', page)) == 25, "packs have no stroke"
    for odd in ("page=2", "page=99", "page=0&size=25", "size=7&page=x"):
        assert browser.get(f"/rules/learning?{odd}").status_code == 200
    assert "data-row" in browser.get("/rules/learning?page=99").text


@pytest.mark.parametrize("role", [Role.REPORT_WRITER, Role.APPROVER])
def test_who_writes_no_rules_does_not_see_it(office: Office, role: Role) -> None:
    assert office.logged_in(role).get("/rules/learning").status_code == 403


def test_no_name_of_an_officer_stands_on_the_page(office: Office) -> None:
    officer = office.person(Role.INSPECTOR)
    decided(office, 15, 5, [(live_rule(office), 10)])
    page = office.logged_in(Role.ADMINISTRATOR).get("/rules/learning").text
    assert officer.name not in page


def test_counting_can_be_asked_for(office: Office) -> None:
    rule = live_rule(office)
    make(
        office.wiring.database,
        office.wiring.clock,
        [Made([(rule, 10)], Verdict.KEEP, text=f"{n}") for n in range(10)],
    )
    browser = office.logged_in(Role.INSPECTOR)
    browser.get("/rules/learning")
    assert browser.post("/rules/learning/count").status_code == 303
    assert "100 %" in browser.get("/rules/learning").text


def test_the_command_prints_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = live_rule(office)
    decided(office, 15, 5, [(rule, 10)])
    monkeypatch.setattr(rules_learning, "needed_wiring", lambda: office.wiring)
    monkeypatch.setattr(office.wiring, "close", lambda: None)
    told = CliRunner().invoke(rules_learning.rules_learn, ["--json", "--count"])
    assert told.exit_code == 0, told.output
    (found,) = [one for one in json.loads(told.output)["rules"] if one["rule"] == rule]
    assert (found["right"], found["decisions"], found["precision"]) == (15, 20, 0.75)
    assert found["reasons"] == {"honest_recruiter": 5}
    plain = CliRunner().invoke(rules_learning.rules_learn, []).output
    assert "0.75 [0.53, 0.89] of 20" in plain


def phrased(office: Office) -> None:
    """Flagged posts that share a phrase, dismissed ones that do not; phrases looked for."""
    words = ("ai rảnh thì ghé", "tối nay họp nhóm", "cả nhà đọc kỹ", "nhớ mang theo áo mưa", "xa")
    made = [
        Made(
            (),
            Verdict.KEEP,
            text=f"{words[n % 5]} vòng xoay hoàng kim {words[(n + 2) % 5]} {n}",
            author=f"nguoi.dang.{n}",
        )
        for n in range(10)
    ]
    made += [
        Made((), Verdict.DISMISS, reason="not_lure", text=f"{words[n % 5]} {words[n // 5]} {n}")
        for n in range(20)
    ]
    make(office.wiring.database, office.wiring.clock, made)
    count(office.wiring.database, office.wiring.clock, changes)
    look_for_phrases(office.wiring.database, office.wiring.clock, office.wiring.rules.office)


def test_a_suggestion_shows_its_figures_and_marks_it_in_posts(office: Office) -> None:
    empty = office.logged_in(Role.INSPECTOR).get("/rules/learning/phrases").text
    assert "Chưa tìm cụm từ lần nào" in empty
    assert "năm chùm bài" in empty
    phrased(office)
    page = office.logged_in(Role.INSPECTOR).get("/rules/learning/phrases").text
    assert "“vòng xoay hoàng kim”" in page
    assert "10 chùm bài được gắn cờ, của 10 người đăng" in page
    assert page.count("<mark>vòng xoay hoàng kim</mark>") == 5


def test_a_phrase_goes_into_a_draft_by_one_button(office: Office) -> None:
    phrased(office)
    pack = office.wiring.rules.office.packs[-1]
    rule = f"{pack.id}/{next(one.id for one in pack.signals if one.phrases)}"
    browser = office.logged_in(Role.INSPECTOR)
    browser.get("/rules/learning/phrases")
    answer = browser.post("/rules/learning/phrases/1", {"act": "draft", "rule": rule})
    assert answer.status_code == 303
    with office.wiring.database.reading() as session:
        (draft,) = session.scalars(select(RulePackRevision)).all()
    assert (draft.pack, draft.state) == (pack.id, "draft")
    assert '"vòng xoay hoàng kim"' in draft.text
    page = browser.get("/rules/learning/phrases").text
    assert "Trong bản soạn" in page
    assert f"/{pack.id}/" in page, "it leads to the draft"
    wrong = browser.post("/rules/learning/phrases/1", {"act": "draft", "rule": rule})
    assert wrong.status_code == 409, "it stands in a draft already"


def test_a_dismissal_can_be_taken_back(office: Office) -> None:
    phrased(office)
    browser = office.logged_in(Role.INSPECTOR)
    browser.get("/rules/learning/phrases")
    browser.post("/rules/learning/phrases/1", {"act": "dismiss"})
    page = browser.get("/rules/learning/phrases").text
    assert 'id="phrase-1"' not in page
    browser.post("/rules/learning/phrases/1?act=take_back")
    assert 'id="phrase-1"' in browser.get("/rules/learning/phrases").text


def test_examples_of_another_units_posts_are_not_shown(office: Office) -> None:
    phrased(office)
    unit, other = office.people.unit("Phòng Một"), office.people.unit("Phòng Hai")
    with office.wiring.database.writing() as session:
        session.execute(update(PostRow).values(unit_id=unit.id))
    officer = office.people(
        Role.INSPECTOR, unit=other, email="phong.hai@office.example", password=password_hash()
    )
    page = office.logged_in(officer).get("/rules/learning/phrases").text
    assert "“vòng xoay hoàng kim”" in page
    assert "<mark>" not in page


def test_the_phrase_is_marked_where_the_text_says_it_in_its_own_way() -> None:
    parts = around("Nhận ngay VÒNG   XOAY hoàng kim nhé", "vòng xoay hoàng kim")
    assert [one.text for one in parts] == ["Nhận ngay ", "VÒNG   XOAY hoàng kim", " nhé"]
    assert around("không có gì", "vòng xoay")[0].text == "không có gì"
