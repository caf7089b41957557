"""Which contacts say that posts belong together: those of whoever wrote them, never everybody's.

A public hotline, a platform's own account or an address without a name stands in posts that have nothing to
do with each other. Pure.
"""

import re

from search.entities import CONTACT_KINDS, EntityKind

HUB = 50
"""A contact in more posts than this ties nobody. One decision covers a campaign, and what one number may
carry into it must stay what a person can look through; a shop's or a company's number is in far more."""
KINDS: frozenset[str] = CONTACT_KINDS - {EntityKind.LINK}
"""Kinds that tie; a link leads to a page that anybody may share."""

_PHONES = frozenset({EntityKind.PHONE, EntityKind.ZALO, EntityKind.WHATSAPP})
_DIGITS = re.compile(r"^\+?\d+$")
_SHORTEST_NUMBER = 8
_SERVICE_NUMBER = re.compile(r"^(?:\+84|0)?1[89]00\d{4,6}$")
"""1800 and 1900: numbers of services (đầu số dịch vụ), not of persons."""
_STATE_LINES = frozenset({"+84981848484", "+84965411118"})
"""The state's line for the protection of citizens abroad (tổng đài bảo hộ công dân)."""
_PLATFORMS_OWN = frozenset(
    (  # noqa: SIM905 - a list of words reads better so
        "about account ads app apps business chat cskh contact download events explore facebook "
        "fanpage feed foryou friends group groups hashtag help home hotline info inbox j join kefu "
        "legal live login m marketplace me messages messenger music official page pages "
        "permalink.php photo photo.php photos policies post posts privacy profile profile.php "
        "public r reel reels register s search security settings share share.php sharer sharer.php "
        "sharer/sharer.php story.php stories support telegram terms tiktok video videos watch web "
        "wechat weixin whatsapp www zalo zaloapp zaloofficial"
    ).split()
)
_NOBODYS_MAIL = re.compile(
    r"^(?:no-?reply|do-?not-?reply|support|help|info|abuse|security|privacy|admin|postmaster)@|"
    r"@(?:facebook|fb|meta|tiktok|zalo|vng|telegram|whatsapp|google|apple)\.(?:com|org|vn|me)(?:\.vn)?$|"
    r"\.gov\.vn$"
)
_ADDRESS = re.compile(r"^https?://[^/]+/?$")


def ties(kind: str, value: str) -> bool:
    """Whether a contact leads to somebody: else it is never a reason to put posts together."""
    if kind not in KINDS or not value or _ADDRESS.match(value):
        return False
    if kind == EntityKind.EMAIL:
        return not _NOBODYS_MAIL.search(value)
    if _DIGITS.match(value) and kind in _PHONES:
        return not _is_everybodys(value)
    return value.strip("/@").lower() not in _PLATFORMS_OWN


def _is_everybodys(number: str) -> bool:
    """Emergency and other short numbers (111, 113, 114, 115), service numbers, lines of the state."""
    digits = number.lstrip("+")
    return (
        len(digits) < _SHORTEST_NUMBER
        or bool(_SERVICE_NUMBER.match(number))
        or number in _STATE_LINES
    )
