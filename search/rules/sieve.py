"""Which packs could flag a post, in steps that each look closer: nearly every post is turned away early.

Every step allows more than the next, so that none turns away what the whole would flag.
"""

from collections.abc import Sequence

from search.rules.compiled import Compiled
from search.rules.facts import SEEN_FROM_AFAR, SUM, possible_facts
from search.rules.likeness import Likeness
from search.rules.literals import Looked, bits_of
from search.rules.scanning import mask_of, numbers
from search.rules.weighing import MEMO, Weigher
from search.rules.wording import ASKED


class Sieve:
    """The packs and what they can still be flagged by. Immutable but for what it remembers.

    `figures` are the signals that see sums, numbers and names of accounts: a bit for each; `alike` those that
    ask for a likeness, by what they ask for.
    """

    def __init__(self, compiled: Compiled, weighers: Sequence[Weigher]) -> None:
        self._compiled, self._weighers = compiled, weighers
        signals = [placed.signal for placed in compiled.signals]
        self.alike = {
            fact: mask_of(n for n, signal in enumerate(signals) if fact in signal.facts)
            for fact in ASKED
        }
        alike = mask_of(n for n, one in enumerate(signals) if not ASKED.isdisjoint(one.facts))
        unworded = mask_of(n for n, signal in enumerate(signals) if signal.amounts or signal.facts)
        self.alikes, self.figures = alike, unworded & ~alike
        self._counts = 0
        for weigher in weighers:
            self._counts |= weigher.counts
        compiled.watch(self._counts)
        self._known: dict[int, Sequence[Weigher]] = {}
        self._figured: dict[frozenset[str], int] = {}
        self._likely: dict[frozenset[str], int] = {}

    def able(self, present: int) -> Sequence[Weigher]:
        """The packs that could flag with these signals, a bit for each; fewer signals, fewer packs."""
        counting = present & self._counts
        known = self._known.get(counting)
        if known is None:
            if len(self._known) > MEMO:
                self._known.clear()
            able = tuple(weigher for weigher in self._weighers if weigher.could_flag(counting))
            known = self._known[counting] = able
        return known

    def glance(self, looked: Looked, likeness: Likeness, figures: int) -> bool:
        """Whether any pack could flag by folded words, wherever they stand; none for nearly all posts."""
        present = self.proven(bits_of(looked)) | figures
        return bool(self.able(present | self.possible(likeness)))

    def proven(self, bits: int) -> int:
        """The signals that those bits might prove, wherever their words stand: a bit for each."""
        return self._compiled.proven(bits, self._compiled.whole(bits))

    def by_bits(self, bits: int, likeness: Likeness, figures: int) -> Sequence[Weigher]:
        """The packs that could flag by what stands there with its diacritics, wherever it stands."""
        return self.able(self.proven(bits) | figures | self.possible(likeness))

    def possible(self, likeness: Likeness) -> int:
        """The signals that a likeness may prove: a bit for each."""
        if not self.alikes:
            return 0
        mask = self._likely.get(likeness.possible)
        if mask is None:
            mask = 0
            for fact in likeness.possible:
                mask |= self.alike[fact]
            self._likely[likeness.possible] = mask
        return mask

    def possible_figures(self, text: str, padded: str) -> int:
        """The signals that figures and names of accounts may prove: a bit for each."""
        facts = possible_facts(text, padded)
        mask = self._figured.get(facts)
        if mask is None:
            mask = mask_of(n for n in numbers(self.figures) if self._could_be(n, facts))
            self._figured[facts] = mask
        return mask

    def _could_be(self, number: int, facts: frozenset[str]) -> bool:
        signal = self._compiled.signals[number].signal
        if signal.amounts and SUM in facts:
            return True
        return any(fact in facts or fact not in SEEN_FROM_AFAR for fact in signal.facts)
