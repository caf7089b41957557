"""Addresses on the net, also broken up so that no program shall read them, and names on platforms."""

import re
from collections.abc import Iterator

from search.entities.addresses import lead, number_of
from search.entities.model import Entity, EntityKind
from search.entities.reading import Reading
from search.syllables import KNOWN, words

_TOP = (
    "com|net|org|vn|me|info|io|co|cc|top|xyz|club|vip|shop|site|online|app|link|ly|gl|gd|gy|be|live|asia|"
    "biz|tv|us|kh|cn|hk|tw|fun|pro|store|space|website|icu|buzz|life|world|click|page|gg|edu|gov|ee|"
    "so|sh|id|at|in|it|ru|am|mobi|bet|win|games|casino|group|today|work|jobs|company|agency|ltd"
)
#: Top-level names that count without a path; the others are words as well ("con.shop").
_SURE = frozenset(
    words(
        "com net org vn info io edu gov top xyz club vip asia biz cc kh cn hk tw icu buzz ly gl tv "
        "online site website casino bet win mobi"
    )
)
_STOP = r"[^\s<>\"'“”]"
_URL = re.compile(
    rf"(?:https?://|www\.|(?:tg|viber|zalo|line|weixin|whatsapp)://){_STOP}+"
    rf"|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_TOP})(?![\w-])(?![.]\w)(?:/{_STOP}*)?",
    re.IGNORECASE,
)
#: A dot that was taken apart: "[.]", "(dot)"; in known addresses also " . " and "chấm".
_DOT = r"\s?[\[({]\s?(?:\.|dot|chấm|cham)\s?[\])}]\s?"
_LOOSE_DOT = rf"(?:{_DOT}|\s?\.\s?|\s(?:chấm|cham|dot)\s)"
_SLASH = r"(?:\s{0,2}/\s{0,2}|\s(?:xuyệt|xuyet|xẹt|xet|gạch\s+chéo|gach\s+cheo|slash)\s)"
_KNOWN_HOSTS = (
    ("t", "me"), ("telegram", "me"), ("zalo", "me"), ("wa", "me"), ("m", "me"), ("bit", "ly"),
    ("fb", "com"), ("fb", "me"), ("facebook", "com"), ("tinyurl", "com"), ("cutt", "ly"),
    ("tiktok", "com"), ("line", "me"), ("viber", "me"), ("is", "gd"), ("goo", "gl"), ("rb", "gy"),
)  # fmt: skip
_KNOWN = "|".join(rf"{name}{_LOOSE_DOT}{top}" for name, top in _KNOWN_HOSTS)
_BROKEN = re.compile(
    rf"(?<![\w@.-])(?:hxxps?|https?|h\s?t\s?t\s?ps?)\s?:\s?/\s?/\s?(?:[a-z0-9-]{{1,63}}(?:{_DOT}|\.)){{1,4}}"
    rf"[a-z]{{2,12}}(?![\w])(?:/{_STOP}*)?"
    rf"|(?<![\w@.-])(?:{_KNOWN})(?:{_SLASH}(?:g{_SLASH})?[@+\w][\w.+@-]*(?:/{_STOP}*)?)"
    rf"|(?<![\w@.-])(?:[a-z0-9-]{{1,63}}{_DOT}){{1,4}}(?:{_TOP})(?!\w)(?:/{_STOP}*)?",
    re.IGNORECASE,
)
#: Only a text with one of these is searched for addresses that were taken apart.
_BROKEN_HINT = re.compile(
    r"hxxp|h\s?t\s?t\s?ps?(?:\s:|:\s|:/\s)|[\[({]\s?(?:\.|dot|chấm|cham)\s?[\])}]"
    r"|(?:\s\.\s?|\.\s|\s(?:chấm|cham|dot)\s)(?:me|ly|com|gd|gl|gy)(?!\w)"
    r"|(?:\.|chấm|cham|dot)\s?(?:me|ly|com|gd|gl|gy)(?:\s{0,2}/\s|\s{1,2}(?:/|xuy|xẹt|xet|gạch|gach|slash))",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}…\"'>*_"
#: Names of programming that look like addresses.
_NO_ADDRESS = re.compile(r"(?:asp|vb|ado|ml|c|f|dot)\.net(?:$|[^.\w-])", re.IGNORECASE)

_HANDLES = (
    (EntityKind.TELEGRAM, r"(?:tele(?:gram|gam|grams|g)?|tlg|tlgr|tg|têlê|电报)"),
    (EntityKind.TIKTOK, r"(?:tik\s?tok|tóp\s?tóp|top\s?top)"),
    (EntityKind.FACEBOOK, r"(?:facebook|fb|face)"),
    (EntityKind.ZALO, r"(?:zalo|zl)"),
    (EntityKind.WECHAT, r"(?:we\s?chat|weixin|wexin|微信|vx|wx|v信)"),
    (EntityKind.LINE, r"(?:line\s?id|id\s?line|line)"),
    (EntityKind.INSTAGRAM, r"(?:instagram|insta|ig)"),
)
_CALLS = r"(?:\s?(?:id|acc|nick|username|user|tên|ten|của\s+em|mình))?"
_HANDLE = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{kind}>{word})' for kind, word in _HANDLES)}){_CALLS}"
    r"(?P<between>\s{0,2}[:=\-–→>/]{1,2}\s{0,2}|\s{1,2}|)(?P<at>@\s?)?"
    r"(?P<name>[a-z][a-z0-9_.\-]{2,31})(?![\w@])",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![\w.@/+-])@([a-z][a-z0-9_]{4,31})(?![\w.@-])", re.IGNORECASE)
_TELEGRAM_NEAR = re.compile(r"(?<!\w)(?:tele(?:gram|g)?|tlg|kênh|nhóm\s+kín)(?!\w)", re.IGNORECASE)
_BEFORE_AT, _AFTER_AT = 60, 16
_SHORTEST = {EntityKind.WECHAT: 6, EntityKind.TELEGRAM: 5}


def links_in(reading: Reading) -> Iterator[Entity]:
    """Links; those to an account or group on a platform under that platform's kind.

    A number in such a link is a telephone number as well: it may stand alone in another post.
    """
    if _BROKEN_HINT.search(reading.plain):
        for match in _BROKEN.finditer(reading.plain):
            yield from _link(reading, match.start(), match[0].rstrip(_TRAILING), _mended(match[0]))
    for match in _URL.finditer(reading.plain):
        host = match[0].lower()
        bare = "/" not in host and not host.startswith("www.")
        if not bare or host.rpartition(".")[2] in _SURE or host.endswith(".t.me"):
            yield from _link(reading, match.start(), match[0].rstrip(_TRAILING), match[0])


def handles_in(reading: Reading) -> Iterator[Entity]:
    """Names that are called a platform's: "tele: @name", "wechat abc_123"."""
    text = reading.plain
    for match in _HANDLE.finditer(text):
        kind = next(kind for kind, _ in _HANDLES if match[kind])
        name = match["name"].rstrip(".-")
        if _is_handle(kind, match, name):
            end = match.start("name") + len(name)
            yield reading.entity(kind, name.lower(), match.start(), end)
    if "@" in text:
        for match in _AT_NAME.finditer(text):
            near = _TELEGRAM_NEAR.search(text, max(0, match.start() - _BEFORE_AT), match.start())
            if near or _TELEGRAM_NEAR.search(text, match.end(), match.end() + _AFTER_AT):
                yield reading.entity(EntityKind.TELEGRAM, match[1].lower(), *match.span())


def _is_handle(kind: EntityKind, match: re.Match[str], name: str) -> bool:
    """Whether a word behind a platform's name is an account there and not the next word of a sentence."""
    between, at = match["between"], match["at"]
    if len(name) < _SHORTEST.get(kind, 4) or name.lower().startswith(("http", "www.")):
        return False
    if at:
        return True
    marked = any(char.isdigit() or char == "_" for char in name)
    if kind is EntityKind.FACEBOOK:
        return bool(between.strip()) and "." in name and not name.endswith((".com", ".vn", ".me"))
    if kind in {EntityKind.ZALO, EntityKind.LINE, EntityKind.INSTAGRAM, EntityKind.TIKTOK}:
        named = (
            kind is EntityKind.LINE and "id" in match[0][: match.start(3) - match.start()].lower()
        )
        return (marked or named) and bool(between) and bool(between.strip() or named)
    if marked:
        return bool(between)
    return bool(between.strip()) and not _is_word(name)


def _is_word(name: str) -> bool:
    return name.lower() in KNOWN or name.lower() in _WORDS


_WORDS = frozenset(
    words(
        "inbox admin group channel link contact email mail phone hotline chat online viber zalo "
        "facebook tiktok telegram wechat whatsapp skype support gmail instagram"
    )
)


def _link(reading: Reading, start: int, raw: str, address: str) -> Iterator[Entity]:
    address = address.rstrip(_TRAILING)
    if not raw or _NO_ADDRESS.match(address):
        return
    found = lead(address)
    if found is None:
        return
    kind, value, short = found
    yield reading.entity(kind, value, start, start + len(raw), short=short)
    if value.startswith("+") and kind is not EntityKind.LINK:
        yield from _number_inside(reading, start, raw, value)


def _number_inside(reading: Reading, start: int, raw: str, value: str) -> Iterator[Entity]:
    for match in re.finditer(r"\+?\d[\d.\-]{7,17}", raw):
        if number_of(match[0]) == value:
            yield reading.entity(
                EntityKind.PHONE, value, start + match.start(), start + match.end()
            )
            return


def _mended(address: str) -> str:
    """An address that was taken apart, put together again."""
    address = re.sub(r"(?i)^h\s?(?:tt|xx|t\s?t)\s?p(s?)\s?:\s?/\s?/\s?", r"http\1://", address)
    address = re.sub(_SLASH, "/", address, flags=re.IGNORECASE)
    address = re.sub(r"^(https?:)/{1,2}", r"\1//", address)
    return re.sub(_LOOSE_DOT, ".", address, flags=re.IGNORECASE)
