"""How alike one text is to the labelled posts: worked out step by step, only as far as it is asked for."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from search.rules.traits import Traits, traits_of
from search.rules.wording import FACTS, HELP, LOWERING, Scores, Span, Wording

#: Whether a text may be alike lures, and alike cries for help -> what may come out of it.
_POSSIBLE = {
    (lure, helping): frozenset(LOWERING)
    | (frozenset(FACTS) - {HELP} if lure else frozenset())
    | ({HELP} if helping else frozenset())
    for lure in (False, True)
    for helping in (False, True)
}


class Likeness:
    """The likeness of one folded text; its words are taken apart when they are first asked for."""

    def __init__(
        self,
        wording: Wording,
        folded: str,
        text: str,
        *,
        words: Sequence[str] | None = None,
        lowering: bool = True,
        settled: bool = False,
    ) -> None:
        self._wording, self._folded, self._text = wording, folded, text
        self._tokens = folded.split() if words is None else words
        self._lowering, self.settled = lowering, settled
        self._possible: frozenset[str] | None = None
        self._loudest: dict[bool, list[Span]] = {}
        self._told: dict[tuple[str, ...], dict[str, list[Span]]] = {}

    @cached_property
    def traits(self) -> Traits:
        return traits_of(self._folded, self._text, settled=self.settled)

    @cached_property
    def _scores(self) -> Scores:
        return self._wording.scores(self.traits)

    @property
    def possible(self) -> frozenset[str]:
        """What could come out once the signals are known: judged by the words alone, generously.

        Most texts are done with at a glance; the others are looked at, and only then read.
        """
        if self._possible is None:
            wording, words = self._wording, self._tokens
            least = wording.least
            if wording.glance(words) < least["glance"] or wording.look(words) < least["look"]:
                self._possible = _POSSIBLE[False, False]
            else:
                lure, helping, _ = self._scores
                alike = lure >= least["likely"], helping >= least["likely_help"]
                self._possible = _POSSIBLE[alike]
        return self._possible

    def spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        """For each fact that is true the words that spoke loudest; what is unlike has no such words."""
        asked = tuple(signals)
        if asked not in self._told:
            self._told[asked] = self._spans(asked)
        return self._told[asked]

    def _spans(self, signals: Sequence[str]) -> dict[str, list[Span]]:
        if not self._wording.knows(self.traits.texts):
            return {}
        words = self.traits.words
        everything = [(0, words[-1].end)] if words else []
        scores = self._wording.added(self._scores, self.traits.texts, signals)
        return {
            fact: everything if fact in LOWERING else self._strongest(helping=fact == HELP)
            for fact in self._wording.reached(scores)
            if self._lowering or fact in FACTS
        }

    def _strongest(self, *, helping: bool) -> list[Span]:
        """Worked out once: it does not change with the signals."""
        if helping not in self._loudest:
            words = self.traits.words
            self._loudest[helping] = self._wording.strongest(words, helping=helping)
        return self._loudest[helping]
