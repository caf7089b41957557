"""What of an item must not leave with a package whose recipient may not see victims (che thông tin nạn nhân).

A capture cannot be blackened without ceasing to be the capture. So an item that shows a victim or an informant is
withheld as a whole: its digests stay, so that it can be handed over later and still be proven. Law 53/2024/QH15
art. 3.10 forbids disclosing information on a victim without consent.
"""

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from casework.privacy.spellings import HIDDEN, Hidden

TECHNICAL = frozenset(
    {
        *("login", "cookies", "user_agent", "sandbox", "resources", "page_height", "pictures"),
        *("asked_by", "compared", "tls", "bringer", "seen", "tried", "left_out_count"),
    }
)
"""What is said of a capture without any word of the page itself."""
_TAGS = re.compile(r"<[^>]*>")
_MARKS, _GAPS = re.compile(r"[^\w\s]|_"), re.compile(r"\s")
_ENCODED, _DIGITS = re.compile(r"[A-Za-z0-9+/=]{200,}"), re.compile(r"\d{7,}")
_LETTERS = re.compile(r"(?:\b\w\s+){3,}")
_SHORT, _MOST_MARKS, _FEWEST_GAPS = 20_000, 0.1, 0.08
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def shows(hidden: Hidden, texts: Iterable[str]) -> bool:
    """Whether any of the texts names somebody who must not be shown."""
    if not hidden.patterns:
        return False
    return any(hidden.found_in(_apart(one)) for text in texts for one in readings(text))


def readings(text: str) -> Iterator[str]:
    """A text as it stands, and as whoever opens it reads it: without tags, with what was escaped written out.

    A name stands in an attribute as well as between tags, and as `%C3%A0`, `&agrave;` or `\\u00e0` as well as à.
    """
    yield text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text
    plain = unquote(plain) if "%" in plain else plain
    plain = html.unescape(plain) if "&" in plain else plain
    if plain != text:
        yield plain
    if "<" in plain:
        yield _TAGS.sub("", plain)


def _apart(text: str) -> str:
    """Prose as it stands; of a long script or of markup the words alone.

    Words torn apart by dots are put together again where people write them. A script has single letters by the
    thousand, and pictures written out as letters: reading those takes fifty times as long and finds nobody.
    """
    if len(text) < _SHORT:
        return text
    marks, gaps = len(_MARKS.findall(text)), len(_GAPS.findall(text))
    prose = marks < len(text) * _MOST_MARKS and gaps > len(text) * _FEWEST_GAPS
    if prose:
        return text
    words = _MARKS.sub(" ", _ENCODED.sub(lambda run: " ".join(_DIGITS.findall(run[0])), text))
    return _LETTERS.sub(" ", words)


def site_only(url: str) -> str:
    """Of an address the site: the rest may hold a name, and leads to the page in any case."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{parts.hostname}/{HIDDEN}" if parts.hostname else HIDDEN
