"""When two addresses are the same page: one spelling for each."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = {"fbclid", "gclid", "igshid", "mibextid", "si", "feature", "ref", "_rdr", "__tn__"}
_PREFIXES = ("www.", "m.", "mbasic.", "mobile.", "web.")
_PORTS = {"http": 80, "https": 443}


def is_web_address(url: str) -> bool:
    """Whether this is a page that somebody can be asked to remove."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def normalised(url: str) -> str:
    """The address without what does not change the page: scheme, host prefixes, tracking, last slash.

    The fragment stays: on forums it names the entry. Not a web address: returned as it is.
    """
    if not is_web_address(url.strip()):
        return url.strip()
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    for prefix in _PREFIXES:
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
            break
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    pairs = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in _TRACKING and not name.startswith("utm_")
    ]
    path = unquote(parts.path).rstrip("/")
    return urlunsplit(("https", host + port, path, urlencode(sorted(pairs)), parts.fragment))
