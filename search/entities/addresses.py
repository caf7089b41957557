"""What an address on the net leads to: an account or group on a platform, or just a page."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from search.entities.model import EntityKind
from search.entities.numbers import e164
from search.syllables import words

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|mibextid|igshid|igsh|_t|_r|si|ref|rdid|share_url)$"
)
_SHORTENERS = frozenset(
    words(
        "bit.ly tinyurl.com t.co goo.gl cutt.ly is.gd v.gd shorturl.at shorturl.asia rb.gy s.id ow.ly "
        "tiny.cc bom.so link1s.com bitly.com buff.ly rebrand.ly t.ly short.gy by.com.vn s.shopee.vn "
        "shope.ee s.lazada.vn lihi.cc reurl.cc urlvn.net linkvn.net yeumoney.com megaurl.in ouo.io "
        "adf.ly clc.to bitly.com.vn byvn.net qr.ae dub.sh kutt.it 1ink.vn gg.gg"
    )
)
_SHORT_PATHS = frozenset({"vm.tiktok.com", "vt.tiktok.com", "fb.watch"})
_HOSTS = {
    EntityKind.TELEGRAM: ("t.me", "telegram.me", "telegram.dog", "telegram.org"),
    EntityKind.ZALO: ("zalo.me", "chat.zalo.me", "id.zalo.me", "oa.zalo.me", "zaloapp.com"),
    EntityKind.FACEBOOK: ("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com", "fb.watch"),
    EntityKind.TIKTOK: ("tiktok.com", "vm.tiktok.com", "vt.tiktok.com"),
    EntityKind.WHATSAPP: ("wa.me", "chat.whatsapp.com", "whatsapp.com", "api.whatsapp.com"),
    EntityKind.VIBER: ("viber.me", "invite.viber.com", "chats.viber.com"),
    EntityKind.LINE: ("line.me", "lin.ee"),
    EntityKind.INSTAGRAM: ("instagram.com", "ig.me", "instagr.am"),
    EntityKind.WECHAT: ("u.wechat.com", "weixin.qq.com"),
}
_PLATFORM = {host: kind for kind, hosts in _HOSTS.items() for host in hosts}
_APP_SCHEMES = {
    "tg": EntityKind.TELEGRAM,
    "viber": EntityKind.VIBER,
    "zalo": EntityKind.ZALO,
    "line": EntityKind.LINE,
    "weixin": EntityKind.WECHAT,
    "whatsapp": EntityKind.WHATSAPP,
    "fb": EntityKind.FACEBOOK,
}
#: First parts of a path that lead to a page of the platform itself or to a single post.
_NO_ACCOUNTS = frozenset(
    words(
        "share sharer sharer.php watch reel reels photo photo.php photos hashtag help login login.php "
        "policies marketplace events gaming story.php permalink.php p tv explore stories privacy terms "
        "legal addstickers addemoji addtheme setlanguage proxy socks iv bg plugins dialog l.php tag "
        "discover music download about contact"
    )
)
_NUMBER = re.compile(r"\+?(\d[\d.\- ]{7,17})")


def lead(address: str) -> tuple[EntityKind, str, bool] | None:
    """Kind, normal form, and whether it is a shortened link; None where it is no address after all."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme.lower() in _APP_SCHEMES:
        return _app(_APP_SCHEMES[parts.scheme.lower()], parts)
    if "." not in host.strip("."):
        return None
    short = host in _SHORTENERS and bool(parts.path.strip("/"))
    kind = _platform(host)
    if kind is None:
        return EntityKind.LINK, _plain(host, parts), short
    account = _account(kind, host, parts)
    if account is None:
        return EntityKind.LINK, _plain(host, parts), False
    return kind, account, host in _SHORT_PATHS


def number_of(value: str) -> str | None:
    """The telephone number that an account's name is, in E.164 form."""
    match = _NUMBER.fullmatch(value)
    if not match:
        return None
    digits = re.sub(r"\D", "", match[1])
    return e164(digits) or e164(digits, plus=True)


def _platform(host: str) -> EntityKind | None:
    for prefix in ("", "m.", "web.", "mbasic.", "vi-vn.", "l."):
        if host.startswith(prefix) and host[len(prefix) :] in _PLATFORM:
            return _PLATFORM[host[len(prefix) :]]
    return EntityKind.TELEGRAM if host.endswith(".t.me") else None


def _plain(host: str, parts: SplitResult) -> str:
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)]
    ending = f"?{urlencode(kept, errors='replace')}" if kept else ""
    return f"https://{host}{parts.path.rstrip('/')}{ending}"


def _app(kind: EntityKind, parts: SplitResult) -> tuple[EntityKind, str, bool] | None:
    """Addresses that open an app: tg://resolve?domain=name, viber://chat?number=..."""
    query = dict(parse_qsl(parts.query))
    for key in ("domain", "phone", "number", "invite", "id"):
        if query.get(key):
            name = query[key].strip()
            value = f"+{name}" if key == "invite" else number_of(name) or name.lower()
            return kind, value, False
    return None


def _account(kind: EntityKind, host: str, parts: SplitResult) -> str | None:
    """The account's name or number, the group's code; None for any other page of a platform."""
    segments = [segment for segment in parts.path.split("/") if segment]
    query = dict(parse_qsl(parts.query))
    if host.endswith(".t.me"):
        return host.removesuffix(".t.me")
    if kind is EntityKind.WHATSAPP and query.get("phone"):
        return number_of(query["phone"].strip())
    if kind is EntityKind.FACEBOOK and query.get("id"):
        return query["id"]
    reads = _READERS.get(kind, _first)
    return reads(segments, host) if segments else None


def _first(segments: list[str], _host: str) -> str | None:
    name = segments[0].removeprefix("@")
    if name.lower() in _NO_ACCOUNTS or not name:
        return None
    return number_of(name) or name.lower()


def _telegram(segments: list[str], host: str) -> str | None:
    first = segments[0]
    if first == "s" and len(segments) > 1:
        return segments[1].lower()
    if first == "joinchat" and len(segments) > 1:
        return f"+{segments[1]}"
    if first == "c" and len(segments) > 1:
        return f"c/{segments[1]}"
    if first.startswith("+"):
        return number_of(first) or first
    return _first(segments, host)


def _zalo(segments: list[str], host: str) -> str | None:
    if segments[0] in {"g", "s", "pc", "qr"} and len(segments) > 1:
        return (
            f"{segments[0]}/{segments[-1].lower()}" if segments[0] == "g" else segments[-1].lower()
        )
    return _first(segments, host)


def _facebook(segments: list[str], host: str) -> str | None:
    first = segments[0].lower()
    if first == "groups" and len(segments) > 1:
        return f"groups/{segments[1].lower()}"
    if first in {"people", "pages"} and len(segments) > 2:
        return segments[2]
    if first in {"t", "messages", "profile"} and len(segments) > 1:
        return segments[-1].lower()
    if first == "share" and len(segments) > 1:
        return "/".join(segments[:3])
    return "/".join(segments) if host == "fb.watch" else _first(segments, host)


def _tiktok(segments: list[str], host: str) -> str | None:
    if segments[0].startswith("@"):
        return segments[0][1:].lower() or None
    if segments[0] == "t" and len(segments) > 1:
        return f"t/{segments[1]}"
    return segments[0] if host in _SHORT_PATHS else None


def _invite(segments: list[str], _host: str) -> str | None:
    """Codes whose case carries meaning; a number where it is one."""
    return number_of(segments[-1]) or segments[-1]


def _line(segments: list[str], host: str) -> str | None:
    if host == "lin.ee":
        return segments[0]
    return segments[-1].removeprefix("~").removeprefix("@").lower() if len(segments) > 1 else None


_READERS: dict[EntityKind, Callable[[list[str], str], str | None]] = {
    EntityKind.TELEGRAM: _telegram,
    EntityKind.ZALO: _zalo,
    EntityKind.FACEBOOK: _facebook,
    EntityKind.TIKTOK: _tiktok,
    EntityKind.WHATSAPP: _invite,
    EntityKind.VIBER: _invite,
    EntityKind.LINE: _line,
    EntityKind.WECHAT: _invite,
}
