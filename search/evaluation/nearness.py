"""How near to a flag a text came that was not flagged, and by which words; for those who mend rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from search.rules.matcher import Matcher
from search.rules.model import Pack, Signal, State

#: As in weighing: a second signal of the same group adds this share of its weight.
_ECHO = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A signal met at [start, end) of a text."""

    start: int
    end: int
    signal: str


@dataclass(frozen=True, slots=True)
class Near:
    """The pack that came nearest: its evidence for, without combinations, and its threshold."""

    pack: str
    total: int
    threshold: int
    marks: tuple[Mark, ...]
    signals: tuple[str, ...]


def nearest(matcher: Matcher, text: str) -> Near:
    """The pack of lures with the most evidence for a flag; pack "" where no signal was met."""
    found = matcher.evidence(text)
    best = Near("", 0, 0, (), ())
    for pack in matcher.packs:
        if not pack.shared:
            near = _of(pack, _signals(matcher, pack), found)
            if near.total > best.total:
                best = near
    return best


def _signals(matcher: Matcher, pack: Pack) -> dict[str, Signal]:
    """Name -> signal, of all that the pack may use."""
    return {
        f"{other.id}/{signal.id}": signal
        for other in matcher.packs
        if other.id == pack.id or other.id in pack.uses
        for signal in other.signals
        if signal.state is State.LIVE
    }


def _of(
    pack: Pack, signals: Mapping[str, Signal], found: Mapping[str, list[tuple[int, int]]]
) -> Near:
    weights: dict[str, list[int]] = {}
    met = sorted(name for name in found if name in signals)
    for name in met:
        if signals[name].weight > 0:
            weights.setdefault(signals[name].group, []).append(signals[name].weight)
    total = sum(max(each) + (sum(each) - max(each)) // _ECHO for each in weights.values())
    marks = sorted((start, end, name) for name in met for start, end in found[name])
    return Near(pack.id, total, pack.threshold, tuple(Mark(*mark) for mark in marks), tuple(met))
