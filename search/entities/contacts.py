"""Addresses on the net: links, mail, and names on platforms."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from search.entities.model import Entity, EntityKind
from search.entities.phones import e164

_TOP = (
    "com|net|org|vn|me|info|io|co|cc|top|xyz|club|vip|shop|site|online|app|link|ly|gl|be|live|asia|"
    "biz|tv|us|kh|cn|hk|tw|fun|pro|store|space|website|icu|buzz|life|world|click|page|gg|edu|gov"
)
_URL = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"'“”]+|(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_TOP})(?![\w-])(?:/[^\s<>\"'“”]*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9._+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![\w-])",
    re.IGNORECASE,
)
_HANDLES = (
    (EntityKind.TELEGRAM, r"(?:tele(?:gram|g)?|tlg|tg)"),
    (EntityKind.TIKTOK, r"(?:tik\s?tok|tóp\s?tóp)"),
    (EntityKind.FACEBOOK, r"(?:facebook|fb)"),
    (EntityKind.ZALO, r"(?:zalo|zl)"),
    (EntityKind.WECHAT, r"(?:wechat|weixin|we\s?chat)"),
)
_NAME = r"([a-z][a-z0-9_.]{3,31}[a-z0-9_])"
_HANDLE = [
    (kind, re.compile(rf"(?<!\w){word}(?:\s?id)?\s*[:=\-]?\s*@{_NAME}", re.IGNORECASE))
    for kind, word in _HANDLES
]
_WECHAT_ID = re.compile(rf"(?<!\w)(?:wechat|weixin)(?:\s?id)?\s*[:=]\s*{_NAME}", re.IGNORECASE)
_TRAILING = ".,;:!?)]}…\"'"
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mibextid|igshid|_t|_r|si)$")
_PLATFORMS = (
    (EntityKind.TELEGRAM, ("t.me", "telegram.me", "telegram.dog")),
    (EntityKind.ZALO, ("zalo.me", "chat.zalo.me")),
    (EntityKind.FACEBOOK, ("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com")),
    (EntityKind.TIKTOK, ("tiktok.com",)),
    (EntityKind.WHATSAPP, ("wa.me", "chat.whatsapp.com", "whatsapp.com")),
)


def mails_in(text: str) -> Iterator[Entity]:
    """Mail addresses, in lower case."""
    for match in _EMAIL.finditer(text):
        yield Entity(EntityKind.EMAIL, match[0].lower(), match[0], match.start(), match.end())


def links_in(text: str) -> Iterator[Entity]:
    """Links; those to an account or group on a platform under that platform's kind."""
    for match in _URL.finditer(text):
        raw = match[0].rstrip(_TRAILING)
        found = _link(raw)
        if found:
            kind, value = found
            yield Entity(kind, value, raw, match.start(), match.start() + len(raw))


def handles_in(text: str) -> Iterator[Entity]:
    """Names that are called a platform's: "tele: @name"."""
    for kind, pattern in [*_HANDLE, (EntityKind.WECHAT, _WECHAT_ID)]:
        for match in pattern.finditer(text):
            yield Entity(kind, match[1].lower(), match[0], match.start(), match.end())


def _link(raw: str) -> tuple[EntityKind, str] | None:
    """Kind and normal form; None where it is no address after all."""
    address = raw if "://" in raw else f"https://{raw}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if "." not in host:
        return None
    for kind, hosts in _PLATFORMS:
        if host in hosts or host.removeprefix("m.") in hosts or host.removeprefix("vm.") in hosts:
            return kind, _account(kind, host, parts.path, parts.query)
    return EntityKind.LINK, _plain(host, parts.path, parts.query)


def _plain(host: str, path: str, query: str) -> str:
    kept = [(key, value) for key, value in parse_qsl(query) if not _TRACKING.match(key)]
    ending = f"?{urlencode(kept)}" if kept else ""
    return f"https://{host}{path.rstrip('/')}{ending}"


def _account(kind: EntityKind, host: str, path: str, query: str) -> str:
    """The account's name or number; for groups and posts the path, for profiles by id the id."""
    name = path.strip("/").removeprefix("s/").removeprefix("@")
    if kind in {EntityKind.ZALO, EntityKind.WHATSAPP} and name.isdigit():
        return e164(name) or e164(name, plus=True) or name
    if kind is EntityKind.FACEBOOK and name.startswith("profile.php"):
        return dict(parse_qsl(query)).get("id", name)
    if kind is EntityKind.TELEGRAM and name.startswith(("+", "joinchat/")):
        return name
    return name.lower() if name else _plain(host, path, query)
