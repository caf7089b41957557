"""Names and values of `field:value`: aliases in both languages, and the form that is compared."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from search.rules.judgement import GROUPS


def fold(value: str) -> str:
    """Lower case, without diacritics, single spaces; for names of things, not for texts."""
    bare = unicodedata.normalize("NFKD", value.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


_ALIASES = {
    "source": "source nguon",
    "platform": "platform nen nentang",
    "level": "risk level ruiro mucruiro muc",
    "state": "state trangthai",
    "group": "group nhom nhomdauhieu",
    "kind": "kind loai",
    "author": "author tacgia nguoidang",
    "contact": "contact lienhe daumoi sdt",
    "urgent": "urgent khan luongkhan",
    "case": "case vuviec vu",
    "day": "day ngay",
    "since": "from since tu tungay",
    "until": "to until den denngay",
}
FIELD_OF = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
"""Folded spelling without spaces -> canonical name; `since` and `until` hold dates."""

_VALUES = {
    "level": {
        "cao": "high", "trungbinh": "medium", "vua": "medium", "thap": "low",
        "ratcao": "critical", "nghiemtrong": "critical",
    },
    "kind": {
        "baidudo": "lure", "dudo": "lure", "tintuc": "news",
        "canhbao": "warning", "canhgiac": "warning", "baicanhgiac": "warning",
        "keucuu": "help", "loikeucuu": "help", "cryforhelp": "help",
        "vanbanphapluat": "legal", "legaltext": "legal", "baichambiem": "satire", "khac": "other",
    },
    "state": {
        "moi": "new", "chorasoat": "new", "ganco": "kept",
        "daganco": "kept", "boqua": "dismissed", "daboqua": "dismissed",
        "trongvuviec": "in_case", "xulyxong": "closed", "daxulyxong": "closed",
    },
    "urgent": {
        "yes": "yes", "true": "yes", "1": "yes", "co": "yes",
        "no": "no", "false": "no", "0": "no", "khong": "no",
    },
    "case": {"none": "none", "khong": "none", "chua": "none", "chuaco": "none", "any": "any", "co": "any"},
}  # fmt: skip

_VALUES["group"] = {
    fold(label).replace(" ", ""): code for code, said in GROUPS.items() for label in said.values()
}

_PHONE = re.compile(r"[+(]?[\d\s.()/-]{6,}")
_DATE = re.compile(
    r"(?:(?P<d>\d{1,2})[/.-])?(?P<m>\d{1,2})[/.-](?P<y>\d{4})"
    r"|(?P<y2>\d{4})-(?P<m2>\d{1,2})(?:-(?P<d2>\d{1,2}))?"
)
MAX_VALUE = 200


def field_of(name: str) -> str | None:
    """The canonical name of what somebody wrote before a colon, or None."""
    return FIELD_OF.get(re.sub(r"[\s_-]", "", fold(name)))


def _contact_key(value: str) -> str:
    """A telephone number as 0..., anything else in lower case without `@` and scheme."""
    if _PHONE.fullmatch(value.strip()):
        digits = re.sub(r"\D", "", value)
        return re.sub(r"^(?:84|0084)(?=\d{9,10}$)", "0", digits)
    return re.sub(r"^(?:https?://)?(?:www\.)?@?", "", value.strip().casefold()).rstrip("/")


@lru_cache(maxsize=8192)
def value_key(name: str, value: str) -> str:
    """The form in which values of this field are indexed and compared; cut at MAX_VALUE."""
    if name == "contact":
        return _contact_key(value)[:MAX_VALUE]
    folded = fold(value).removeprefix("@") if name == "author" else fold(value)
    return _VALUES.get(name, {}).get(folded.replace(" ", ""), folded)[:MAX_VALUE]


def readable(name: str, value: str) -> bool:
    """Whether the field can hold such a value at all (`case:abc` cannot)."""
    key = value_key(name, value)
    if name == "urgent":
        return key in {"yes", "no"}
    if name == "case":
        return key in {"none", "any"} or key.isdecimal()
    return bool(key)


def read_date(value: str, *, end: bool) -> date | None:
    """A day from 1/11/2026, 01.11.2026, 2026-11-01; of 11/2026 the first, or with `end` the last."""
    found = _DATE.fullmatch(value.strip())
    if not found:
        return None
    year = int(found["y"] or found["y2"])
    month = int(found["m"] or found["m2"])
    day = found["d"] or found["d2"]
    try:
        if day:
            return date(year, month, int(day))
        first = date(year, month, 1)
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if end else first
    except (ValueError, OverflowError):
        return None
