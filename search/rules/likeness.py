"""How alike one text is to the labelled posts: worked out step by step, only as far as it is asked for."""

from collections.abc import Iterable
from functools import cached_property

from search.rules.traits import Traits, traits_of
from search.rules.wording import FACTS, HELP, LOWERING, Span, Wording


class Likeness:
    """The likeness of one folded text; its words are taken apart when they are first asked for."""

    def __init__(
        self,
        wording: Wording,
        folded: str,
        text: str,
        *,
        lowering: bool = True,
        settled: bool = False,
    ) -> None:
        self._wording, self._folded, self._text = wording, folded, text
        self._lowering, self._settled = lowering, settled
        self._loudest: dict[bool, list[Span]] = {}
        self._told: dict[tuple[str, ...], dict[str, list[Span]]] = {}

    @cached_property
    def traits(self) -> Traits:
        return traits_of(self._folded, self._text, settled=self._settled)

    @cached_property
    def _scores(self) -> tuple[float, float, float]:
        return self._wording.scores(self.traits)

    @cached_property
    def glimpsed(self) -> bool:
        """Whether single words leave anything but `LOWERING` possible: cheap, for nearly every post."""
        least = self._wording.least
        lure, helping = self._wording.glance(self._folded.split())
        return lure >= least["glance"] or helping >= least["glance_help"]

    @cached_property
    def possible(self) -> frozenset[str]:
        """What could come out once the signals are known: judged by the words alone, generously.

        Asked only where a glimpse and the rules leave a flag possible.
        """
        least = self._wording.least
        found = set(LOWERING)
        if not self.glimpsed:
            return frozenset(found)
        lure, helping, _ = self._scores
        if lure >= least["likely"]:
            found.update(set(FACTS) - {HELP})
        if helping >= least["likely_help"]:
            found.add(HELP)
        return frozenset(found)

    def spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        """For each fact that is true the words that spoke loudest; what is unlike has no such words."""
        asked = tuple(signals)
        if asked not in self._told:
            self._told[asked] = self._spans(asked)
        return self._told[asked]

    def _spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        if not self._wording.knows(self.traits.texts):
            return {}
        words = self.traits.words
        everything = [(0, words[-1].end)] if words else []
        return {
            fact: everything if fact in LOWERING else self._strongest(helping=fact == HELP)
            for fact in self._wording.reached(self._wording.added(self._scores, signals))
            if self._lowering or fact in FACTS
        }

    def _strongest(self, *, helping: bool) -> list[Span]:
        """Worked out once: it does not change with the signals."""
        if helping not in self._loudest:
            words = self.traits.words
            self._loudest[helping] = self._wording.strongest(words, helping=helping)
        return self._loudest[helping]
