"""Addresses of posts: absolute, without tracking, so that the same post is the same address."""

import re
from urllib.parse import quote, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = frozenset(
    ["fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "replytocom", "yclid", "_openstat", "spm"]
)
_SAFE = "%/:@!$&'()*+,;=~-._"
_ESCAPED = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_SESSIONS = frozenset(["sid", "s", "phpsessid", "jsessionid", "sessionid"])
_SESSION = re.compile("[0-9a-f]{32}", re.IGNORECASE)


def absolute(base: str, link: str) -> str:
    """The link as a whole http(s) address, or an empty string when it is none."""
    try:
        whole = urljoin(base, link.strip())
        parts = urlsplit(whole)
        _ = parts.port
    except ValueError:
        return ""
    return whole if parts.scheme in _PORTS and parts.hostname else ""


def canonical(address: str) -> str:
    """One spelling of an address: host in lower case, no default port, no tracking, letters not escaped twice.

    The anchor stays: forums name their comments by it. So does a query that is a path (`?threads/x.1/`).
    Sessions that forums write into every link of a visitor without cookies go.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address.strip()
    if parts.scheme not in _PORTS or not parts.hostname:
        return address.strip()
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    if port and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = "&".join(filter(None, map(_kept, parts.query.split("&"))))
    path = _ESCAPED.sub(
        lambda found: found[0].upper(), quote(parts.path, safe=_SAFE, errors="replace")
    )
    return urlunsplit((parts.scheme, host, path or "/", query, parts.fragment))


def _kept(piece: str) -> str:
    """One piece of a query in one spelling; empty when it says nothing of what is shown."""
    name, equals, value = piece.partition("=")
    if not equals:
        return "" if piece.lower() in _TRACKING else quote(piece, safe=_SAFE, errors="replace")
    name, value = unquote_plus(name), unquote_plus(value)
    low = name.lower()
    session = low in _SESSIONS and _SESSION.fullmatch(value)
    if session or low in _TRACKING or low.startswith("utm_"):
        return ""
    return urlencode([(name, value)], errors="replace")


def same_site(address: str, other: str) -> bool:
    """Whether both lie on the same host, `www.` and `m.` apart."""
    return _site(address) == _site(other)


def _site(address: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", None
    for prefix in ("www.", "m."):
        host = host.removeprefix(prefix)
    return host, None if port in _PORTS.values() else port
