"""Answers of a Bluesky AppView to posts: searches, feeds of accounts, feeds, threads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.api import (
    Entry,
    Shape,
    explained,
    inside,
    listed,
    load,
    mapping,
    posts,
    said,
    shape,
    whole,
    with_query,
)
from crawler.sources.bluesky.spider import WEB, Wanted, thread, wanted
from crawler.sources.bodies import media_of
from crawler.sources.lists import limit_of, onward
from crawler.sources.markup import tidy
from search.post import Author, Post

MAX_THREAD = 1000
_GONE_NAMES = frozenset({"NotFound", "AccountTakedown", "AccountDeactivated", "UnknownFeed"})


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts of one answer, its next page, and the threads of posts that have replies."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    what = wanted(plan)
    try:
        if page.fetch.step == "thread":
            views = list(_of_thread(mapping(data, "thread")))
            return Parsed(tuple(_posts(plan, page, views, problems)), problems=tuple(problems))
        items = listed(data, "posts" if page.fetch.step == "search" else "feed")
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))
    views = list(_of_items(items, page.fetch.step))
    found = _posts(plan, page, views, problems, items)
    follow = _threads(plan, page, what, items)
    cursor = said(data, "cursor")
    following = with_query(page.fetch.url, cursor=cursor) if cursor and items else ""
    marks = [_mark(item, page.fetch.step) for item in items]
    step = onward(plan, page, key_of(what), marks, following, limit=limit_of(plan, default=10))
    return Parsed(
        tuple(found),
        (*follow, *step.follow),
        tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """What is deleted, or never was, is a 400 here."""
    data, _ = load(page)
    name, message = said(data, "error"), said(data, "message")
    unknown = name in _GONE_NAMES or "not found" in message.lower()
    if page.status in {400, 404} and unknown:
        words = tidy(message or name)[:200]
        return Problem("api_unknown", page.url, page.fetch.step, {"message": words})
    return explained(page, message or name)


def key_of(what: Wanted) -> str:
    """The list in the source's memory."""
    return f"bluesky {what.read} {what.of}"


def _mark(item: Any, step: str) -> str:
    """When an entry came into its list: lists are ordered by that, reposts by when they were reposted."""
    post = item if step == "search" else inside(item, "post")
    return said(item, "reason", "indexedAt") or said(post, "indexedAt")


def _of_items(items: Iterable[Any], step: str) -> Iterator[Any]:
    """The views of posts in a list."""
    for item in items:
        yield item if step == "search" else inside(item, "post")


def _of_thread(node: Mapping[str, Any]) -> Iterator[Any]:
    """The posts of a thread: those above, the post, its replies; what is gone or blocked is none."""
    above: list[Any] = []
    parent = node.get("parent")
    while isinstance(parent, dict) and len(above) < MAX_THREAD:
        above.append(parent.get("post"))
        parent = parent.get("parent")
    yield from (one for one in reversed(above) if one)
    waiting: list[Any] = [node]
    count = 0
    while waiting and count < MAX_THREAD:
        one = waiting.pop(0)
        if not isinstance(one, dict) or not isinstance(one.get("post"), dict):
            continue
        count += 1
        yield one["post"]
        replies = one.get("replies")
        waiting.extend(replies if isinstance(replies, list) else [])


def _posts(
    plan: SourcePlan,
    page: Page,
    views: list[Any],
    problems: list[Problem],
    items: Iterable[Any] = (),
) -> list[Post]:
    handles = dict(_named(views, items))
    return posts(page, views, lambda entry: _post(plan, entry, handles), problems)


def _named(views: Iterable[Any], items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """The lasting name and the handle of every account that an answer tells.

    Beside the authors of the posts these are those whom the posts quote, and in feeds those whom they answer:
    the same post must have the same address, whether it is read or answered.
    """
    authors = [inside(view, "embed", "record", "author") for view in views]
    authors += [inside(view, "embed", "record", "record", "author") for view in views]
    for item in items:
        authors += [inside(item, "reply", place, "author") for place in ("root", "parent")]
        authors.append(inside(item, "reply", "grandparentAuthor"))
    authors += [inside(view, "author") for view in views]
    for author in authors:
        did, handle = said(author, "did"), said(author, "handle")
        if did and handle:
            yield did, handle


def _threads(plan: SourcePlan, page: Page, what: Wanted, items: list[Any]) -> tuple[Fetch, ...]:
    if not plan.config.get("replies", True):
        return ()
    found = []
    for item in items:
        post = item if page.fetch.step == "search" else inside(item, "post")
        if whole(post, "replyCount") and (uri := said(post, "uri")):
            root = said(post, "record", "reply", "root", "uri") or uri
            found.append(thread(what.api, root, depth=page.fetch.depth + 1))
    return tuple(found)


def _post(plan: SourcePlan, entry: Entry, handles: Mapping[str, str]) -> Post | None:
    uri = entry.needed("uri")
    record = mapping(entry.data, "record")
    text = tidy(said(record, "text"))
    media = _media(entry)
    if not text and not media:
        entry.note("item_without_text", field="record.text")
        return None
    posted_at, zone = entry.moment("record", "createdAt")
    if posted_at is None:
        posted_at, zone = entry.moment("indexedAt")
    languages = record.get("langs")
    language = languages[0] if isinstance(languages, list) and languages else ""
    parent = said(record, "reply", "parent", "uri")
    quoted = said(entry.data, "embed", "record", "uri") or said(
        entry.data, "embed", "record", "record", "uri"
    )
    did, handle = entry.said("author", "did"), entry.said("author", "handle")
    who = _who(did, handle)
    return Post(
        url=_address(uri, who),
        text=text,
        platform=plan.platform,
        author=Author(
            entry.line("author", "displayName") or handle, handle, f"{WEB}/profile/{who}"
        ),
        posted_at=posted_at,
        zone=zone,
        language=language[:10] if isinstance(language, str) and language else "vi",
        media=media,
        links=_links(entry, record),
        reply_to=_known(parent, handles) if parent else "",
        forwarded_from=_known(quoted, handles) if "/app.bsky.feed.post/" in quoted else "",
        counts=entry.counts(
            replies="replyCount", reposts="repostCount", likes="likeCount", quotes="quoteCount"
        ),
    )


def _who(did: str, handle: str) -> str:
    """How an account is named in addresses: by its handle, or where that does not hold, by its lasting name."""
    return handle if handle and handle != "handle.invalid" else did


def _address(uri: str, who: str) -> str:
    key = uri.rpartition("/")[2]
    if not uri.startswith("at://") or not key:
        raise Shape("uri")
    return f"{WEB}/profile/{quote(who, safe=':.')}/post/{quote(key, safe='')}"


def _known(uri: str, handles: Mapping[str, str]) -> str:
    """The address of another post; its author's handle where this page tells it."""
    did = uri.removeprefix("at://").partition("/")[0]
    return _address(uri, _who(did, handles.get(did, "")))


def _media(entry: Entry) -> tuple[Any, ...]:
    embed = mapping(entry.data, "embed")
    within = mapping(embed, "media") or embed
    shown = within.get("images")
    images = [one for one in shown if isinstance(one, dict)] if isinstance(shown, list) else []
    found = [
        (said(one, "fullsize") or said(one, "thumb"), "image", said(one, "alt")) for one in images
    ]
    found.append((said(within, "playlist"), "video", said(within, "alt")))
    found.append((said(within, "external", "thumb"), "image", said(within, "external", "title")))
    return media_of(WEB, *found)


def _links(entry: Entry, record: Mapping[str, Any]) -> tuple[str, ...]:
    """Links in the text and the page that a card shows."""
    found: list[str] = []
    facets = record.get("facets")
    for facet in facets if isinstance(facets, list) else ():
        features = inside(facet, "features")
        found += [said(one, "uri") for one in (features if isinstance(features, list) else ())]
    found.append(said(entry.data, "embed", "external", "uri"))
    found.append(said(entry.data, "embed", "media", "external", "uri"))
    return tuple(dict.fromkeys(one for one in found if one.startswith(("http://", "https://"))))
