"""Judges the text of a post: pure, without web, database or network.

In steps, each of which turns most posts away: folded words that could belong to literals, a glimpse at
the wording, the wording as a whole, the literals with diacritics, figures, and only then the rules with
sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.rules import kept
from search.rules.amounts import amounts_in
from search.rules.compiled import Compiled
from search.rules.facts import (
    applies,
    handles_in,
    minors_in,
    phones_in,
    returns_in,
    sums_for,
    year_of,
)
from search.rules.judgement import Context, Hit, Judgement, Kind, Level, Reason
from search.rules.likeness import Likeness
from search.rules.literals import Found, Words
from search.rules.model import Pack, Scope
from search.rules.scanning import Evidence, Met, Reading, Span, mask_of, numbers
from search.rules.sentences import breaks_at, breaks_in
from search.rules.sieve import Sieve
from search.rules.telling import CUT, in_text, judgement_of
from search.rules.weighing import Verdict, Weigher
from search.rules.wording import Wording, shipped_wording
from search.text import fold_settled, kept_in, normalise_spans, tokenise

#: Longer posts are judged on their first characters only; so many take about a second.
MAX_LENGTH = 1_000_000

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
        self._wording = wording or shipped_wording()
        self._sieve = Sieve(self._compiled, self._weighers)
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
        likeness = Likeness(self._wording, padded, text, words=words, settled=settled)
        figures = self._sieve.possible_figures(text, padded)
        looked = self._compiled.look_up(words)
        if not self._sieve.glance(looked, likeness, figures):
            return None
        reading = _reading(text, words if settled else None)
        met = self._compiled.touch(reading, self._compiled.find(words, looked))
        if not self._sieve.by_bits(met.possible, likeness, figures):
            return None
        weighers = self._sieve.by_bits(self._compiled.settle(met), likeness, figures)
        return self._judge(text, reading, met, context, weighers, likeness) if weighers else None

    def match_with(self, pack: str, text: str) -> Judgement | None:
        """The judgement of one pack alone, whatever the others say; for its own examples."""
        text = text[:MAX_LENGTH]
        reading = _reading(text)
        chosen = [weigher for weigher in self._weighers if weigher.pack.id == pack]
        # How unlike a text is shows beside all packs only, and not beside one with those it uses.
        likeness = Likeness(self._wording, reading.folded, text, lowering=False)
        met = self._compiled.touch(reading, self._find(reading))
        return self._judge(text, reading, met, Context(), chosen, likeness)

    def evidence(self, text: str, context: Context | None = None) -> dict[str, list[Span]]:
        """Signal name -> [start, end) in `text`, whether or not it is flagged; for the rule lab."""
        text = text[:MAX_LENGTH]
        spans, reading = normalise_spans(text), _reading(text)
        met = self._compiled.meet(self._compiled.touch(reading, self._find(reading)))
        likeness = Likeness(self._wording, reading.folded, text)
        figures = self._figures_in(text, reading, context or Context())
        worded = self._compiled.evidence(met, breaks_at(text, spans))
        found = self._evidence(worded, figures, context or Context(), likeness)
        names = self._compiled.names
        return {names[n]: [in_text(spans, s) for s in where] for n, where in found.spans.items()}

    def _find(self, reading: Reading) -> Found:
        words = tuple(reading.folded.split())
        return self._compiled.find(words, self._compiled.look_up(words))

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
        for number in numbers(self._sieve.figures):
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
        if self._sieve.alikes:
            self._liken(found, likeness)
        for number in self._limited & found.keys():
            if not applies(self._compiled.signals[number].signal, context):
                del found[number]
        return Evidence(found, worded.certain)

    def _judge(
        self,
        text: str,
        reading: Reading,
        met: Met,
        context: Context,
        weighers: Sequence[Weigher],
        likeness: Likeness,
    ) -> Judgement | None:
        figures = self._figures_in(text, reading, context)
        others = mask_of(figures) | self._sieve.possible(likeness)
        present = self._sieve.proven(self._compiled.settle(met)) | others
        weighers = [one for one in self._sieve.able(present) if one in weighers]
        if not weighers:
            return None
        breaks = breaks_in(text) if likeness.settled else breaks_at(text, normalise_spans(text))
        worded = self._compiled.evidence(self._compiled.meet(met), breaks)
        if not self._sieve.able(mask_of(worded.spans) | others):
            return None
        evidence = self._evidence(worded, figures, context, likeness)
        flagged = self._weighed(evidence, weighers, len(reading.kept))
        if not flagged:
            return None
        return judgement_of(text, normalise_spans(text), evidence, flagged, self._compiled)

    def _weighed(
        self, evidence: Evidence, weighers: Sequence[Weigher], length: int
    ) -> list[Verdict]:
        """The verdicts of the packs that flag a post of `length` tokens by this, the strongest first."""
        likely = self._sieve.able(mask_of(evidence.spans))
        verdicts = [one.weigh_closely(evidence, length) for one in weighers if one in likely]
        flagged = [verdict for verdict in verdicts if verdict.flagged]
        return sorted(flagged, key=lambda verdict: -verdict.total)

    def _liken(self, found: dict[int, list[Span]], likeness: Likeness) -> None:
        """Adds what the words and the signals found say together; see `search.rules.wording`."""
        names = [self._compiled.names[number] for number in found]
        for fact, spans in likeness.spans(names).items():
            for number in numbers(self._sieve.alike[fact]):
                if spans:
                    found[number] = [*found.get(number, ()), *spans]


def _reading(text: str, settled: Words | None = None) -> Reading:
    """The tokens of a text; `settled` are the folded ones where nothing is read with what stands beside it."""
    if settled is not None:
        return Reading(kept_in(text), " ".join(settled), text)
    tokens = tokenise(text)
    return Reading(tokens.kept, tokens.folded, text)
