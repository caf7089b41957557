"""From verdicts and their evidence to the judgement that an officer reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.rules.compiled import Compiled
from search.rules.judgement import Hit, Judgement, Kind, Level, Reason
from search.rules.model import Signal
from search.rules.scanning import Evidence, Span
from search.rules.verdict import FLOOR, kind_of, score_of, urgency_of
from search.rules.weighing import Verdict
from search.text import Spans

#: Said in every judgement on a post of which only the beginning was read.
CUT = Reason(
    "matcher/length",
    "length",
    0,
    "Bài dài hơn 1.000.000 ký tự: chỉ phần đầu được xét, phần còn lại chưa ai đọc.",
    "The post is longer than 1,000,000 characters: only its beginning was judged, the rest is unread.",
)


def judgement_of(
    text: str, spans: Spans, evidence: Evidence, flagged: Sequence[Verdict], compiled: Compiled
) -> Judgement | None:
    """What flagged packs say together, the strongest first; None where that is too little to keep."""
    signals = {n: _counted(n, evidence, compiled) for v in flagged for n in v.signals}
    kind = kind_of(flagged, list(signals.values()))
    score = score_of(flagged, list(signals.values()), kind)
    if score < FLOOR and kind is Kind.LURE:
        return None
    if kind is Kind.OTHER and not any(v.decisive or v.pack.kind is Kind.HELP for v in flagged):
        return None  # an honest offer, a question, trade: nobody's business
    return Judgement(
        score=score,
        level=Level.of(score),
        kind=kind,
        groups=tuple(sorted({group for verdict in flagged for group in verdict.groups})),
        hits=_hits(signals, evidence.spans, spans, text, compiled.names),
        reasons=_reasons(signals, flagged, compiled.names),
        urgent=urgency_of(signals.values(), flagged, kind),
        packs=tuple(verdict.pack.id for verdict in flagged),
    )


def in_text(spans: Spans, span: Span) -> Span:
    """Tokens [start, end) as characters [start, end) of the original."""
    return spans.starts[span[0]], spans.ends[span[1] - 1]


def _counted(number: int, evidence: Evidence, compiled: Compiled) -> Signal:
    """A signal with the weight it has here: what lowers counts half where other words are as likely.

    Without diacritics "dua" may be "đùa" (joke), "đưa" (take) and more.
    """
    signal = compiled.signals[number].signal
    worded = bool(signal.phrases or signal.patterns)
    if signal.weight >= 0 or not worded or number in evidence.certain:
        return signal
    return replace(signal, weight=signal.weight // 2)


def _hits(
    signals: Mapping[int, Signal],
    evidence: Mapping[int, Sequence[Span]],
    spans: Spans,
    text: str,
    names: Sequence[str],
) -> tuple[Hit, ...]:
    hits = []
    for number, signal in signals.items():
        for span in evidence[number]:
            start, end = in_text(spans, span)
            hits.append(Hit(names[number], signal.group, start, end, text[start:end]))
    return tuple(sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.signal)))


def _reasons(
    signals: Mapping[int, Signal], flagged: Sequence[Verdict], names: Sequence[str]
) -> tuple[Reason, ...]:
    reasons = [Reason(names[n], s.group, s.weight, s.why.vi, s.why.en) for n, s in signals.items()]
    reasons += [
        Reason(f"{v.pack.id}/{c.id}", "combination", c.weight, c.why.vi, c.why.en)
        for v in flagged
        for c in v.combinations
    ]
    return tuple(sorted(reasons, key=lambda reason: -reason.weight))
