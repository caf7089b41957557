"""The packs that an office judges by: those shipped, changed and added to by its revisions in force.

A stored revision that no longer loads never stops the office: the last one that was live and still loads
takes its place, then the shipped pack; what was passed over is told, and the doctor says it.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import InvalidInput
from search.lab.models import IN_FORCE, RulePackRevision
from search.query import Message
from search.rules.matcher import Matcher
from search.rules.model import Pack
from search.rules.pack import (
    fault_beside,
    read_pack,
    shipped_matcher,
    shipped_packs,
    shipped_text,
)

REMEMBERED = 4
_LATELY: dict[tuple[tuple[int, str, int, str], ...], "OfficeRules"] = {}
"""Sets of revisions that were whole, made ready: the same texts need no second reading."""
Earlier = Callable[[str], Sequence[RulePackRevision]]
"""Gives the revisions of a pack that were live before, newest first."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A revision in force that cannot be used, why, and the number of the one that stands in for it.

    `instead` 0 is the shipped pack, None nothing at all.
    """

    pack: str
    number: int
    why: str
    instead: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One pack as it counts: its text, and the number and id of its revision (0: shipped)."""

    pack: Pack
    text: str
    number: int = 0
    revision_id: int = 0


@dataclass(frozen=True)
class OfficeRules:
    """All packs that count, shared ones first, and what had to be passed over."""

    chosen: tuple[Chosen, ...]
    broken: tuple[Broken, ...] = ()

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        return tuple(one.pack for one in self.chosen)

    @cached_property
    def matcher(self) -> Matcher:
        """All of them, ready to judge."""
        shipped = shipped_packs()
        if len(self.packs) == len(shipped) and all(map(operator.is_, self.packs, shipped)):
            return shipped_matcher()
        return Matcher(self.packs, keep=True)

    @property
    def judges(self) -> bool:
        """Whether this process has made them ready to judge: many only look at their names."""
        return "matcher" in self.__dict__

    @property
    def shared(self) -> tuple[Pack, ...]:
        return tuple(pack for pack in self.packs if pack.shared)

    def of(self, pack_id: str) -> Chosen | None:
        """The pack of that id, or None."""
        return next((one for one in self.chosen if one.pack.id == pack_id), None)

    def with_pack(self, pack: Pack) -> tuple[Pack, ...]:
        """All packs, with this one in the place of the one of its id, or beside them."""
        return _ordered([*(one for one in self.packs if one.id != pack.id), pack])

    def without(self, pack_id: str) -> tuple[Pack, ...]:
        return tuple(pack for pack in self.packs if pack.id != pack_id)


@cache
def shipped_rules() -> OfficeRules:
    """What an office judges by that has changed nothing."""
    return OfficeRules(tuple(Chosen(pack, shipped_text(pack.id)) for pack in shipped_packs()))


def office_rules(session: Session) -> OfficeRules:
    """The packs in force, as the database has them. Never fails for what a revision says."""
    rows = session.scalars(
        select(RulePackRevision)
        .where(RulePackRevision.state.in_(IN_FORCE))
        .order_by(RulePackRevision.pack)
    ).all()
    if not rows:
        return shipped_rules()
    key = tuple((row.id, row.pack, row.number, row.digest) for row in rows)
    held = _LATELY.get(key)
    if held is None:
        held = choose(rows, lambda pack: _earlier(session, pack))
        if not held.broken:
            while len(_LATELY) >= REMEMBERED:
                _LATELY.pop(next(iter(_LATELY)), None)
            _LATELY[key] = held
    return held


def choose(rows: Iterable[RulePackRevision], earlier: Earlier) -> OfficeRules:
    """Revisions in force over the shipped packs, the shared ones first, since others lean on them."""
    shipped = shipped_rules()
    rules = {one.pack.id: one for one in shipped.chosen}
    broken = []
    lending = {one.pack.id for one in shipped.chosen if one.pack.shared}
    for row in sorted(rows, key=lambda row: (row.pack not in lending, row.pack)):
        why = _take(row, rules)
        if why:
            instead = _stand_in(row.pack, earlier(row.pack), rules)
            broken.append(Broken(row.pack, row.number, why, instead))
    found = OfficeRules(_sorted(rules.values()), tuple(broken))
    why = _fault_of_all(found)
    if not why:
        return found
    return OfficeRules(shipped.chosen, (*broken, Broken("*", 0, why, 0)))


def fits(pack: Pack, others: Iterable[Pack]) -> tuple[str, Message] | None:
    """Which of the others can no longer run beside `pack`, and why: they use its signals. None: all can."""
    beside = [*(one for one in others if one.id != pack.id), pack]
    shared = [one for one in beside if one.shared]
    for other in beside:
        if pack.id in other.uses:
            fault = fault_beside(other, shared)
            if fault is not None:
                return other.id, fault
    return None


def _take(row: RulePackRevision, rules: dict[str, Chosen]) -> str:
    """Put a revision in its place; says why it cannot be, or "" when it can."""
    others = [one.pack for one in rules.values() if one.pack.id != row.pack]
    try:
        pack = read_pack(row.text, [one for one in others if one.shared])
    except InvalidInput as error:
        return str(error)
    if pack.id != row.pack:
        return f"it says that it is {pack.id}"
    lost = fits(pack, others)
    if lost is not None:
        return f"{lost[0]}: {lost[1]}"
    rules[row.pack] = Chosen(pack, row.text, row.number, row.id)
    return ""


def _stand_in(
    pack: str, before: Sequence[RulePackRevision], rules: dict[str, Chosen]
) -> int | None:
    """The number of the earlier revision that was taken instead; 0 for the shipped pack."""
    for row in before:
        if not _take(row, rules):
            return row.number
    return 0 if pack in rules else None


def _earlier(session: Session, pack: str) -> Sequence[RulePackRevision]:
    return session.scalars(
        select(RulePackRevision)
        .where(
            RulePackRevision.pack == pack,
            RulePackRevision.live_at.is_not(None),
            RulePackRevision.state.not_in(IN_FORCE),
        )
        .order_by(RulePackRevision.live_at.desc(), RulePackRevision.id.desc())
    ).all()


def _sorted(chosen: Iterable[Chosen]) -> tuple[Chosen, ...]:
    return tuple(sorted(chosen, key=lambda one: (not one.pack.shared, one.pack.id)))


def _ordered(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    return tuple(sorted(packs, key=lambda pack: (not pack.shared, pack.id)))


def _fault_of_all(rules: OfficeRules) -> str:
    """Why these packs cannot be compiled together, "" if they can: the last net under a running office."""
    try:
        rules.matcher  # noqa: B018 - making it is the check
    except Exception as error:  # noqa: BLE001 - whatever it is, the office goes on with the shipped packs
        return f"{type(error).__name__}: {error}"
    return ""
