"""From the verdicts of the packs to one judgement: what the post is, how high the risk, how urgent."""

from collections.abc import Iterable, Sequence

from search.rules.judgement import Kind
from search.rules.model import Signal
from search.rules.weighing import Verdict, kinds_of

#: Evidence that a text is no lure has to be this strong, and stronger where it says how to answer.
KIND_STRENGTH, WITH_CONTACT, BEGGING = 20, 15, 60
#: Added where the whole is worded much like lures and not like what only looks like one.
WORDED = 25
#: A recognised warning or news item keeps at most this score, so that the queue shows it last.
SUNK = 20
#: Said of a text that is worded as only those are that look like a lure.
_INNOCENT = frozenset({"innocent_strong", "innocent_sure"})
#: Below this, lowered evidence is not worth an officer's time unless part of it is decisive.
FLOOR = 34


def kind_of(flagged: Sequence[Verdict], signals: Sequence[Signal]) -> Kind:
    """What the post is: the kind that the innocent signals speak for, if they speak loudly enough.

    One who begs is heard whatever else the text says; one who is only told of is news. Of what is worded as
    no lure ever is, even decisive words are only told of: it sinks, and is kept.
    """
    helping = [verdict for verdict in flagged if verdict.pack.kind is Kind.HELP]
    begging = any("help" in verdict.groups for verdict in helping)
    if begging or len(helping) == len(flagged):
        needed = BEGGING if begging else KIND_STRENGTH
    else:
        called = any(signal.group == "off_platform" for signal in signals)
        needed = KIND_STRENGTH + (WITH_CONTACT if called else 0)
        needed += WORDED if _worded_like_a_lure(signals) else 0
    strengths = kinds_of(signals)
    strongest = max(strengths, key=lambda kind: strengths[kind], default=Kind.LURE)
    if strengths.get(strongest, 0) >= needed:
        return strongest
    if begging or len(helping) == len(flagged):
        return Kind.HELP
    if not _facts(signals) & _INNOCENT:
        return Kind.LURE
    # Worded as no lure is: then it is rather one who is held, or somebody who tells of a lure.
    return (
        Kind.HELP
        if helping
        else Kind.LURE
        if "innocent_sure" not in _facts(signals)
        else Kind.OTHER
    )


def _facts(signals: Sequence[Signal]) -> set[str]:
    return {fact for signal in signals for fact in signal.facts}


def _worded_like_a_lure(signals: Sequence[Signal]) -> bool:
    """Whether the wording as a whole says lure, so that single words against it count less."""
    facts = _facts(signals)
    return "wording_strong" in facts and "innocent" not in facts


def score_of(flagged: Sequence[Verdict], signals: Sequence[Signal], kind: Kind) -> int:
    """0 to 100. Recognised warnings and news sink; what lowers never erases decisive evidence."""
    total = flagged[0].total + 5 * (len(flagged) - 1)
    if kind is Kind.HELP:
        return min(100, max(total, 40))
    if kind is not Kind.LURE:
        return min(SUNK, total // 3)
    unlike = sum(s.weight for s in signals if s.weight < 0 and not s.phrases and not s.patterns)
    against = sum(signal.weight for signal in signals if signal.weight < 0) - unlike
    against += max(unlike, -total * _most_taken(signals) // 5)
    lowered = total + (against // 2 if _worded_like_a_lure(signals) else against)
    if any(verdict.decisive for verdict in flagged):
        lowered = max(lowered, FLOOR)
    return max(0, min(100, lowered))


def _most_taken(signals: Sequence[Signal]) -> int:
    """How many fifths of what the rules found the wording may take away at most.

    Two; four where the text is worded as only those are that look like a lure: news, warnings, honest jobs.
    """
    return 4 if _facts(signals) & _INNOCENT else 2


def urgency_of(
    signals: Iterable[Signal],
    flagged: Sequence[Verdict],
    kind: Kind,
) -> tuple[str, ...]:
    """Why the post cannot wait; warnings and news can."""
    if kind not in {Kind.LURE, Kind.HELP}:
        return ()
    combinations = [c for v in flagged for c in v.combinations]
    found = {s.urgent for s in signals if s.urgent} | {c.urgent for c in combinations if c.urgent}
    if kind is Kind.HELP:
        found.add("help")
    return tuple(sorted(found))
