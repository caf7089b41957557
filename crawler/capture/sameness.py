"""Whether two captures of one address show the same: what is compared, and what is noise.

Compared are: the answer's status, the final address, the title, the visible text, the pictures of the page by
their bytes, and the addresses outside of the site that the page links to. Not compared, because they change at
every visit and say nothing of the post: the HTML with its nonces and tokens, headers, relative times ("5 phút
trước"), times of day, counters of views and reactions, and what trackers add to addresses.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

VERSION = 1
_UNIT = (
    r"(?:giây|phút|giờ|tiếng|ngày|tuần|tháng|năm|"
    r"s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|months?|y(?:ears?)?)"
)
_NOISE = (
    re.compile(
        rf"(?:khoảng |about |over |almost |hơn )?\b(?:\d+|một|a|an)\s*{_UNIT}\s*(?:trước|ago)\b",
        re.I,
    ),
    re.compile(r"\b(?:vừa xong|mới đây|just now|hôm nay|hôm qua|today|yesterday)\b", re.I),
    re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?\b", re.I),
    re.compile(
        r"\b\d[\d.,]*\s*(?:k|m|tr|n|nghìn|triệu)?\s*(?:lượt\s*(?:xem|thích|truy cập|đọc|bình luận|chia sẻ)|"
        r"người\s*(?:đang )?(?:xem|online|truy cập)|thành viên (?:đang )?(?:online|trực tuyến)|khách|"
        r"views?|likes?|reactions?|shares?|comments?|online|guests?|visitors?|followers?)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:lượt\s*(?:xem|thích|truy cập|đọc)|đã xem|views?|likes?|online|truy cập)\s*:?\s*\d[\d.,]*"
        r"\s*(?:k|m|tr|n)?\b",
        re.I,
    ),
)
_TRACKING = re.compile(
    r"^(?:utm_|_ga|fbclid|gclid|zclid|igsh|mibextid|ref$|sid$|session|token|csrf|_|nonce|ts$|t$)",
    re.I,
)
_SPACE = re.compile(r"\s+")


def compared(
    *,
    status: int | None,
    final_url: str,
    title: str,
    text: str,
    pictures: Iterable[str],
    links: Iterable[str],
    wall: str = "",
) -> str:
    """One digest over what is compared. `pictures` are SHA-256 digests, `links` whole addresses."""
    host = site_of(final_url)
    parts = {
        "version": VERSION,
        "status": status,
        "address": plain_address(final_url),
        "title": quiet_text(title),
        "text": quiet_text(text),
        "pictures": sorted(set(pictures)),
        "links": sorted({plain_address(link) for link in links if site_of(link) != host}),
        "wall": wall,
    }
    written = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def quiet_text(text: str) -> str:
    """The text without what changes at every visit."""
    flat = unicodedata.normalize("NFC", text)
    for noise in _NOISE:
        flat = noise.sub(" ", flat)
    return _SPACE.sub(" ", flat).strip()


def plain_address(url: str) -> str:
    """The address without fragment and without what trackers and sessions add."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(key)
    ]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, urlencode(kept), ""))


def site_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.").removeprefix("m.")
    except ValueError:
        return url
