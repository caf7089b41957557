"""Words that flagged texts share and others lack, and that no rule knows yet: pure arithmetic on texts.

One text of each campaign speaks for it, and a phrase must come from at least five campaigns and five authors,
or one busy spammer would teach the rules his own habits. Telephone numbers, accounts, names and what stands
next to them never become part of a phrase.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from search.text import normalise_spans

LONGEST = 4
LEAST = 5
"""Campaigns and authors that must say a phrase."""
STRONG = 2.0
"""Standard errors of the log-odds from which a phrase is told; a single word needs one more."""
RARER = 3.0
"""So many times rarer it must be in dismissed and in ordinary texts."""
PRIOR = 10.0
"""Texts that the prior weighs as much as."""
LONGER = 0.5
"""The longer phrase is told where so large a share says it: a single syllable seldom means one thing."""
COMMON = 0.02
"""A word in so large a share of ordinary texts neither begins nor ends a phrase."""
NEAR_CONTACT = 3
"""So many words on either side of a contact are left out: names stand there."""
MOST = 60
EXAMPLES = 5
Range = tuple[int, int]
_END = re.compile(r"[.!?;:,\n…]")
_DIGIT = re.compile(r"\d")
_HANDLE = re.compile(r"@\S+")
"""Also a name of an account that nothing else tells: of no platform, cut short."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `known`: where rules see something; `contacts`: what leads to a person; both in characters."""

    id: int
    text: str
    author: str = ""
    """What tells authors apart; "" where nobody is named: then each text counts as another's."""
    known: tuple[Range, ...] = ()
    contacts: tuple[Range, ...] = ()
    names: tuple[str, ...] = ()
    """Words of the author's own name, as normal tokens."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase and in how many texts of each kind it stands; `strength` in standard errors."""

    phrase: str
    strength: float
    kept: int
    dismissed: int
    ordinary: int
    authors: int
    examples: tuple[int, ...]


@dataclass(slots=True)
class _Seen:
    documents: set[int] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)

    @property
    def is_shared(self) -> bool:
        return len(self.documents) >= LEAST and len(self.authors) >= LEAST


Word = tuple[str, bool]
"""A normal word, and whether a rule already sees something there."""
Run = tuple[str, ...]


def find_phrases(
    kept: Sequence[Document], dismissed: Iterable[str], ordinary: Iterable[str]
) -> list[Found]:
    """The strongest phrases first, at most MOST; none that is only a part of another one told."""
    common = common_words(texts := list(ordinary))
    candidates = _candidates(kept, common)
    if not candidates:
        return []
    against, others = _counted(dismissed, candidates)
    plain, texts_read = _counted(texts, candidates)
    total, rest = len(kept), others + texts_read
    found = [
        Found(
            phrase=" ".join(run),
            strength=log_odds(len(seen.documents), total, against[run] + plain[run], rest),
            kept=len(seen.documents),
            dismissed=against[run],
            ordinary=plain[run],
            authors=len(seen.authors),
            examples=tuple(sorted(seen.documents, reverse=True)[:EXAMPLES]),
        )
        for run, seen in candidates.items()
    ]
    strong = [
        one
        for one in found
        if one.strength >= STRONG + (" " not in one.phrase)
        and _rarer(one.kept / total, one.dismissed, others)
        and _rarer(one.kept / total, one.ordinary, texts_read)
    ]
    return _apart(strong)[:MOST]


def _rarer(share: float, number: int, of: int) -> bool:
    """Whether it is so much rarer in the other texts, each kind for itself: one may hide the other."""
    return not number or number / of * RARER <= share


def log_odds(here: int, total: int, there: int, rest: int) -> float:
    """How much more likely a text of the first kind says it, in standard errors.

    Log-odds ratio with a prior from both kinds together (Monroe, Colaresi and Quinn 2008), on texts.
    """
    prior = 0.5 + PRIOR * (here + there) / (total + rest)
    one, other = here + prior, there + prior
    no_one, no_other = total + PRIOR - one, rest + PRIOR - other
    ratio = log(one / no_one) - log(other / no_other)
    return ratio / sqrt(1 / one + 1 / other)


def runs_of(document: Document) -> Iterator[tuple[Word, ...]]:
    """The stretches of a text that may become phrases: no contacts, names, figures."""
    spans = normalise_spans(document.text)
    tokens = spans.normal.kept.split()
    places = list(zip(spans.starts, spans.ends, strict=True))
    closed = _closed(document, tokens, places)
    known = [any(_meets(place, one) for one in document.known) for place in places]
    run: list[Word] = []
    for at, token in enumerate(tokens):
        ends = at and _END.search(document.text, places[at - 1][1], places[at][0])
        if closed[at] or ends:
            if run:
                yield tuple(run)
            run = []
        if not closed[at]:
            run.append((token, known[at]))
    if run:
        yield tuple(run)


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """Words that stand in so many ordinary texts that they say nothing at the edge of a phrase."""
    counted = Counter(word for text in texts for word in set(_words(text)))
    least = max(2.0, COMMON * len(texts))
    return frozenset(word for word, number in counted.items() if number >= least)


def _words(text: str) -> list[str]:
    return normalise_spans(text).normal.kept.split()


def _closed(document: Document, tokens: Sequence[str], places: Sequence[Range]) -> list[bool]:
    closed = [bool(_DIGIT.search(token)) or token in document.names for token in tokens]
    contacts = [*document.contacts, *(one.span() for one in _HANDLE.finditer(document.text))]
    for at, place in enumerate(places):
        if any(_meets(place, one) for one in contacts):
            first, last = max(0, at - NEAR_CONTACT), min(len(closed), at + NEAR_CONTACT + 1)
            closed[first:last] = [True] * (last - first)
    for at in _names(document.text, places):
        closed[at] = True
    return closed


def _names(text: str, places: Sequence[Range]) -> list[int]:
    """Words with a capital within a sentence: names of people, mostly. A text all in capitals tells nothing."""
    capital = [text[start : start + 1].isupper() for start, _ in places]
    if sum(capital) * 2 > len(places):
        return []
    return [
        at
        for at, is_capital in enumerate(capital)
        if is_capital and at and not _END.search(text, places[at - 1][1], places[at][0])
    ]


def _meets(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _candidates(kept: Sequence[Document], common: frozenset[str]) -> dict[Run, _Seen]:
    """Runs of up to four words that enough campaigns and authors say; longer ones grow from shorter ones."""
    runs = [list(runs_of(document)) for document in kept]
    found: dict[Run, _Seen] = {}
    frequent: set[Run] = set()
    for length in range(1, LONGEST + 1):
        seen: dict[Run, _Seen] = {}
        new: dict[Run, _Seen] = {}
        for document, some in zip(kept, runs, strict=True):
            for part in _stretches(some, length):
                run = tuple(word for word, _ in part)
                if length == 1 or (run[:-1] in frequent and run[1:] in frequent):
                    _note(seen, run, document)
                    if 2 * sum(is_known for _, is_known in part) <= length and not _known(part):
                        _note(new, run, document)
        frequent = {run for run, one in seen.items() if one.is_shared}
        found.update(
            {run: one for run, one in new.items() if one.is_shared and _tells(run, common)}
        )
    return found


def _known(part: Sequence[Word]) -> bool:
    """A single word that a rule sees, or words of which the first and the last are seen: nothing new."""
    return part[0][1] and part[-1][1]


def _note(seen: dict[Run, "_Seen"], run: Run, document: Document) -> None:
    one = seen.setdefault(run, _Seen())
    one.documents.add(document.id)
    one.authors.add(document.author or f"#{document.id}")


def _stretches(runs: Iterable[tuple[Word, ...]], length: int) -> set[tuple[Word, ...]]:
    return {run[at : at + length] for run in runs for at in range(len(run) - length + 1)}


def _parts(runs: Iterable[Run], length: int) -> set[Run]:
    return {run[at : at + length] for run in runs for at in range(len(run) - length + 1)}


def _tells(run: Run, common: frozenset[str]) -> bool:
    if run[0] in common or run[-1] in common:
        return False
    return len(run) > 1 or len(run[0]) > 2


def _counted(texts: Iterable[str], candidates: Mapping[Run, _Seen]) -> tuple[Counter[Run], int]:
    """In how many texts each candidate stands, and how many texts there are."""
    counted: Counter[Run] = Counter()
    number = 0
    for text in texts:
        number += 1
        words = tuple(_words(text))
        for length in range(1, LONGEST + 1):
            counted.update(_parts([words], length) & candidates.keys())
    return counted, number


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of phrases within each other the one that says most: the longer one where half as many say it."""
    ordered = sorted(found, key=lambda one: (-one.strength, -len(one.phrase), one.phrase))
    told: list[Found] = []
    for one in sorted(ordered, key=lambda one: -one.phrase.count(" ")):
        longer = [other for other in ordered if _within(one.phrase, other.phrase)]
        if not any(other.kept >= LONGER * one.kept for other in longer):
            told.append(one)
    told.sort(key=lambda one: (-one.strength, one.phrase))
    chosen: list[Found] = []
    for one in told:
        if not any(
            _within(one.phrase, other.phrase) or _within(other.phrase, one.phrase)
            for other in chosen
        ):
            chosen.append(one)
    return chosen


def _within(short: str, long: str) -> bool:
    return short != long and f" {short} " in f" {long} "
