"""What a password must be, how it is hashed (Argon2id), and how one is made up."""

import secrets
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from flask_babel import lazy_gettext as _l

MIN_LENGTH = 12
MAX_LENGTH = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread when written down
TIME_COST, MEMORY_KIB, PARALLELISM = 3, 64 * 1024, 4
"""What one hash costs, as RFC 9106 recommends where memory is scarce."""

TOO_SHORT = _l("Use at least %(length)s characters.", length=MIN_LENGTH)
TOO_LONG = _l("Use at most %(length)s characters.", length=MAX_LENGTH)
IS_EMAIL = _l("Do not use your e-mail address or your name as password.")
COMMON = _l("This password is among those that are guessed first. Choose another.")
MONOTONE = _l("Use more than a few different characters.")


def normalise(password: str) -> str:
    """The form that is hashed: the same password typed with another input method must match."""
    return unicodedata.normalize("NFKD", password)


def problems(password: str, *known: str) -> Sequence[str]:
    """What is wrong with a password, as sentences to show; empty when it may be used.

    `known` is what others know of the person: e-mail address, name.
    """
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < MIN_LENGTH:
        return [TOO_SHORT]
    if len(plain) > MAX_LENGTH:
        return [TOO_LONG]
    if len(set(plain)) < 5:
        return [MONOTONE]
    folded = _fold(plain)
    if any(folded in {_fold(one), _fold(one.partition("@")[0])} for one in known if one):
        return [IS_EMAIL]
    if folded in common() or folded.rstrip("0123456789!@.") in common():
        return [COMMON]
    return []


def hashed(password: str) -> str:
    """The Argon2id hash that is stored."""
    hasher = PasswordHasher(TIME_COST, MEMORY_KIB, PARALLELISM)
    return hasher.hash(normalise(password))


def library_cost() -> dict[str, int]:
    """The same cost in the words of the login library, or it would hash again at each login."""
    return {
        "argon2__rounds": TIME_COST,
        "argon2__memory_cost": MEMORY_KIB,
        "argon2__parallelism": PARALLELISM,
    }


def make_up() -> str:
    """A password nobody chose: four groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Passwords that are guessed first, folded."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(_fold(line) for line in text.splitlines() if line and line[0] != "#")


def _fold(text: str) -> str:
    """Lower case, without diacritics and blanks, so that variants of one word are one word."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(one for one in parts if one.isalnum() or one in "!@.")
