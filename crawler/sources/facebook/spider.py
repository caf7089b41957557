"""Where the crawl of a Facebook page begins: its feed, by the Graph API."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin, with_query
from crawler.sources.lists import first, remembered

OFFICIAL = "https://graph.facebook.com/v21.0"
PER_PAGE = 50
WEB_HOSTS = frozenset(
    ["facebook.com", "www.facebook.com", "m.facebook.com", "mbasic.facebook.com", "fb.com", "www.fb.com"]
)  # fmt: skip
_VERSION = re.compile(r"^/(v\d+\.\d+)(?=/|$)")
_FIELDS = (
    "id,message,story,created_time,updated_time,permalink_url,from{id,name},full_picture,"
    "attachments{media_type,media,title,description,unshimmed_url,url,subattachments},shares,"
    "comments.filter(stream).summary(true).limit(0),reactions.summary(true).limit(0)"
)
_COMMENT_FIELDS = (
    "id,message,created_time,from{id,name},parent{id},permalink_url,"
    "comment_count,like_count,attachment"
)
_NOT_PAGES = frozenset(
    ["watch", "marketplace", "gaming", "events", "login", "share", "sharer", "hashtag", "search", "reel",
     "stories", "photo", "photo.php", "story.php", "permalink.php", "help", "policies", ""]
)  # fmt: skip


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of the feed; only what is new since the last run."""
    of = page_of(plan)
    if not of:
        return ()
    url = with_query(
        f"{api_of(plan)}/{quote(of, safe='')}/feed",
        fields=_FIELDS,
        limit=PER_PAGE,
        since=_since(remembered(plan, key_of(plan))),
    )
    return (first(url, "posts"),)


def comments(
    plan: SourcePlan, post: str, address: str, *, depth: int, again: bool = False
) -> Fetch:
    """The first page of all comments and replies of a post; `again`: the newest only."""
    url = with_query(
        f"{api_of(plan)}/{quote(post, safe='_')}/comments",
        fields=_COMMENT_FIELDS,
        filter="stream",
        order="reverse_chronological" if again else "chronological",
        limit=100,
    )
    meta = {"chain": f"comments {post}", "n": 1, "thread": address}
    if again:
        meta["again"] = True
    return Fetch(url, step="comments", depth=depth, meta=meta)


def key_of(plan: SourcePlan) -> str:
    """The list in the source's memory."""
    return f"facebook {page_of(plan)}"


def page_of(plan: SourcePlan) -> str:
    """Name or number of the page: the option, else what the address shows."""
    return str(plan.config.get("of") or "").strip().lstrip("@") or of_address(plan.address)


def api_of(plan: SourcePlan) -> str:
    """Where the Graph API lies: Facebook's, unless the address is that of another server."""
    parts = urlsplit(plan.address)
    host = (parts.hostname or "").lower()
    if host in WEB_HOSTS or host == "graph.facebook.com":
        return OFFICIAL
    found = _VERSION.match(parts.path)
    return f"{origin(plan.address)}/{found[1]}" if found else origin(plan.address)


def of_address(address: str) -> str:
    """The page or group that an address of Facebook, or of the Graph API itself, names; or nothing."""
    parts = urlsplit(address)
    names = [one for one in unquote(_VERSION.sub("", parts.path)).split("/") if one]
    if not names:
        return ""
    if names[0] == "profile.php":
        return parse_qs(parts.query).get("id", [""])[0]
    if names[0] in {"groups", "pages", "p"} and len(names) > 1:
        last = names[2] if names[0] == "pages" and len(names) > 2 else names[1]
        return last.rpartition("-")[2] if names[0] == "p" else last
    return "" if names[0].lower() in _NOT_PAGES else names[0]


def _since(mark: object) -> str | None:
    """A second earlier, as seconds since 1970, which the API takes."""
    if not isinstance(mark, str):
        return None
    try:
        moment = datetime.fromisoformat(mark) - timedelta(seconds=1)
    except ValueError:
        return None
    return str(int(moment.timestamp()))
