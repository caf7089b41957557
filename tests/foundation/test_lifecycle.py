"""States change by the table only, one at a time, with a row for each step, and never by the same two eyes."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import MovableClock
from foundation.database import Base, Database, Id
from foundation.errors import (
    Conflict,
    Forbidden,
    FourEyesRequired,
    NeedsMissing,
    NotAllowedInState,
    RasoatError,
)
from foundation.lifecycle import Lifecycle, Step, TransitionRow, begin, history, perform
from foundation.people import SYSTEM, Actor, Role
from tests.support.people import People


class Letter(Base):
    """A thing with states, for these tests."""

    __tablename__ = "test_letter"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(40), default="draft")


WRITERS = frozenset({Role.INSPECTOR, Role.APPROVER})
APPROVERS = frozenset({Role.APPROVER})
LIFECYCLE = Lifecycle(
    "letter",
    "draft",
    [
        Step("draft", "submit", "waiting", WRITERS),
        Step("waiting", "approve", "sent", APPROVERS, not_same_as=("create", "submit")),
        Step("waiting", "return", "draft", APPROVERS, needs=("reason",)),
        Step("sent", "prove", "closed", WRITERS, needs=("proof_id", "pages")),
    ],
)


@pytest.fixture
def letter(database: Database, people: People, clock: MovableClock) -> Letter:
    """A letter that an inspector has just begun."""
    with database.writing() as session:
        made = Letter()
        session.add(made)
        begin(session, LIFECYCLE, made, people.actor(Role.INSPECTOR), at=clock.now())
    return made


@pytest.fixture
def step(database: Database, clock: MovableClock, letter: Letter) -> Callable[..., TransitionRow]:
    """Take one step of the letter in a transaction of its own."""

    def take(act: str, actor: Actor, **given: object) -> TransitionRow:
        with database.writing() as session:
            row = session.get_one(Letter, letter.id)
            return perform(session, LIFECYCLE, row, act, actor, at=clock.now(), **given)  # type: ignore[arg-type]

    return take


def state(database: Database, letter: Letter) -> str:
    with database.reading() as session:
        return session.get_one(Letter, letter.id).state


def test_a_lifecycle_knows_its_states_and_what_a_role_may_do(people: People) -> None:
    assert LIFECYCLE.states == ("draft", "waiting", "sent", "closed")
    inspector, approver = people.actor(Role.INSPECTOR), people.actor(Role.APPROVER)
    assert [step.act for step in LIFECYCLE.allowed("waiting", inspector)] == []
    assert [step.act for step in LIFECYCLE.allowed("waiting", approver)] == ["approve", "return"]
    assert [step.act for step in LIFECYCLE.allowed("waiting", SYSTEM)] == ["approve", "return"]


def test_a_table_that_says_two_things_of_one_act_is_refused() -> None:
    with pytest.raises(ValueError, match="submit from draft stands twice"):
        Lifecycle("x", "draft", [Step("draft", "submit", "a", WRITERS)] * 2)


def test_the_way_of_a_letter_is_written_down_step_by_step(
    database: Database, people: People, letter: Letter, step: Callable[..., TransitionRow]
) -> None:
    writer, boss = people.actor(Role.INSPECTOR), people.actor(Role.APPROVER)
    step("submit", writer)
    step("return", boss, reason="thiếu căn cứ pháp lý")
    step("submit", writer)
    step("approve", boss)
    step("prove", writer, data={"proof_id": 7, "pages": [1]})
    assert state(database, letter) == "closed"
    with database.reading() as session:
        rows = history(session, "letter", letter.id)
    assert [(row.from_state, row.act, row.to_state) for row in rows] == [
        ("", "create", "draft"),
        ("draft", "submit", "waiting"),
        ("waiting", "return", "draft"),
        ("draft", "submit", "waiting"),
        ("waiting", "approve", "sent"),
        ("sent", "prove", "closed"),
    ]
    assert (rows[2].reason, rows[2].actor_id, rows[2].actor_name) == (
        "thiếu căn cứ pháp lý",
        boss.user_id,
        boss.name,
    )
    assert rows[5].data == {"proof_id": 7, "pages": [1]}


def refused(error: type[RasoatError], take: Callable[[], object]) -> RasoatError:
    with pytest.raises(error) as caught:
        take()
    return caught.value


def test_an_act_that_the_state_does_not_have_is_refused(
    database: Database, people: People, letter: Letter, step: Callable[..., TransitionRow]
) -> None:
    error = refused(NotAllowedInState, lambda: step("approve", people.actor(Role.APPROVER)))
    assert error.detail == {"state": "draft", "act": "approve"}
    assert state(database, letter) == "draft"


def test_a_role_that_the_step_does_not_name_is_refused(
    database: Database, people: People, letter: Letter, step: Callable[..., TransitionRow]
) -> None:
    step("submit", people.actor(Role.INSPECTOR))
    refused(Forbidden, lambda: step("approve", people.actor(Role.INSPECTOR)))
    refused(Forbidden, lambda: step("approve", people.actor(Role.ADMINISTRATOR)))
    assert state(database, letter) == "waiting"


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_reason_of_blanks_is_no_reason(
    people: People, step: Callable[..., TransitionRow], reason: str
) -> None:
    step("submit", people.actor(Role.INSPECTOR))
    error = refused(
        NeedsMissing, lambda: step("return", people.actor(Role.APPROVER), reason=reason)
    )
    assert error.detail == {"missing": ["reason"]}


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        ({}, ["proof_id", "pages"]),
        ({"proof_id": "", "pages": [1]}, ["proof_id"]),
        ({"proof_id": 1, "pages": []}, ["pages"]),
    ],
)
def test_what_a_step_needs_must_be_given(
    people: People,
    step: Callable[..., TransitionRow],
    data: dict[str, object],
    missing: list[str],
) -> None:
    step("submit", people.actor(Role.INSPECTOR))
    step("approve", people.actor(Role.APPROVER))
    error = refused(NeedsMissing, lambda: step("prove", people.actor(Role.INSPECTOR), data=data))
    assert error.detail == {"missing": missing}


def test_who_submitted_may_not_approve_even_with_both_roles(
    database: Database, people: People, letter: Letter, step: Callable[..., TransitionRow]
) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    step("submit", both)
    refused(FourEyesRequired, lambda: step("approve", both))
    assert state(database, letter) == "waiting"
    step("approve", people.actor(Role.APPROVER))
    assert state(database, letter) == "sent"


def test_who_began_it_may_not_approve_what_another_submitted(
    database: Database, people: People, clock: MovableClock
) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    with database.writing() as session:
        own = Letter()
        session.add(own)
        begin(session, LIFECYCLE, own, both, at=clock.now())
        perform(session, LIFECYCLE, own, "submit", people_actor := other(people), at=clock.now())
        assert people_actor.user_id != both.user_id
        with pytest.raises(FourEyesRequired):
            perform(session, LIFECYCLE, own, "approve", both, at=clock.now())


def other(people: People) -> Actor:
    """Somebody who exists only as an id, since the test holds the right to write."""
    return Actor(user_id=None, name="hệ thống", roles=frozenset({Role.INSPECTOR}))


def test_four_eyes_look_at_this_thing_only(
    database: Database,
    people: People,
    clock: MovableClock,
    letter: Letter,
    step: Callable[..., TransitionRow],
) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    with database.writing() as session:
        another = Letter()
        session.add(another)
        begin(session, LIFECYCLE, another, both, at=clock.now())
    step("submit", people.actor(Role.INSPECTOR))
    step("approve", both)
    assert state(database, letter) == "sent"


def test_a_step_that_fails_leaves_no_row(
    database: Database, people: People, letter: Letter, step: Callable[..., TransitionRow]
) -> None:
    refused(NotAllowedInState, lambda: step("prove", people.actor(Role.INSPECTOR)))
    with database.reading() as session:
        assert [row.act for row in history(session, "letter", letter.id)] == ["create"]


def test_a_row_that_somebody_else_moved_meanwhile_is_a_conflict(
    database: Database,
    people: People,
    clock: MovableClock,
    letter: Letter,
    step: Callable[..., TransitionRow],
) -> None:
    inspector = people.actor(Role.INSPECTOR)
    step("submit", inspector)  # `letter` still says draft
    with database.writing() as session, pytest.raises(Conflict) as caught:
        perform(session, LIFECYCLE, letter, "submit", inspector, at=clock.now())
    assert caught.value.about == f"letter:{letter.id}"


def test_of_two_who_step_at_the_same_moment_one_wins_and_one_is_told(
    database: Database, people: People, clock: MovableClock, letter: Letter
) -> None:
    """Both have read `draft` before either writes."""
    actors = [people.actor(Role.INSPECTOR) for _ in range(2)]
    both_have_read = threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def submit(actor: Actor) -> None:
        with database.reading() as reader:
            stale = reader.get_one(Letter, letter.id)
        both_have_read.wait()
        try:
            with database.writing() as session:
                row = session.merge(stale, load=False)
                perform(session, LIFECYCLE, row, "submit", actor, at=clock.now())
            outcomes.append("won")
        except Conflict:
            outcomes.append("told")

    threads = [threading.Thread(target=submit, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["told", "won"]
    with database.reading() as session:
        assert [row.act for row in history(session, "letter", letter.id)] == ["create", "submit"]
