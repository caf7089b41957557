"""What a check found: a code, how grave, in both languages, with its source in law."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`block` stops the act; `warn` asks for a reason."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against, or must be known before, a legal act."""

    code: str
    severity: Severity
    vi: str
    en: str
    source: str


@dataclass(frozen=True)
class Sentence:
    """One step of a reasoning, in both languages, with its source in law."""

    vi: str
    en: str
    source: str


def blocks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the act."""
    return tuple(each for each in findings if each.severity is Severity.BLOCK)
