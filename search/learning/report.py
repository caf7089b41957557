"""What the page and the command show of the rules: their records, those never met, those that only mislead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.clock import office_time
from search.learning.counting import COUNTED, month_of, read_note
from search.learning.models import LearnedPost, LearnedRule, RuleMonth
from search.learning.precision import Counts, RuleRecord, by_need, last_months
from search.learning.sightings import live_rules
from search.models import Intake
from search.rules.model import Pack

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Unmet:
    """A live rule that counted in no stored post since it is known; `seen`: posts looked at since."""

    name: str
    weight: int
    since: datetime
    seen: int


@dataclass(frozen=True, slots=True)
class Report:
    """The rules measured by decisions, as of `counted_at` (None: never counted yet).

    `records`: rules that count today and have decisions, what needs a look first. `packs`: those that flag.
    `former`: rules that are no longer live. `months`: those of the curve, oldest first.
    """

    counted_at: datetime | None
    months: tuple[str, ...]
    packs: tuple[RuleRecord, ...]
    records: tuple[RuleRecord, ...]
    former: tuple[RuleRecord, ...]
    unmet: tuple[Unmet, ...]
    decided: Mapping[str, int]

    @property
    def only_dismissed(self) -> tuple[RuleRecord, ...]:
        return tuple(one for one in self.records if one.only_dismissed)


def report(session: Session, packs: Iterable[Pack], *, at: datetime) -> Report:
    """Read from the counts alone, so that it is quick however many posts were decided about."""
    known = list(packs)
    live = live_rules(known)
    note = read_note(session, COUNTED)
    rules = {row.id: row for row in session.scalars(select(LearnedRule))}
    decided = _months(session)
    records = [
        RuleRecord(rules[id_].name, live.get(rules[id_].name, rules[id_].weight), tuple(months))
        for id_, months in decided.items()
    ]
    never = [row for id_, row in rules.items() if row.last_hit_at is None and id_ not in decided]
    pack_ids = {pack.id for pack in known if not pack.shared}
    return Report(
        counted_at=note.at if note else None,
        months=tuple(last_months(month_of(at), MONTHS)),
        packs=tuple(by_need(one for one in records if one.name in pack_ids)),
        records=tuple(by_need(one for one in records if one.name in live)),
        former=tuple(by_need(one for one in records if not one.is_pack and one.name not in live)),
        unmet=tuple(_unmet(session, never, live)),
        decided=_decided(session),
    )


def _months(session: Session) -> dict[int, list[Counts]]:
    found: dict[int, list[Counts]] = {}
    rows = session.execute(
        select(
            RuleMonth.rule_id,
            RuleMonth.month,
            RuleMonth.kept,
            RuleMonth.dismissed,
            RuleMonth.aside,
            RuleMonth.help,
            RuleMonth.kept_once,
            RuleMonth.dismissed_once,
            RuleMonth.reasons,
        ).order_by(RuleMonth.rule_id, RuleMonth.month)
    )
    for rule, month, kept, dismissed, aside, help_, kept_once, dismissed_once, reasons in rows:
        counts = Counts(
            month,
            kept,
            dismissed,
            aside,
            help_,
            kept_once,
            dismissed_once,
            tuple(sorted(reasons.items())),
        )
        found.setdefault(rule, []).append(counts)
    return found


def _unmet(session: Session, rules: Iterable[LearnedRule], live: Mapping[str, int]) -> list[Unmet]:
    found = [row for row in rules if row.name in live and row.last_hit_at is None]
    seen = _seen_since(session, sorted({row.known_since for row in found}))
    return [
        Unmet(row.name, live[row.name], row.known_since, seen[row.known_since])
        for row in sorted(found, key=lambda row: (row.known_since, row.name))
    ]


def _seen_since(session: Session, moments: Sequence[datetime]) -> dict[datetime, int]:
    """How many posts were looked at from the days of these moments on."""
    days = session.execute(select(Intake.day, func.sum(Intake.seen)).group_by(Intake.day)).all()
    return {
        moment: sum(int(seen) for day, seen in days if day >= office_time(moment).date())
        for moment in moments
    }


def _decided(session: Session) -> dict[str, int]:
    rows = session.execute(select(LearnedPost.outcome, func.count()).group_by(LearnedPost.outcome))
    return {row[0]: row[1] for row in rows}
