"""Shadow (chạy thầm): rules that judge beside the live ones and are counted, but never flag.

Counted are texts that are judged for the first time; of texts that are not kept nothing is written but a
figure. A few ids of kept posts on which both sets of rules disagree are remembered as examples.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.clock import office_time
from foundation.database import insert_into
from foundation.errors import InvalidInput
from search.lab.models import ShadowDay, ShadowExample
from search.lab.office import OfficeRules, fits
from search.rules.judgement import Context, Judgement, Kind
from search.rules.matcher import Matcher
from search.rules.model import Pack, State
from search.rules.pack import read_pack

MOST_EXAMPLES = 50
#: Rules in shadow cost a matching each: more than these are not judged.
MOST_SHADOWS = 3
ALARMS = frozenset({Kind.LURE, Kind.HELP})
log = structlog.get_logger()


def raises(judgement: Judgement | None) -> bool:
    """Whether the rules would bring a post before an officer: a lure, or a person who needs help."""
    return judgement is not None and judgement.kind in ALARMS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules in shadow said of one text, beside the live ones."""

    pack: str
    digest: str
    live: bool
    shadow: bool

    @property
    def word(self) -> str:
        """both, new, gone or neither."""
        if self.shadow:
            return "both" if self.live else "new"
        return "gone" if self.live else "neither"


@dataclass(frozen=True, slots=True)
class Shadow:
    """One pack in shadow, in the place where it would stand among the office's packs."""

    pack: str
    digest: str
    matcher: Matcher


class Shadows:
    """All that is in shadow at one moment."""

    def __init__(self, shadows: Sequence[Shadow]) -> None:
        self.shadows = tuple(shadows)

    def __bool__(self) -> bool:
        return bool(self.shadows)

    def judge(self, text: str, context: Context, live: Judgement | None) -> tuple[Outcome, ...]:
        """One outcome for each; a fault in shadow is nobody's misfortune but its own."""
        found = []
        for one in self.shadows:
            shadow = raises(one.matcher.match(text, context))
            found.append(Outcome(one.pack, one.digest, raises(live), shadow))
        return tuple(found)


def shadows_of(office: OfficeRules, watching: Iterable[tuple[str, str, str]]) -> Shadows:
    """Revisions in shadow (pack, digest, text), and live packs that hold signals in shadow."""
    packs = []
    for pack_id, digest, text in watching:
        try:
            pack = read_pack(text, [one for one in office.shared if one.id != pack_id])
        except InvalidInput as error:
            log.warning("rules in shadow cannot be used", pack=pack_id, why=str(error))
            continue
        packs.append(replace(pack, digest=digest))
    packs += [promoted(pack) for pack in office.packs if _has_shadow(pack)]
    once = {(pack.id, pack.digest): pack for pack in packs}.values()
    usable = [pack for pack in once if fits(pack, office.packs) is None][:MOST_SHADOWS]
    return Shadows([Shadow(p.id, p.digest, Matcher(office.with_pack(p))) for p in usable])


def promoted(pack: Pack) -> Pack:
    """The pack as it would be if its signals and combinations in shadow were live."""

    def lifted(state: State) -> State:
        return State.LIVE if state is State.SHADOW else state

    return replace(
        pack,
        signals=tuple(replace(one, state=lifted(one.state)) for one in pack.signals),
        combinations=tuple(replace(one, state=lifted(one.state)) for one in pack.combinations),
    )


def _has_shadow(pack: Pack) -> bool:
    states = [signal.state for signal in pack.signals] + [c.state for c in pack.combinations]
    return State.SHADOW in states


def count(
    session: Session, judged: Iterable[tuple[Sequence[Outcome], int | None]], *, at: datetime
) -> None:
    """Add outcomes of newly judged texts, with the id of the post where it was kept. The caller commits."""
    figures: dict[tuple[str, str], Counter[str]] = {}
    examples: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for outcomes, post_id in judged:
        for outcome in outcomes:
            key = (outcome.pack, outcome.digest)
            figures.setdefault(key, Counter()).update(("seen", outcome.word))
            if post_id is not None and outcome.word in {"new", "gone"}:
                examples.setdefault(key, []).append((post_id, outcome.word))
    for key, counted in sorted(figures.items()):
        _add(session, key, counted, at)
    for key, some in sorted(examples.items()):
        _remember(session, key, some, at)


def _add(session: Session, key: tuple[str, str], counted: Counter[str], at: datetime) -> None:
    names = ("seen", "both", "new", "gone")
    values = {
        "pack": key[0],
        "digest": key[1],
        "day": office_time(at).date(),
        **{name: counted[name] for name in names},
    }
    more = {name: getattr(ShadowDay, name) + counted[name] for name in names}
    statement = insert_into(session, ShadowDay).values(**values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["pack", "digest", "day"], set_=more)
    )


def _remember(
    session: Session, key: tuple[str, str], some: Sequence[tuple[int, str]], at: datetime
) -> None:
    known = session.scalar(
        select(func.count())
        .select_from(ShadowExample)
        .where(ShadowExample.pack == key[0], ShadowExample.digest == key[1])
    )
    room = MOST_EXAMPLES - (known or 0)
    rows = [
        {"pack": key[0], "digest": key[1], "post_id": post_id, "outcome": word, "at": at}
        for post_id, word in some[: max(room, 0)]
    ]
    if rows:
        session.execute(insert_into(session, ShadowExample).values(rows).on_conflict_do_nothing())
