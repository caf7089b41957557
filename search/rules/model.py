"""What a rule pack holds once it is read: frozen, checked, without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.rules.judgement import Kind


class State(StrEnum):
    """Draft and retired signals never run; shadow ones are counted but never flag; live ones flag."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    vi: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression over folded normal text, run only around a hit of `requires`."""

    requires: str
    regex: str


@dataclass(frozen=True, slots=True)
class AmountRule:
    """Sums of money from `least` to `most` VND; `per` and `currency` empty mean any."""

    least: int = 0
    most: int | None = None
    per: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a signal applies; empty means everywhere, and `max_age_days` 0 means at any age.

    A post whose time is not known is of every age.
    """

    source: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    max_age_days: int = 0


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that must match and texts that must not."""

    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """One observable thing. A negative weight lowers; `kind` says what such text then is.

    `owner`, `legal_basis` and `purpose` are the pack's unless the signal has its own.
    """

    id: str
    group: str
    weight: int
    why: Words
    phrases: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    amounts: tuple[AmountRule, ...] = ()
    facts: tuple[str, ...] = ()
    excluding: tuple[str, ...] = ()
    decisive: bool = False
    kind: Kind | None = None
    urgent: str = ""
    state: State = State.LIVE
    scope: Scope = field(default_factory=Scope)
    examples: Examples = field(default_factory=Examples)
    owner: str = ""
    legal_basis: tuple[str, ...] = ()
    purpose: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class Combination:
    """Signals or groups that mean more together. `near` is in tokens; names are signals or groups."""

    id: str
    weight: int
    why: Words
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    least: int = 0
    of: tuple[str, ...] = ()
    within: int = 0
    near: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    decisive: bool = False
    urgent: str = ""
    state: State = State.LIVE


@dataclass(frozen=True, slots=True)
class Pack:
    """One theme of rules. `shared` packs only lend their signals to those that name them in `uses`.

    A pack that is `alongside` counts the signals of every other pack too, whatever their theme.

    A flag needs `threshold` evidence and one of the signals or groups in `needs` (any, if empty).
    """

    id: str
    version: int
    title: Words
    purpose: Words
    legal_basis: tuple[str, ...]
    owner: str
    threshold: int = 34
    kind: Kind = Kind.LURE
    shared: bool = False
    uses: tuple[str, ...] = ()
    alongside: bool = False
    needs: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    combinations: tuple[Combination, ...] = ()
    examples: Examples = field(default_factory=Examples)
    digest: str = ""
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
