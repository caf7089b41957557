"""Judges the text of a post: pure, without web, database or network.

Most posts are turned away on their folded form alone; only those that could be flagged are read with
diacritics and offsets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from search.rules.amounts import Amount, amounts_in
from search.rules.compiled import Compiled, Evidence, Reading, Span
from search.rules.judgement import Context, Hit, Judgement, Kind, Level, Reason
from search.rules.model import AmountRule, Combination, Pack, Signal
from search.rules.weighing import Verdict, Weigher, kinds_of
from search.text import Spans, fold, normalise_spans

#: Longer posts are judged on their first characters only.
MAX_LENGTH = 100_000
#: Evidence that a text is no lure has to be this strong, and stronger where it gives a number to call.
KIND_STRENGTH, WITH_CONTACT, BEGGING = 20, 15, 60
#: A recognised warning or news item keeps at most this score, so that the queue shows it last.
SUNK = 20
#: Below this, lowered evidence is not worth an officer's time unless part of it is decisive.
FLOOR = 34
_MEMO = 1 << 16
_FIGURES = re.compile(r"[0-9]| (?:trieu|ngan|nghin|chuc|cu|ty) ")
_SENTENCE = re.compile(r"[.!?;\n\u2026]")
_PHONE = re.compile(
    r" (?:0|84 ?|855 ?|95 ?9)(?:[0-9] ?){8,10}(?= )"
    r"| (?:zalo|so|thoai|he|telegram|goi|so nay) 0[35789][0-9x]{0,3}(?= )"
)

__all__ = ["Context", "Hit", "Judgement", "Kind", "Level", "Matcher", "Reason"]


class Matcher:
    """All live rules of some packs, ready to judge any number of texts.

    Immutable apart from a cache; `version` is a digest of the packs and the normaliser.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self._compiled = Compiled(self.packs)
        self._weighers = [Weigher(pack, self._compiled) for pack in self.packs if not pack.shared]
        self._unworded = {
            number
            for number, placed in enumerate(self._compiled.signals)
            if placed.signal.amounts or placed.signal.facts
        }
        needed = {number for weigher in self._weighers for number in weigher.needed}
        self._gate = self._compiled.gate(needed)
        self._always = not needed.isdisjoint(self._unworded)
        self._possible: dict[int, bool] = {}

    @property
    def version(self) -> str:
        """Another string means that a post may be judged otherwise."""
        return self._compiled.version

    def match(self, text: str, context: Context | None = None) -> Judgement | None:
        """The judgement on `text`, or None where there is nothing to keep. Never raises."""
        text = text[:MAX_LENGTH]
        folded = f" {fold(text)} "
        bits = self._compiled.bits(folded)
        if not (self._always or self._gate.opens(bits)) or not self._could_flag(
            bits, figures=bool(_FIGURES.search(folded))
        ):
            return None
        return self._judge(text, context or Context(), self._weighers)

    def match_with(self, pack: str, text: str) -> Judgement | None:
        """The judgement of one pack alone, whatever the others say; for its own examples."""
        chosen = [weigher for weigher in self._weighers if weigher.pack.id == pack]
        return self._judge(text[:MAX_LENGTH], Context(), chosen)

    def evidence(self, text: str, context: Context | None = None) -> dict[str, list[Span]]:
        """Signal name -> [start, end) in `text`, whether or not it is flagged; for the rule lab."""
        text = text[:MAX_LENGTH]
        spans = normalise_spans(text)
        found = self._evidence(text, spans, context or Context())
        names = self._compiled.signals
        return {
            names[n].name: [_in_text(spans, s) for s in where] for n, where in found.spans.items()
        }

    def _could_flag(self, bits: int, *, figures: bool) -> bool:
        """Whether a text with these words, and figures or none, is worth reading with diacritics."""
        key = bits << 1 | figures
        known = self._possible.get(key)
        if known is None:
            present = self._compiled.proven(bits) | (self._unworded if figures else set())
            known = any(weigher.could_flag(present) for weigher in self._weighers)
            if len(self._possible) > _MEMO:
                self._possible.clear()
            self._possible[key] = known
        return known

    def _evidence(self, text: str, spans: Spans, context: Context) -> Evidence:
        reading = _reading(text, spans)
        worded = self._compiled.evidence(reading)
        found = dict(worded.spans)
        sums = amounts_in(reading.kept)
        for number in self._unworded:
            signal = self._compiled.signals[number].signal
            more = _sums_for(signal, sums) + _facts_for(signal, spans)
            if more:
                found[number] = found.get(number, []) + more
        applying = {
            number: where
            for number, where in found.items()
            if _applies(self._compiled.signals[number].signal, context)
        }
        return Evidence(applying, worded.certain)

    def _judge(self, text: str, context: Context, weighers: Sequence[Weigher]) -> Judgement | None:
        spans = normalise_spans(text)
        evidence = self._evidence(text, spans, context)
        verdicts = [weigher.weigh(evidence) for weigher in weighers]
        flagged = sorted((v for v in verdicts if v.flagged), key=lambda v: -v.total)
        if not flagged:
            return None
        signals = {n: self._compiled.signals[n].signal for v in flagged for n in v.signals}
        kind = _kind(flagged, list(signals.values()))
        score = _score(flagged, list(signals.values()), kind)
        if score < FLOOR and kind is Kind.LURE:
            return None
        return Judgement(
            score=score,
            level=Level.of(score),
            kind=kind,
            groups=tuple(sorted({group for verdict in flagged for group in verdict.groups})),
            hits=self._hits(signals, evidence.spans, spans, text),
            reasons=self._reasons(signals, flagged),
            urgent=_urgent(signals.values(), flagged, kind),
            packs=tuple(verdict.pack.id for verdict in flagged),
        )

    def _hits(
        self,
        signals: Mapping[int, Signal],
        evidence: Mapping[int, Sequence[Span]],
        spans: Spans,
        text: str,
    ) -> tuple[Hit, ...]:
        hits = []
        for number, signal in signals.items():
            for span in evidence[number]:
                start, end = _in_text(spans, span)
                name = self._compiled.signals[number].name
                hits.append(Hit(name, signal.group, start, end, text[start:end]))
        return tuple(sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.signal)))

    def _reasons(
        self, signals: Mapping[int, Signal], flagged: Sequence[Verdict]
    ) -> tuple[Reason, ...]:
        reasons = [
            Reason(self._compiled.signals[n].name, s.group, s.weight, s.why.vi, s.why.en)
            for n, s in signals.items()
        ]
        reasons += [
            Reason(f"{v.pack.id}/{c.id}", "combination", c.weight, c.why.vi, c.why.en)
            for v in flagged
            for c in v.combinations
        ]
        return tuple(sorted(reasons, key=lambda reason: -reason.weight))


def _reading(text: str, spans: Spans) -> Reading:
    kept = tuple(spans.normal.kept.split(" ")) if spans.normal.kept else ()
    between = zip(spans.ends, spans.starts[1:], strict=False)
    breaks = (at for at, (end, start) in enumerate(between) if _SENTENCE.search(text, end, start))
    marked = (
        at
        for at, token in enumerate(kept)
        if not token.isascii() and not text[spans.starts[at] : spans.ends[at]].isascii()
    )
    return Reading(kept, spans.normal.folded, frozenset(breaks), frozenset(marked))


def _applies(signal: Signal, context: Context) -> bool:
    scope = signal.scope
    limits = (
        (scope.source, context.source),
        (scope.platform, context.platform),
        (scope.language, context.language),
    )
    return all(not allowed or actual in allowed for allowed, actual in limits)


def _sums_for(signal: Signal, sums: Sequence[Amount]) -> list[Span]:
    return [(s.start, s.end) for s in sums if any(_fits(rule, s) for rule in signal.amounts)]


def _fits(rule: AmountRule, amount: Amount) -> bool:
    if amount.value < rule.least or (rule.most is not None and amount.value > rule.most):
        return False
    if rule.currency and amount.currency not in rule.currency:
        return False
    return not rule.per or (amount.per or "none") in rule.per


def _facts_for(signal: Signal, spans: Spans) -> list[Span]:
    """Telephone numbers, also those cut short: enough to see that one is given."""
    if "phone" not in signal.facts:
        return []
    padded = f" {spans.normal.folded} "
    found = []
    for match in _PHONE.finditer(padded):
        first = padded.count(" ", 0, match.start())
        found.append((first, first + len(match[0].split())))
    return found


def _in_text(spans: Spans, span: Span) -> Span:
    return spans.starts[span[0]], spans.ends[span[1] - 1]


def _kind(flagged: Sequence[Verdict], signals: Sequence[Signal]) -> Kind:
    """What the post is: the kind that the innocent signals speak for, if they speak loudly enough.

    One who begs is heard whatever else the text says; one who is only told of is news.
    """
    helping = [verdict for verdict in flagged if verdict.pack.kind is Kind.HELP]
    begging = any("help" in verdict.groups for verdict in helping)
    if begging or len(helping) == len(flagged):
        needed = BEGGING if begging else KIND_STRENGTH
    else:
        called = any(signal.group == "off_platform" for signal in signals)
        needed = KIND_STRENGTH + (WITH_CONTACT if called else 0)
    strengths = kinds_of(signals)
    strongest = max(strengths, key=lambda kind: strengths[kind], default=Kind.LURE)
    if strengths.get(strongest, 0) >= needed:
        return strongest
    return Kind.HELP if begging or len(helping) == len(flagged) else Kind.LURE


def _score(flagged: Sequence[Verdict], signals: Sequence[Signal], kind: Kind) -> int:
    """0 to 100. Recognised warnings and news sink; what lowers never erases decisive evidence."""
    total = flagged[0].total + 5 * (len(flagged) - 1)
    if kind is Kind.HELP:
        return min(100, max(total, 40))
    if kind is not Kind.LURE:
        return min(SUNK, total // 3)
    lowered = total + sum(signal.weight for signal in signals if signal.weight < 0)
    if any(verdict.decisive for verdict in flagged):
        lowered = max(lowered, FLOOR)
    return max(0, min(100, lowered))


def _urgent(
    signals: Iterable[Signal],
    flagged: Sequence[Verdict],
    kind: Kind,
) -> tuple[str, ...]:
    """Why the post cannot wait; warnings and news can."""
    if kind not in {Kind.LURE, Kind.HELP}:
        return ()
    combinations: list[Combination] = [c for v in flagged for c in v.combinations]
    found = {s.urgent for s in signals if s.urgent} | {c.urgent for c in combinations if c.urgent}
    if kind is Kind.HELP:
        found.add("help")
    return tuple(sorted(found))
