"""Addresses of posts: absolute, without tracking, so that the same post is the same address."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = frozenset(
    ["fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "replytocom", "yclid", "_openstat", "spm"]
)
_SAFE = "%/:@!$&'()*+,;=~-._"
_ESCAPED = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


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

    The anchor stays: forums name their comments by it.
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
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith("utm_")
    ]
    path = _ESCAPED.sub(
        lambda found: found[0].upper(), quote(parts.path, safe=_SAFE, errors="replace")
    )
    return urlunsplit((parts.scheme, host, path or "/", urlencode(query), parts.fragment))


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
