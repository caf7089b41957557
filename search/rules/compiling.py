"""From packs to tables: every literal that rules look for, and what each of them is part of.

A phrase stands for up to thousands of literals, so this takes a second; what comes out is plain data
that `search.rules.kept` writes to a file, for the next process.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from search.rules.literals import Literal, Literals, Words, rarest_runs
from search.rules.model import Pack, Signal, State
from search.rules.phrases import Part, Phrase, read_phrase

Thing = TypeVar("Thing", bound=Hashable)
#: Only the first places of a phrase with gaps have bits; positions tell of the others.
PLACES = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A signal with the pack it belongs to; its place in the list is its bit."""

    pack: str
    signal: Signal

    @property
    def name(self) -> str:
        return f"{self.pack}/{self.signal.id}"


#: One phrase in one role: its signal, the numbers of the parts that may stand at each of its places,
#: whether it shields the signal, and the regular expression that it begins.
Role = tuple[int, tuple[tuple[int, ...], ...], bool, str | None]


@dataclass(slots=True)
class Tables:
    """What packs come to, in plain data.

    `kept`: the words of each part, with diacritics. `bits`: what each part sets; a phrase in one piece
    sets the bit of its signal, the bits of the first places of all phrases with gaps follow, then those
    of the second places: laid over each other they tell which phrases have all their places; `lacking`
    are those that phrases with fewer places never need. `certain`: the signals of each part for which it
    matters that words can mean nothing else. `plain`: the signals that a part proves or shields by
    itself; `other`: the patterns that it begins.
    """

    roles: list[Role]
    kept: list[Words]
    bits: list[int]
    certain: list[tuple[int, ...]]
    plain: list[tuple[tuple[int, bool], ...]]
    other: list[tuple[int, ...]]
    lacking: int
    literals: Literals
    watched: bool = False

    @property
    def gapped(self) -> list[int]:
        """The phrases with gaps, a row for each."""
        return [number for number, role in enumerate(self.roles) if len(role[1]) > 1]


class Same:
    """Gives the first of equal things for each of them: tens of thousands of literals share few patterns."""

    def __init__(self) -> None:
        self._first: dict[Hashable, Any] = {}

    def __call__(self, thing: Thing) -> Thing:
        found: Thing = self._first.setdefault(thing, thing)
        return found


def running(packs: Sequence[Pack]) -> list[Placed]:
    """The signals that are looked for."""
    states = {State.LIVE, State.SHADOW}
    return [Placed(pack.id, s) for pack in packs for s in pack.signals if s.state in states]


def compile_packs(packs: Sequence[Pack]) -> Tables:
    """The tables of all running signals, in the order of `running`. Raises PhraseError."""
    roles = list(_roles(packs))
    spelled: dict[Words, dict[Part, None]] = {}
    for _, phrase, _, _ in roles:
        for part in chain.from_iterable(phrase.places):
            spelled.setdefault(part.folded, {})[part] = None
    parts = {part: at for at, part in enumerate(chain.from_iterable(spelled.values()))}
    numbered = [_numbered(role, parts) for role in roles]
    return _Builder(running(packs), numbered, parts).tables()


def _roles(packs: Sequence[Pack]) -> Iterator[tuple[int, Phrase, bool, str | None]]:
    words = {pack.id: pack.vocabulary for pack in packs}
    at = 0
    for pack in packs:
        lent = {k: v for used in pack.uses for k, v in words.get(used, {}).items()}
        vocabulary = {**lent, **pack.vocabulary}
        for placed in running([pack]):
            signal = placed.signal
            yield from ((at, read_phrase(text, vocabulary), False, None) for text in signal.phrases)
            yield from (
                (at, read_phrase(text, vocabulary), True, None) for text in signal.excluding
            )
            for pattern in signal.patterns:
                yield at, read_phrase(pattern.requires, vocabulary), False, pattern.regex
            at += 1


def _numbered(role: tuple[int, Phrase, bool, str | None], parts: Mapping[Part, int]) -> Role:
    signal, phrase, shield, regex = role
    places = tuple(tuple(parts[part] for part in choices) for choices in phrase.places)
    return signal, places, shield, regex


class _Builder:
    def __init__(
        self, signals: Sequence[Placed], roles: list[Role], parts: Mapping[Part, int]
    ) -> None:
        self._signals, self._roles, self._parts = signals, roles, parts
        self._gapped = {
            n: row for row, n in enumerate(n for n, r in enumerate(roles) if len(r[1]) > 1)
        }
        self._same = Same()

    def tables(self) -> Tables:
        bits, certain = self._bits_of_parts()
        plain, other = self._roles_of_parts()
        literals = Literals.of(self._literals(bits))
        kept = [part.kept for part in self._parts]
        lacking = 0
        for number, row in self._gapped.items():
            for place in range(len(self._roles[number][1]), PLACES):
                lacking |= self._bit(self._roles[number], place, row)
        return Tables(self._roles, kept, bits, certain, plain, other, lacking, literals)

    def _bits_of_parts(self) -> tuple[list[int], list[tuple[int, ...]]]:
        bits = [0] * len(self._parts)
        certain: dict[int, set[int]] = {}
        for number, role in enumerate(self._roles):
            asked = _asks_certainty(self._signals[role[0]].signal)
            for place, parts in enumerate(role[1]):
                bit = self._bit(role, place, self._gapped.get(number))
                for part in parts:
                    bits[part] |= bit
                    if asked:
                        certain.setdefault(part, set()).add(role[0])
        same, parts_ = self._same, range(len(bits))
        return [same(each) for each in bits], [
            same(tuple(sorted(certain.get(at, ())))) for at in parts_
        ]

    def _bit(self, role: Role, place: int, row: int | None) -> int:
        if row is None:
            return 0 if role[2] else 1 << role[0]
        if place >= PLACES:
            return 0
        return 1 << (len(self._signals) + place * len(self._gapped) + row)

    def _roles_of_parts(
        self,
    ) -> tuple[list[tuple[tuple[int, bool], ...]], list[tuple[int, ...]]]:
        plain: dict[int, list[tuple[int, bool]]] = {}
        other: dict[int, list[int]] = {}
        for number, (signal, places, shield, regex) in enumerate(self._roles):
            for part in places[0] if len(places) == 1 else ():
                if regex is None:
                    plain.setdefault(part, []).append((signal, shield))
                else:
                    other.setdefault(part, []).append(number)
        same, parts = self._same, range(len(self._parts))
        return (
            [same(tuple(plain.get(at, ()))) for at in parts],
            [same(tuple(other.get(at, ()))) for at in parts],
        )

    def _literals(self, bits: Sequence[int]) -> Iterator[Literal]:
        """Parts that are the same without diacritics follow each other: one literal is found for all."""
        keys: dict[Words, list[int]] = {}
        for part, number in self._parts.items():
            keys.setdefault(part.folded, []).append(number)
        same = self._same
        for (words, found), before in zip(keys.items(), rarest_runs(keys), strict=True):
            all_bits = 0
            for number in found:
                all_bits |= bits[number]
            yield words, before, found[0], len(found), same(all_bits)


def _asks_certainty(signal: Signal) -> bool:
    """Whether it matters that its words can mean nothing else: for what decides, and for what lowers."""
    return signal.decisive or signal.weight < 0
