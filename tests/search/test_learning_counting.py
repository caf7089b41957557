"""Verdicts become counts, on both databases: against a naive count, after undoing, in campaigns."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from casework.triage.models import Decision, Verdict
from casework.triage.verdicts import changes
from foundation.clock import MovableClock
from foundation.database import Database
from search.learning import counting
from search.learning.counting import count, month_of
from search.learning.models import LearnedPost, LearnedRule, RuleMonth
from search.learning.report import report
from search.models import PostRow, WorkState
from tests.support.decided import Made, make, undo

RULES = [("job/offer", 20), ("job/pay", 10), ("job/seal", -15), ("organ/kidney", 40)]
REASONS = ("not_lure", "honest_recruiter", "warning_or_news", "duplicate", "old", "wrong_place")
ASIDE = {"duplicate", "old", "wrong_place"}


def counted(database: Database, clock: MovableClock) -> int:
    return count(database, clock, changes)


def rows(database: Database) -> dict[tuple[str, str], RuleMonth]:
    with database.reading() as session:
        found = session.execute(select(LearnedRule.name, RuleMonth).join(RuleMonth)).all()
        return {(name, row.month): row for name, row in found}


def some_posts(random_: random.Random, clock: MovableClock, number: int) -> list[Made]:
    made = []
    for each in range(number):
        verdict = random_.choice([Verdict.KEEP, Verdict.DISMISS, Verdict.HELP, None])
        # Decisions made as one were made at one moment.
        batch = random_.choice([0, 0, 1_000_001, 1_000_002]) if verdict is Verdict.KEEP else 0
        days = {0: random_.randrange(100), 1_000_001: 3, 1_000_002: 40}[batch]
        made.append(
            Made(
                rules=random_.sample(RULES, random_.randrange(len(RULES) + 1)),
                verdict=verdict,
                at=clock.now() - timedelta(days=days),
                reason=random_.choice(REASONS) if verdict is Verdict.DISMISS else "",
                batch=batch,
                text=f"Bài số {each}",
            )
        )
    return made


def naive(made: list[Made]) -> dict[tuple[str, str], Counter[str]]:
    """Each post on its own, in the plainest way there is."""
    found: dict[tuple[str, str], Counter[str]] = {}
    seen: set[tuple[str, str, int]] = set()
    for number, one in enumerate(made):
        if one.verdict is None or one.at is None:
            continue
        outcome = {Verdict.KEEP: "kept", Verdict.HELP: "help"}.get(one.verdict, "dismissed")
        outcome = "aside" if one.reason in ASIDE else outcome
        names = {name for name, _ in one.rules} | {name.split("/")[0] for name, _ in one.rules}
        for name in names:
            cell = found.setdefault((name, month_of(one.at)), Counter())
            cell[outcome] += 1
            cell[f"reason:{one.reason}"] += bool(one.reason)
            key = (name, outcome, one.batch or -1 - number)
            cell[f"{outcome}_once"] += key not in seen
            seen.add(key)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_a_naive_count(
    database: Database, clock: MovableClock, seed: int
) -> None:
    made = some_posts(random.Random(seed), clock, 150)  # noqa: S311 - made-up posts
    make(database, clock, made)
    assert counted(database, clock) == sum(1 for one in made if one.verdict)
    expected, found = naive(made), rows(database)
    assert found.keys() == expected.keys()
    for key, row in found.items():
        cell = expected[key]
        assert (row.kept, row.dismissed, row.aside, row.help) == (
            cell["kept"],
            cell["dismissed"],
            cell["aside"],
            cell["help"],
        ), key
        assert (row.kept_once, row.dismissed_once) == (
            cell["kept_once"],
            cell["dismissed_once"],
        ), key
        reasons = {k.removeprefix("reason:"): n for k, n in cell.items() if k.startswith("reason:")}
        assert row.reasons == {k: n for k, n in reasons.items() if k}, key


def test_counting_again_finds_nothing_new(database: Database, clock: MovableClock) -> None:
    make(database, clock, [Made(RULES[:1], Verdict.KEEP)])
    assert [counted(database, clock), counted(database, clock)] == [1, 0]


def test_the_last_decision_counts_and_one_that_was_taken_back_does_not(
    database: Database, clock: MovableClock
) -> None:
    one, two = make(database, clock, [Made(RULES[:1], Verdict.KEEP), Made(RULES[:1], Verdict.KEEP)])
    counted(database, clock)
    undo(database, clock, one)
    with database.writing() as session:
        session.add(
            Decision(
                post_id=two,
                decision=Verdict.DISMISS,
                reason="not_lure",
                from_state=WorkState.KEPT,
                at=clock.now(),
            )
        )
    assert counted(database, clock) == 2
    row = rows(database)["job/offer", "2026-11"]
    assert (row.kept, row.dismissed, row.reasons) == (0, 1, {"not_lure": 1})


def test_all_decisions_of_a_month_taken_back_leave_no_row(
    database: Database, clock: MovableClock
) -> None:
    (post,) = make(database, clock, [Made(RULES[:1], Verdict.KEEP)])
    counted(database, clock)
    undo(database, clock, post)
    counted(database, clock)
    assert rows(database) == {}


def test_one_decision_about_a_campaign_counts_once_and_its_posts_are_shown(
    database: Database, clock: MovableClock
) -> None:
    make(database, clock, [Made(RULES[:1], Verdict.KEEP, batch=77) for _ in range(12)])
    counted(database, clock)
    row = rows(database)["job/offer", "2026-11"]
    assert (row.kept, row.kept_once) == (12, 1)


def test_a_post_that_went_into_a_case_is_kept_and_out_of_it_is_what_was_decided_before(
    database: Database, clock: MovableClock
) -> None:
    undecided, dismissed = make(
        database,
        clock,
        [Made(RULES[:1]), Made(RULES[:1], Verdict.DISMISS, reason="not_lure")],
    )
    both = PostRow.id.in_([undecided, dismissed])
    with database.writing() as session:
        session.execute(update(PostRow).where(both).values(state=WorkState.IN_CASE))
    counted(database, clock)
    row = rows(database)["job/offer", "2026-11"]
    assert (row.kept, row.dismissed, row.reasons) == (2, 0, {})
    with database.writing() as session:
        session.execute(update(PostRow).where(both).values(state=WorkState.NEW))
    assert counted(database, clock) == 2
    row = rows(database)["job/offer", "2026-11"]
    assert (row.kept, row.dismissed, row.reasons) == (0, 1, {"not_lure": 1})
    assert counted(database, clock) == 0


def test_a_verdict_outlives_its_post(database: Database, clock: MovableClock) -> None:
    (post,) = make(database, clock, [Made(RULES[:1], Verdict.DISMISS, reason="not_lure")])
    counted(database, clock)
    with database.writing() as session:
        session.execute(delete(Decision).where(Decision.post_id == post))
        session.execute(delete(PostRow).where(PostRow.id == post))
    assert counted(database, clock) == 0
    assert rows(database)["job/offer", "2026-11"].dismissed == 1


def test_the_month_is_that_of_the_office(database: Database, clock: MovableClock) -> None:
    """Half past six in the evening of the last of October, in UTC, is November in Hà Nội."""
    late = datetime(2026, 10, 31, 18, 30, tzinfo=UTC)
    make(database, clock, [Made(RULES[:1], Verdict.KEEP, at=late)])
    counted(database, clock)
    assert {month for _, month in rows(database)} == {"2026-11"}


def test_what_was_learned_but_not_counted_is_counted_the_next_time(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(database, clock, [Made(RULES[:1], Verdict.KEEP)])
    with monkeypatch.context() as broken:
        broken.setattr(counting, "_recount", lambda *_: (_ for _ in ()).throw(OSError("cut off")))
        with pytest.raises(OSError, match="cut off"):
            counted(database, clock)
    assert rows(database) == {}
    assert counted(database, clock) == 0, "the verdict is known"
    assert rows(database)["job/offer", "2026-11"].kept == 1


def test_more_decisions_than_fit_one_batch_are_all_learned(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "BATCH", 3)
    monkeypatch.setattr(counting, "LOOK", 7)
    ids = make(database, clock, [Made(RULES[:1], Verdict.KEEP, text=f"{n}") for n in range(40)])
    assert counted(database, clock) == 40
    for post in ids[:20]:
        undo(database, clock, post)
    assert counted(database, clock) == 20
    with database.reading() as session:
        assert set(session.scalars(select(LearnedPost.post_id))) == set(ids[20:])


def test_remarks_of_the_matcher_are_no_rules(database: Database, clock: MovableClock) -> None:
    make(database, clock, [Made([("matcher/length", 0), ("job/offer", 20)], Verdict.KEEP)])
    counted(database, clock)
    assert ("matcher/length", "2026-11") not in rows(database)


def test_the_report_is_empty_and_says_so_before_anything_was_counted(
    database: Database, clock: MovableClock
) -> None:
    with database.reading() as session:
        found = report(session, (), at=clock.now())
    assert (found.counted_at, found.records, found.decided) == (None, (), {})
    assert len(found.months) == 12
    assert found.months[-1] == "2026-11"
