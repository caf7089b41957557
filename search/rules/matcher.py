"""Judges the text of a post: pure, without web, database or network.

In steps, each of which turns most posts away: folded words that could belong to literals, a glimpse at
the wording, the literals with their order and distance, the wording as a whole, figures, the literals with
diacritics, the rules without offsets, and only then the rules with offsets and sentences.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.rules import kept
from search.rules.amounts import amounts_in
from search.rules.compiled import Compiled
from search.rules.facts import (
    SEEN_FROM_AFAR,
    SUM,
    applies,
    handles_in,
    minors_in,
    phones_in,
    possible_facts,
    returns_in,
    sums_for,
    year_of,
)
from search.rules.judgement import Context, Hit, Judgement, Kind, Level, Reason
from search.rules.likeness import Likeness
from search.rules.literals import Found
from search.rules.model import Pack, Scope, Signal
from search.rules.scanning import Evidence, Reading, Span, mask_of, numbers
from search.rules.verdict import FLOOR, kind_of, score_of, urgency_of
from search.rules.weighing import MEMO, Verdict, Weigher
from search.rules.wording import ASKED, Wording, shipped_wording
from search.text import Spans, Tokens, fold_settled, normalise_spans, tokenise

#: Longer posts are judged on their first characters only; so many take about a second.
MAX_LENGTH = 1_000_000
_SENTENCE = re.compile(r"[.!?;\n\u2026]")

#: Said in every judgement on a post of which only the beginning was read.
CUT = Reason(
    "matcher/length",
    "length",
    0,
    "Bài dài hơn 1.000.000 ký tự: chỉ phần đầu được xét, phần còn lại chưa ai đọc.",
    "The post is longer than 1,000,000 characters: only its beginning was judged, the rest is unread.",
)

__all__ = ["Context", "Hit", "Judgement", "Kind", "Level", "Matcher", "Reason"]


class Matcher:
    """All live rules of some packs, ready to judge any number of texts.

    Immutable apart from a cache; `version` is a digest of the packs, the normaliser and the table of wording
    (the shipped one, if none is given). With `keep` what the packs come to is read from a file of the data
    folder, or left there for the next process.
    """

    def __init__(
        self, packs: Sequence[Pack], wording: Wording | None = None, *, keep: bool = False
    ) -> None:
        self.packs = tuple(packs)
        self._compiled = Compiled(self.packs, keep=keep)
        self._weighers = [Weigher(pack, self._compiled) for pack in self.packs if not pack.shared]
        self._unworded = [
            number
            for number, placed in enumerate(self._compiled.signals)
            if placed.signal.amounts or placed.signal.facts
        ]
        self._wording = wording or shipped_wording()
        self._alike = {
            fact: mask_of(
                n for n in self._unworded if fact in self._compiled.signals[n].signal.facts
            )
            for fact in ASKED
        }
        self._alikes = mask_of(
            n
            for n in self._unworded
            if not ASKED.isdisjoint(self._compiled.signals[n].signal.facts)
        )
        self._figures = mask_of(self._unworded) & ~self._alikes
        self._counts = 0
        for weigher in self._weighers:
            self._counts |= weigher.counts
        self._compiled.watch(self._counts)
        self._known: dict[int, Sequence[Weigher]] = {}
        self._figured: dict[frozenset[str], int] = {}
        self._likely: dict[frozenset[str], int] = {}
        self._limited = {
            number
            for number, placed in enumerate(self._compiled.signals)
            if placed.signal.scope != Scope()
        }

    @property
    def is_sound(self) -> bool:
        """Whether the packs were examined before, by this or another process."""
        return kept.is_sound(self._compiled.file)

    def tell_sound(self) -> None:
        """Spares the next process examining the packs."""
        kept.tell_sound(self._compiled.file)

    @property
    def version(self) -> str:
        """Another string means that a post may be judged otherwise."""
        return f"{self._compiled.version[:24]}{self._wording.digest[:8]}"

    def match(self, text: str, context: Context | None = None) -> Judgement | None:
        """The judgement on `text`, or None where there is nothing to keep. Never raises.

        Of a post longer than `MAX_LENGTH` the beginning is judged, and the judgement says so; where there
        is none, `too_long` tells.
        """
        judgement = self._match(text[:MAX_LENGTH], context or Context())
        if judgement is None or not self.too_long(text):
            return judgement
        return replace(judgement, reasons=(*judgement.reasons, CUT))

    @staticmethod
    def too_long(text: str) -> bool:
        """Whether only the beginning of `text` is judged: then None says nothing of the rest."""
        return len(text) > MAX_LENGTH

    def _match(self, text: str, context: Context) -> Judgement | None:
        padded, settled = fold_settled(text)
        words = tuple(padded.split())
        likeness = Likeness(self._wording, padded, text, settled=settled)
        figures = self._possible_figures(text, padded)
        if not self._glance(words, likeness, figures):
            return None
        found = self._compiled.find(words)
        weighers = self._worth_reading(found, likeness, figures)
        if not weighers:
            return None
        return self._judge(text, _reading(tokenise(text)), found, context, weighers, likeness)

    def _glance(self, words: tuple[str, ...], likeness: Likeness, figures: int) -> bool:
        """Whether any pack could flag by folded words, wherever they stand; none for nearly all posts."""
        compiled, bits = self._compiled, self._compiled.bits_in(words)
        present = compiled.proven(bits, compiled.whole(bits)) | figures
        if not self._able(present | self._alikes):
            return False
        return likeness.glimpsed or bool(self._able(present | self._possible(likeness)))

    def _worth_reading(self, found: Found, likeness: Likeness, figures: int) -> Sequence[Weigher]:
        """The packs that could flag by what stands in a folded text.

        First by the literals that are there at all, then by the wording, which takes longer, and then
        by those that stand in order and near each other.
        """
        compiled, bits = self._compiled, 0
        for _, literal in found:
            bits |= literal[4]
        whole = compiled.whole(bits)
        present = compiled.proven(bits, whole) | figures
        if not self._able(present | self._alikes):
            return ()
        possible = self._possible(likeness)
        weighers = self._able(present | possible)
        if not weighers or not whole:
            return weighers
        present = compiled.proven(bits, compiled.in_place(found, whole)) | figures
        return self._able(present | possible)

    def _possible_figures(self, text: str, padded: str) -> int:
        """The signals that figures and names of accounts may prove: a bit for each."""
        facts = possible_facts(text, padded)
        mask = self._figured.get(facts)
        if mask is None:
            mask = mask_of(n for n in numbers(self._figures) if self._could_be(n, facts))
            self._figured[facts] = mask
        return mask

    def _could_be(self, number: int, facts: frozenset[str]) -> bool:
        signal = self._compiled.signals[number].signal
        if signal.amounts and SUM in facts:
            return True
        return any(fact in facts or fact not in SEEN_FROM_AFAR for fact in signal.facts)

    def _possible(self, likeness: Likeness) -> int:
        """The signals that a likeness may prove: a bit for each."""
        if not self._alikes:
            return 0
        mask = self._likely.get(likeness.possible)
        if mask is None:
            mask = 0
            for fact in likeness.possible:
                mask |= self._alike[fact]
            self._likely[likeness.possible] = mask
        return mask

    def match_with(self, pack: str, text: str) -> Judgement | None:
        """The judgement of one pack alone, whatever the others say; for its own examples."""
        text = text[:MAX_LENGTH]
        reading = _reading(tokenise(text))
        chosen = [weigher for weigher in self._weighers if weigher.pack.id == pack]
        # How unlike a text is shows beside all packs only, and not beside one with those it uses.
        likeness = Likeness(self._wording, reading.folded, text, lowering=False)
        return self._judge(text, reading, self._find(reading), Context(), chosen, likeness)

    def evidence(self, text: str, context: Context | None = None) -> dict[str, list[Span]]:
        """Signal name -> [start, end) in `text`, whether or not it is flagged; for the rule lab."""
        text = text[:MAX_LENGTH]
        spans, reading = normalise_spans(text), _reading(tokenise(text))
        met = self._compiled.meet(reading, self._find(reading))
        likeness = Likeness(self._wording, reading.folded, text)
        figures = self._figures_in(text, reading, context or Context())
        worded = self._compiled.evidence(met, _breaks(text, spans))
        found = self._evidence(worded, figures, context or Context(), likeness)
        names = self._compiled.signals
        return {
            names[n].name: [_in_text(spans, s) for s in where] for n, where in found.spans.items()
        }

    def _find(self, reading: Reading) -> Found:
        return self._compiled.find(tuple(reading.folded.split()))

    def _able(self, present: int) -> Sequence[Weigher]:
        """The packs that could flag with these signals, a bit for each; fewer signals, fewer packs."""
        counting = present & self._counts
        known = self._known.get(counting)
        if known is None:
            if len(self._known) > MEMO:
                self._known.clear()
            able = tuple(weigher for weigher in self._weighers if weigher.could_flag(counting))
            known = self._known[counting] = able
        return known

    def _figures_in(self, text: str, reading: Reading, context: Context) -> dict[int, list[Span]]:
        """What signals see besides words, in whatever scope: sums, numbers, names of accounts, ages."""
        sums = amounts_in(reading.kept)
        facts = {
            "handle": handles_in(text, len(reading.kept)),
            "return": returns_in(sums, reading.kept),
            "phone": phones_in(reading.folded),
            "minor": minors_in(reading.kept, year_of(context)),
        }
        found: dict[int, list[Span]] = {}
        if not sums and not any(facts.values()):
            return found
        for number in numbers(self._figures):
            signal = self._compiled.signals[number].signal
            more = sums_for(signal, sums) if sums else []
            for name in signal.facts:
                more.extend(facts.get(name, ()))
            if more:
                found[number] = more
        return found

    def _evidence(
        self,
        worded: Evidence,
        figures: Mapping[int, list[Span]],
        context: Context,
        likeness: Likeness,
    ) -> Evidence:
        found = dict(worded.spans)
        for number, more in figures.items():
            found[number] = found.get(number, []) + more
        if self._alikes:
            self._liken(found, likeness)
        for number in self._limited & found.keys():
            if not applies(self._compiled.signals[number].signal, context):
                del found[number]
        return Evidence(found, worded.certain)

    def _judge(
        self,
        text: str,
        reading: Reading,
        found: Found,
        context: Context,
        weighers: Sequence[Weigher],
        likeness: Likeness,
    ) -> Judgement | None:
        possible = self._possible(likeness)
        met = self._compiled.meet(reading, found)
        present = self._compiled.proven(met.bits, self._compiled.whole(met.bits)) | possible
        weighers = [one for one in self._able(present | self._figures) if one in weighers]
        if not weighers:
            return None
        figures = self._figures_in(text, reading, context)
        others = mask_of(figures) | possible
        weighers = [one for one in self._able(present | others) if one in weighers]
        if not weighers:
            return None
        worded = self._compiled.evidence(met, frozenset())
        if not self._able(mask_of(worded.spans) | others):
            return None
        loose = self._evidence(worded, figures, context, likeness)
        likely = self._able(mask_of(loose.spans))
        if not any(weigher.weigh(loose).flagged for weigher in weighers if weigher in likely):
            return None
        spans = normalise_spans(text)
        worded = self._compiled.evidence(met, _breaks(text, spans))
        evidence = self._evidence(worded, figures, context, likeness)
        verdicts = [weigher.weigh_closely(evidence, len(reading.kept)) for weigher in weighers]
        flagged = sorted((v for v in verdicts if v.flagged), key=lambda v: -v.total)
        return self._judgement(text, spans, evidence, flagged) if flagged else None

    def _judgement(
        self, text: str, spans: Spans, evidence: Evidence, flagged: Sequence[Verdict]
    ) -> Judgement | None:
        signals = {n: self._counted(n, evidence) for v in flagged for n in v.signals}
        kind = kind_of(flagged, list(signals.values()))
        score = score_of(flagged, list(signals.values()), kind)
        if score < FLOOR and kind is Kind.LURE:
            return None
        return Judgement(
            score=score,
            level=Level.of(score),
            kind=kind,
            groups=tuple(sorted({group for verdict in flagged for group in verdict.groups})),
            hits=self._hits(signals, evidence.spans, spans, text),
            reasons=self._reasons(signals, flagged),
            urgent=urgency_of(signals.values(), flagged, kind),
            packs=tuple(verdict.pack.id for verdict in flagged),
        )

    def _counted(self, number: int, evidence: Evidence) -> Signal:
        """A signal with the weight it has here: what lowers counts half where other words are as likely.

        Without diacritics "dua" may be "đùa" (joke), "đưa" (take) and more.
        """
        signal = self._compiled.signals[number].signal
        worded = bool(signal.phrases or signal.patterns)
        if signal.weight >= 0 or not worded or number in evidence.certain:
            return signal
        return replace(signal, weight=signal.weight // 2)

    def _liken(self, found: dict[int, list[Span]], likeness: Likeness) -> None:
        """Adds what the words and the signals found say together; see `search.rules.wording`."""
        names = [self._compiled.signals[number].name for number in found]
        for fact, spans in likeness.spans(names).items():
            for number in numbers(self._alike[fact]):
                if spans:
                    found[number] = [*found.get(number, ()), *spans]

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


def _reading(tokens: Tokens) -> Reading:
    return Reading(tokens.kept, tokens.folded, tokens.written)


def _breaks(text: str, spans: Spans) -> frozenset[int]:
    """The tokens after which a sentence or a line ends in the original."""
    between = enumerate(zip(spans.ends, spans.starts[1:], strict=False))
    return frozenset(at for at, (end, start) in between if _SENTENCE.search(text, end, start))


def _in_text(spans: Spans, span: Span) -> Span:
    return spans.starts[span[0]], spans.ends[span[1] - 1]
