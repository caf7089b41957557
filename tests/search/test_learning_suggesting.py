"""Suggestions as rows, on both databases: looked for, dismissed for good, put into drafts; nothing goes live."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.triage.models import Verdict
from casework.triage.verdicts import changes
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Forbidden, InvalidInput, NotAllowedInState
from foundation.people import Actor, Role
from search.lab.models import RevisionState, RulePackRevision
from search.lab.office import office_rules, shipped_rules
from search.learning.counting import count
from search.learning.due import phrases_are_due
from search.learning.models import PhraseSuggestion, SuggestionState
from search.learning.suggesting import (
    dismiss,
    into_draft,
    look_for_phrases,
    open_suggestions,
    ordinary_texts,
    take_back,
)
from tests.support.decided import Made, make
from tests.support.people import People

PHRASE = "vòng xoay hoàng kim"
WORDS = (
    "ai rảnh thì ghé",
    "tối nay họp nhóm",
    "cả nhà đọc kỹ",
    "nhớ mang theo áo mưa",
    "đường khá xa",
)


@pytest.fixture
def writer(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


@pytest.fixture
def rule() -> str:
    pack = shipped_rules().packs[-1]
    return f"{pack.id}/{next(one.id for one in pack.signals if one.phrases)}"


def looked(database: Database, clock: MovableClock, number: int = 10, **same: str) -> int:
    """Flagged posts that say the phrase, dismissed ones that do not; then looked for."""
    kept = [
        Made(
            (),
            Verdict.KEEP,
            text=f"{WORDS[n % 5]} {PHRASE} {WORDS[(n + 2) % 5]} {n}",
            author=same.get("author", f"nguoi.dang.{n}"),
        )
        for n in range(number)
    ]
    others = [
        Made((), Verdict.DISMISS, reason="not_lure", text=f"{WORDS[n % 5]} {WORDS[n // 5]} {n}")
        for n in range(20)
    ]
    make(database, clock, kept + others)
    count(database, clock, changes)
    return look_for_phrases(database, clock, shipped_rules())


def only(database: Database) -> PhraseSuggestion:
    with database.reading() as session:
        (row,) = open_suggestions(session)
        return row


def test_it_is_due_once_something_was_counted_and_then_each_week(
    database: Database, clock: MovableClock
) -> None:
    with database.reading() as session:
        assert not phrases_are_due(session, at=clock.now())
    looked(database, clock)
    with database.reading() as session:
        assert not phrases_are_due(session, at=clock.now())
        assert phrases_are_due(session, at=clock.now() + timedelta(days=7))


def test_a_shared_phrase_is_suggested_with_posts_that_say_it(
    database: Database, clock: MovableClock
) -> None:
    assert looked(database, clock) == 1
    row = only(database)
    assert (row.phrase, row.kept, row.dismissed, row.ordinary, row.authors) == (
        PHRASE,
        10,
        0,
        0,
        10,
    )
    assert len(row.examples) == 5


def test_copies_of_one_campaign_teach_nothing(database: Database, clock: MovableClock) -> None:
    assert looked(database, clock, author="mot.nguoi") == 0


def test_a_dismissed_suggestion_stays_dismissed_until_it_is_taken_back(
    database: Database, clock: MovableClock, writer: Actor
) -> None:
    looked(database, clock)
    row = only(database)
    with database.writing() as session:
        dismiss(session, writer, row.id, at=clock.now())
    assert look_for_phrases(database, clock, shipped_rules()) == 0
    with database.writing() as session:
        with pytest.raises(NotAllowedInState):
            dismiss(session, writer, row.id, at=clock.now())
        take_back(session, writer, row.id, at=clock.now())
    assert only(database).phrase == PHRASE
    with database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert acts == ["suggestion:dismissed", "suggestion:open"]


def test_a_phrase_that_is_no_longer_shared_goes_and_may_come_back(
    database: Database, clock: MovableClock
) -> None:
    looked(database, clock)
    row = only(database)
    with database.writing() as session:
        session.get_one(PhraseSuggestion, row.id).phrase = "chữ khác hẳn"
    assert look_for_phrases(database, clock, shipped_rules()) == 1
    with database.reading() as session:
        states = dict(
            session.execute(select(PhraseSuggestion.phrase, PhraseSuggestion.state)).all()
        )
    assert states == {"chữ khác hẳn": SuggestionState.GONE, PHRASE: SuggestionState.OPEN}


def test_a_draft_holds_the_phrase_and_nothing_live_changes(
    database: Database, clock: MovableClock, writer: Actor, rule: str
) -> None:
    looked(database, clock)
    row, pack = only(database), rule.partition("/")[0]
    with database.writing() as session:
        draft = into_draft(session, writer, row.id, rule, office_rules(session), at=clock.now())
        assert f'"{PHRASE}"' in draft.text
        assert (draft.pack, draft.state, draft.created_by_id) == (
            pack,
            RevisionState.DRAFT,
            writer.user_id,
        )
    with database.reading() as session:
        assert session.get_one(PhraseSuggestion, row.id).state == SuggestionState.DRAFTED
        assert office_rules(session).matcher.version == shipped_rules().matcher.version
        assert open_suggestions(session) == []


def test_a_second_phrase_goes_into_the_same_draft(
    database: Database, clock: MovableClock, writer: Actor, rule: str
) -> None:
    looked(database, clock)
    with database.writing() as session:
        session.add(PhraseSuggestion(phrase="mâm cỗ vàng", counted_at=clock.now()))
    with database.writing() as session:
        for row in open_suggestions(session):
            into_draft(session, writer, row.id, rule, office_rules(session), at=clock.now())
    with database.reading() as session:
        (draft,) = session.scalars(select(RulePackRevision)).all()
        assert PHRASE in draft.text
        assert "mâm cỗ vàng" in draft.text


def test_who_writes_no_rules_makes_no_draft_and_unknown_rules_take_none(
    database: Database, clock: MovableClock, people: People, writer: Actor, rule: str
) -> None:
    looked(database, clock)
    row, reader = only(database), people.actor(Role.REPORT_WRITER)
    with database.writing() as session:
        office = office_rules(session)
        with pytest.raises(Forbidden):
            into_draft(session, reader, row.id, rule, office, at=clock.now())
        for unknown in ("khong/co", f"{rule}x", ""):
            with pytest.raises(InvalidInput):
                into_draft(session, writer, row.id, unknown, office, at=clock.now())


def test_ordinary_texts_are_honest_sentences_and_what_packs_must_not_match() -> None:
    texts = ordinary_texts(shipped_rules().packs)
    assert len(texts) > 100
    assert len(texts) == len(set(texts))
