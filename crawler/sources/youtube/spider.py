"""Where the crawl of YouTube begins, and what each request costs of the day's quota."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.lists import first, remembered
from crawler.sources.youtube.form import OFFICIAL

PER_PAGE = 50
COSTS = {"search": 100}
"""Units of a request (developers.google.com/youtube/v3/determine_quota_cost); all others cost one."""
HOSTS = frozenset({"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"})
_APIS = frozenset({"www.googleapis.com", "youtube.googleapis.com"})
_CHANNEL = re.compile(
    r"^/(?:channel/(?P<id>UC[\w-]{20,24})|(?P<handle>@[^/]+)|(?:user|c)/(?P<name>[^/]+))"
)
_VIDEO = re.compile(r"^/(?:shorts|live|embed)/(?P<id>[\w-]{6,20})")
_ENDPOINT = re.compile(r"/(?P<name>search|playlistItems|videos|channels|commentThreads)/?$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read: `search`, `channel`, `playlist` or `video`, and of what."""

    read: str
    of: str


def cost(fetch: Fetch) -> int:
    """Units of the quota that a request takes."""
    return COSTS.get(fetch.step, 1)


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first request for what is wanted."""
    what, api = wanted(plan), api_of(plan)
    if what is None or not what.of:
        return ()
    if what.read == "search":
        url = with_query(
            f"{api}/search",
            part="snippet",
            type="video",
            order="date",
            q=what.of,
            maxResults=PER_PAGE,
            publishedAfter=_after(remembered(plan, key_of(what))),
        )
        return (first(url, "search"),)
    if what.read == "video":
        return (videos(api, [what.of]),)
    if what.read == "playlist":
        return (playlist(api, what.of),)
    name = (
        "id"
        if what.of.startswith("UC")
        else "forHandle"
        if what.of.startswith("@")
        else "forUsername"
    )
    return (
        Fetch(
            with_query(f"{api}/channels", part="contentDetails", **{name: what.of}), step="channel"
        ),
    )


def playlist(api: str, number: str, *, depth: int = 0) -> Fetch:
    """The first page of a playlist; a channel's uploads are one, the newest first."""
    url = with_query(
        f"{api}/playlistItems",
        part="snippet,contentDetails",
        playlistId=number,
        maxResults=PER_PAGE,
    )
    fetch = first(url, "playlist")
    return Fetch(fetch.url, fetch.step, depth=depth, priority=fetch.priority, meta=fetch.meta)


def videos(api: str, numbers: Sequence[str], *, depth: int = 0, again: bool = False) -> Fetch:
    """Up to fifty videos with their whole descriptions and counts; `again`: for what is new beneath them."""
    url = with_query(f"{api}/videos", part="snippet,statistics", id=",".join(numbers))
    return Fetch(url, step="videos", depth=depth, meta={"again": True} if again else {})


def comments(api: str, video: str, *, depth: int, again: bool = False) -> Fetch:
    """The first page of a video's comments, the newest first; `again`: that page only."""
    url = with_query(
        f"{api}/commentThreads",
        part="snippet,replies",
        videoId=video,
        maxResults=100,
        order="time",
        textFormat="plainText",
    )
    meta = {"chain": f"comments {video}", "n": 1, "video": video}
    if again:
        meta["again"] = True
    return Fetch(url, step="comments", depth=depth, meta=meta)


def replies(api: str, parent: str, video: str, *, depth: int) -> Fetch:
    """The first page of the replies to a comment."""
    url = with_query(
        f"{api}/comments", part="snippet", parentId=parent, maxResults=100, textFormat="plainText"
    )
    meta = {"chain": f"replies {parent}", "n": 1, "video": video, "parent": parent}
    return Fetch(url, step="replies", depth=depth, meta=meta)


def wanted(plan: SourcePlan) -> Wanted | None:
    """What the options say, else what the address shows."""
    read = str(plan.config.get("read") or "address")
    if read == "address":
        return of_address(plan.address)
    of = str(plan.config.get("of") or "").strip()
    return Wanted(read, of)


def key_of(what: Wanted) -> str:
    """The list in the source's memory."""
    return f"youtube {what.read} {what.of}"


def api_of(plan: SourcePlan) -> str:
    """Where the API lies: Google's, unless the address is that of another server's."""
    parts = urlsplit(plan.address)
    host = (parts.hostname or "").lower()
    if host in HOSTS or host in _APIS:
        return OFFICIAL
    head = _ENDPOINT.sub("", parts.path).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{head}"


def of_address(address: str) -> Wanted | None:
    """What an address of youtube.com, or of the API itself, shows; None where it does not tell."""
    parts = urlsplit(address)
    path, query = unquote(parts.path), {n: v[0] for n, v in parse_qs(parts.query).items()}
    if found := _ENDPOINT.search(path):
        return _of_endpoint(found["name"], query)
    if (parts.hostname or "").lower() == "youtu.be":
        return Wanted("video", path.strip("/")[:20]) if path.strip("/") else None
    if path.rstrip("/") == "/watch" and query.get("v"):
        return Wanted("video", query["v"])
    if path.rstrip("/") == "/playlist" and query.get("list"):
        return Wanted("playlist", query["list"])
    if path.rstrip("/") == "/results" and query.get("search_query"):
        return Wanted("search", query["search_query"])
    if path.startswith("/hashtag/"):
        return Wanted("search", "#" + path.removeprefix("/hashtag/").strip("/"))
    if found := _VIDEO.match(path):
        return Wanted("video", found["id"])
    if found := _CHANNEL.match(path):
        return Wanted("channel", found["id"] or found["handle"] or found["name"])
    return None


def _of_endpoint(name: str, query: dict[str, str]) -> Wanted | None:
    if name == "search":
        return Wanted("search", query.get("q", ""))
    if name == "playlistItems":
        return Wanted("playlist", query.get("playlistId", ""))
    if name == "channels":
        return Wanted(
            "channel", query.get("id") or query.get("forHandle") or query.get("forUsername", "")
        )
    return Wanted("video", query.get("id") or query.get("videoId", ""))


def _after(mark: object) -> str | None:
    """A day earlier than what was seen: searches learn of videos late."""
    if not isinstance(mark, str):
        return None
    try:
        moment = datetime.fromisoformat(mark) - timedelta(days=1)
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
