"""The machinery of states: tables of (state, act) -> state, compare-and-set, a row per transition, four eyes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Id, Json
from foundation.errors import Conflict, Forbidden, FourEyesRequired, NeedsMissing, NotAllowedInState
from foundation.people import Actor, Role


class TransitionRow(Base):
    """One step of one thing (bước chuyển trạng thái): who, when, from, to, why. Never changed afterwards."""

    __tablename__ = "transition"
    __table_args__ = (Index("ix_transition_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Id)
    from_state: Mapped[str] = mapped_column(String(40))
    to_state: Mapped[str] = mapped_column(String(40))
    act: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class Stateful(Protocol):
    """A row that has a lifecycle: an id and a `state` column."""

    @property
    def id(self) -> Any: ...

    @property
    def state(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a lifecycle: from `source` by `act` to `target`, by `roles`, with what it needs.

    `not_same_as` names an earlier act whose doer may not do this one (người thứ hai).
    `needs` are names that must be given: "reason" or keys of the data.
    """

    source: str
    act: str
    target: str
    roles: frozenset[Role]
    not_same_as: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    destructive: bool = False


class Lifecycle:
    """One kind of thing's states, as a table; pages ask it what is allowed, services step by it."""

    def __init__(self, kind: str, initial: str, steps: Iterable[Step]) -> None:
        self.kind = kind
        self.initial = initial
        self._steps: dict[tuple[str, str], Step] = {}
        for step in steps:
            if (step.source, step.act) in self._steps:
                raise ValueError(f"{kind}: {step.act} from {step.source} stands twice")
            self._steps[step.source, step.act] = step

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps.values())

    @property
    def states(self) -> tuple[str, ...]:
        found = [self.initial]
        for step in self._steps.values():
            found += [state for state in (step.source, step.target) if state not in found]
        return tuple(found)

    def step(self, state: str, act: str) -> Step:
        """The step, or NotAllowedInState."""
        try:
            return self._steps[state, act]
        except KeyError:
            raise NotAllowedInState(
                f"{self.kind} in state {state} has no {act}", about=self.kind, state=state, act=act
            ) from None

    def allowed(self, state: str, actor: Actor) -> tuple[Step, ...]:
        """The steps this actor's roles open from here; four eyes are judged when the step is taken."""
        return tuple(
            step
            for (source, _), step in self._steps.items()
            if source == state and (actor.is_system or step.roles & actor.roles)
        )


def perform(
    session: Session,
    lifecycle: Lifecycle,
    row: Stateful,
    act: str,
    actor: Actor,
    *,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> TransitionRow:
    """Take one step: judge it, compare-and-set the state, write the transition row.

    Raises NotAllowedInState, Forbidden, FourEyesRequired, NeedsMissing, or Conflict when somebody was faster.
    """
    details = dict(data or {})
    before = row.state
    step = lifecycle.step(before, act)
    _judge(session, lifecycle, step, row.id, actor, reason, details)
    model = type(row)
    changed = session.execute(
        update(model)
        .where(model.id == row.id, model.state == before)
        .values(state=step.target)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            f"{lifecycle.kind} {row.id} is no longer {before}", about=f"{lifecycle.kind}:{row.id}"
        )
    session.refresh(row, ["state"])
    taken = TransitionRow(
        subject_kind=lifecycle.kind,
        subject_id=row.id,
        from_state=before,
        to_state=step.target,
        act=act,
        reason=reason,
        data=details,
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        unit_id=actor.unit_id,
    )
    session.add(taken)
    session.flush()
    return taken


def _judge(
    session: Session,
    lifecycle: Lifecycle,
    step: Step,
    subject_id: int,
    actor: Actor,
    reason: str,
    details: Mapping[str, Any],
) -> None:
    if not (actor.is_system or step.roles & actor.roles):
        raise Forbidden(
            f"{actor.name} may not {step.act}",
            about=lifecycle.kind,
            act=step.act,
            roles=sorted(step.roles),
        )
    given = {"reason": reason.strip(), **details}
    missing = [need for need in step.needs if given.get(need) in (None, "", [], ())]
    if missing:
        raise NeedsMissing(
            f"{step.act} needs {', '.join(missing)}", about=lifecycle.kind, missing=missing
        )
    if (
        step.not_same_as
        and not actor.is_system
        and actor.user_id in _doers(session, lifecycle, subject_id, step.not_same_as)
    ):
        raise FourEyesRequired(
            f"{actor.name} did {step.not_same_as[0]}", about=lifecycle.kind, act=step.act
        )


def _doers(
    session: Session, lifecycle: Lifecycle, subject_id: int, doing: tuple[str, ...]
) -> set[int | None]:
    rows = session.scalars(
        select(TransitionRow.actor_id).where(
            TransitionRow.subject_kind == lifecycle.kind,
            TransitionRow.subject_id == subject_id,
            TransitionRow.act.in_(doing),
        )
    )
    return set(rows)


def begin(
    session: Session,
    lifecycle: Lifecycle,
    row: Stateful,
    actor: Actor,
    *,
    at: datetime,
    act: str = "create",
    reason: str = "",
) -> TransitionRow:
    """Write the first transition row of a thing just made in its initial state."""
    session.flush()
    first = TransitionRow(
        subject_kind=lifecycle.kind,
        subject_id=row.id,
        from_state="",
        to_state=lifecycle.initial,
        act=act,
        reason=reason,
        data={},
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        unit_id=actor.unit_id,
    )
    session.add(first)
    session.flush()
    return first


def history(session: Session, kind: str, subject_id: int) -> list[TransitionRow]:
    """Every step of one thing, oldest first."""
    return list(
        session.scalars(
            select(TransitionRow)
            .where(TransitionRow.subject_kind == kind, TransitionRow.subject_id == subject_id)
            .order_by(TransitionRow.id)
        )
    )


def require_unchanged(session: Session, kind: str, subject_id: int, seen: int | None) -> None:
    """Who signs has read what is there: Conflict when a step was taken since the page came up.

    `seen` is the id of the last step that the page showed; None asks nothing.
    """
    steps = history(session, kind, subject_id)
    if seen is not None and (not steps or steps[-1].id != seen):
        raise Conflict("it has changed since", about=f"{kind}:{subject_id}")
