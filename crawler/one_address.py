"""One post is one address: mobile, AMP, tracking and embedded spellings of large platforms lead to one.

Applied to every post after its parser, so that a post is the same however it was reached. What is not known
stays as `canonical` makes it: two addresses too many are better than two posts taken for one.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from crawler.sources.addresses import canonical

_FACEBOOK = frozenset(
    [
        "facebook.com",
        "www.facebook.com",
        "m.facebook.com",
        "mbasic.facebook.com",
        "web.facebook.com",
        "touch.facebook.com",
        "mobile.facebook.com",
        "vi-vn.facebook.com",
        "fb.com",
        "www.fb.com",
    ]
)
_YOUTUBE = frozenset(
    [
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
        "youtu.be",
        "www.youtu.be",
    ]
)
_TELEGRAM = frozenset(["t.me", "telegram.me", "telegram.dog", "www.t.me"])
_TIKTOK = frozenset(["tiktok.com", "www.tiktok.com", "m.tiktok.com"])
_TWITTER = frozenset(["twitter.com", "www.twitter.com", "mobile.twitter.com", "x.com", "www.x.com"])
_BLUESKY = frozenset(["bsky.app", "www.bsky.app", "staging.bsky.app"])
_INSTAGRAM = frozenset(["instagram.com", "www.instagram.com", "m.instagram.com"])
_MOBILE = ("m.", "mobile.", "amp.", "touch.")
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "igshid",
        "igsh",
        "zarsrc",
        "mibextid",
        "_gl",
        "yclid",
        "twclid",
        "ttclid",
        "wbraid",
        "gbraid",
        "mc_cid",
        "mc_eid",
        "ref_src",
        "ref_url",
        "_hsenc",
        "_hsmi",
        "__tn__",
        "__cft__[0]",
        "__xts__[0]",
        "refid",
        "paipv",
        "eav",
        "amp",
        "share_id",
        "sfnsn",
    ]
)
_VIDEO = re.compile(r"[\w-]{11}")


def one_address(address: str, home: str = "") -> str:
    """The one spelling of the address of a post; what is no web address stays as it is.

    `home` is the address of its source: where both differ by `www.`, `m.` or `amp.` only, the post takes the
    host of its source, which is known to answer.
    """
    plain = canonical(address)
    try:
        parts = urlsplit(plain)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        return plain
    if parts.scheme not in {"http", "https"} or not host:
        return plain
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING
        and not name.lower().startswith(("utm_", "__cft__", "__xts__"))
    ]
    for hosts, read in _PLATFORMS:
        if host in hosts:
            return read(host, parts.path, dict(query)) or _spelled(plain, query)
    return _site(plain, query, home)


def _spelled(plain: str, query: list[tuple[str, str]]) -> str:
    """The address without tracking; as it was where there was none, so that nothing is respelled for nothing."""
    parts = urlsplit(plain)
    if len(query) == len(parse_qsl(parts.query, keep_blank_values=True)):
        return plain
    return urlunsplit(parts._replace(query=urlencode(query)))


def _site(plain: str, query: list[tuple[str, str]], home: str) -> str:
    """A site of its own: its mobile and AMP pages are its pages. A number or `localhost` has no such names."""
    parts = urlsplit(_spelled(plain, query))
    path = re.sub(r"/amp/?$", "/", parts.path) if parts.path != "/amp/" else parts.path
    path = re.sub(r"\.amp(?=\.html?$|$)", "", path)
    host, own = parts.netloc, _netloc(home)
    bare = _bare(host)
    if own and _bare(own) == bare:
        host = own
    elif not host.startswith("www."):
        host = bare
    return urlunsplit(parts._replace(netloc=host, path=path or "/"))


def _netloc(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _bare(host: str) -> str:
    """The host without what only says how it is shown."""
    for prefix in ("www.", *_MOBILE):
        if host.startswith(prefix) and host.count(".") >= 2:
            return host.removeprefix(prefix)
    return host


def _facebook(_host: str, path: str, query: Mapping[str, str]) -> str:
    """Posts by number: story.php and permalink.php carry it with their author's; else the path says it."""
    base = "https://www.facebook.com"
    page = path.rstrip("/").rpartition("/")[2]
    story, owner = query.get("story_fbid", ""), query.get("id", "")
    if page in {"story.php", "permalink.php"} and story and owner:
        comment = query.get("comment_id", "")
        more = {"comment_id": comment} if comment else {}
        return f"{base}/permalink.php?{urlencode({'story_fbid': story, 'id': owner, **more})}"
    if page == "photo.php" and query.get("fbid"):
        return f"{base}/photo/?fbid={query['fbid']}"
    if page in {"photo"} and query.get("fbid"):
        return f"{base}/photo/?fbid={query['fbid']}"
    if page in {"watch"} and query.get("v"):
        return f"{base}/watch/?v={query['v']}"
    if page == "profile.php" and query.get("id"):
        return f"{base}/profile.php?id={query['id']}"
    if page == "l.php":
        return ""
    kept = {name: query[name] for name in ("comment_id", "reply_comment_id") if query.get(name)}
    tail = f"?{urlencode(kept)}" if kept else ""
    return f"{base}{path.rstrip('/')}/{tail}"


def _youtube(host: str, path: str, query: Mapping[str, str]) -> str:
    """Videos by their eleven letters, however they are shown; a comment of one by its own number."""
    pieces = [piece for piece in path.split("/") if piece]
    video = query.get("v", "")
    if host.endswith("youtu.be"):
        video = pieces[0] if pieces else ""
    elif pieces and pieces[0] in {"shorts", "embed", "live", "v"} and len(pieces) > 1:
        video = pieces[1]
    if _VIDEO.fullmatch(video):
        comment = f"&lc={query['lc']}" if query.get("lc") else ""
        return f"https://www.youtube.com/watch?v={video}{comment}"
    kept = {name: query[name] for name in ("list", "search_query", "lb") if query.get(name)}
    return f"https://www.youtube.com{path}" + (f"?{urlencode(kept)}" if kept else "")


def _telegram(_host: str, path: str, query: Mapping[str, str]) -> str:
    pieces = [piece for piece in path.split("/") if piece]
    if pieces and pieces[0] == "s":
        pieces = pieces[1:]
    if not pieces or pieces[0].startswith("+") or pieces[0] == "joinchat":
        return ""
    comment = f"?comment={query['comment']}" if query.get("comment") else ""
    return f"https://t.me/{'/'.join(pieces)}{comment}"


def _tiktok(_host: str, path: str, _query: Mapping[str, str]) -> str:
    return f"https://www.tiktok.com{path.rstrip('/') or '/'}"


def _twitter(_host: str, path: str, query: Mapping[str, str]) -> str:
    found = re.match(r"/([^/]+)/status(?:es)?/(\d+)", path)
    if found:
        return f"https://x.com/{found[1]}/status/{found[2]}"
    kept = {name: value for name, value in query.items() if name == "q"}
    return f"https://x.com{path.rstrip('/') or '/'}" + (f"?{urlencode(kept)}" if kept else "")


def _bluesky(_host: str, path: str, query: Mapping[str, str]) -> str:
    tail = f"?{urlencode(dict(query))}" if query and path.startswith("/search") else ""
    return f"https://bsky.app{unquote(path).rstrip('/') or '/'}{tail}"


def _instagram(_host: str, path: str, _query: Mapping[str, str]) -> str:
    found = re.match(r"/(?:[^/]+/)?(p|reel|tv)/([\w-]+)", path)
    if found:
        return f"https://www.instagram.com/{found[1]}/{found[2]}/"
    return f"https://www.instagram.com{path.rstrip('/')}/"


_PLATFORMS: tuple[tuple[frozenset[str], Callable[[str, str, Mapping[str, str]], str]], ...] = (
    (_FACEBOOK, _facebook),
    (_YOUTUBE, _youtube),
    (_TELEGRAM, _telegram),
    (_TIKTOK, _tiktok),
    (_TWITTER, _twitter),
    (_BLUESKY, _bluesky),
    (_INSTAGRAM, _instagram),
)
