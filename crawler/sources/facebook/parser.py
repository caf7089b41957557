"""Answers of the Graph API to posts: the feed of a page, the comments of a post."""

from collections.abc import Iterable, Iterator
from typing import Any

from crawler.credentials import without_secrets
from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources import lately
from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.api import (
    Entry,
    Shape,
    explained,
    inside,
    listed,
    load,
    posts,
    said,
    shape,
    whole,
    with_query,
)
from crawler.sources.bodies import media_of
from crawler.sources.facebook.spider import comments, key_of
from crawler.sources.lists import limit_of, onward
from crawler.sources.markup import tidy
from search.post import Author, Media, Post

WEB = "https://www.facebook.com"
_LIMITS = frozenset({4, 17, 32, 341, 613, 80001})
_KEYS = frozenset({102, 190, 463, 467})
_GRANTS = frozenset({3, 10, 294, *range(200, 300)})
_UNKNOWN = frozenset({100, 803})


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts or comments of one page, its next page, and the comments of posts that have some."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    try:
        entries = [one for one in listed(data, "data") if isinstance(one, dict)]
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))
    following = _next(page, data) if entries else ""
    if page.fetch.step == "comments":
        return _comments(plan, page, entries, following, problems)
    found = posts(page, entries, lambda entry: _post(plan, entry), problems)
    follow = _comments_of(plan, page, entries)
    marks = [said(one, "created_time") for one in entries]
    step = onward(plan, page, key_of(plan), marks, following, limit=limit_of(plan, default=10))
    again, state = _lately(plan, page, entries)
    return Parsed(
        tuple(found),
        (*follow, *again, *step.follow),
        tuple(problems),
        state,
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """The Graph API's error codes in words: 190 the token, 4 too much, 10 and 200 no right to it."""
    data, _ = load(page)
    code, message = whole(data, "error", "code"), tidy(said(data, "error", "message"))[:200]
    wait = page.headers.get("retry-after", "?")
    for codes, reason in (
        (_KEYS, "api_key"),
        (_LIMITS, "api_limit"),
        (_GRANTS, "api_permission"),
        (_UNKNOWN, "api_unknown"),
    ):
        if code in codes:
            detail = {"message": message or str(code), "wait": wait}
            return Problem(reason, page.url, page.fetch.step, detail)
    if code in {1, 2}:
        return Problem(
            "api_failed", page.url, page.fetch.step, {"status": page.status, "message": message}
        )
    return explained(page, message)


def _next(page: Page, data: Any) -> str:
    """The next page by its cursor, on the same server; the token that the API puts into links is left out."""
    link = said(data, "paging", "next")
    if not link:
        return ""
    if after := said(data, "paging", "cursors", "after"):
        return with_query(page.fetch.url, after=after)
    target = without_secrets(absolute(page.url, link))
    return target if same_site(target, page.fetch.url) else ""


def _comments(
    plan: SourcePlan, page: Page, entries: list[Any], following: str, problems: list[Problem]
) -> Parsed:
    thread, number = str(page.fetch.meta.get("thread", "")), int(page.fetch.meta.get("n", 1))
    numbers = {said(one, "id"): _own_address(one) for one in entries}
    found = posts(page, entries, lambda entry: _comment(plan, entry, thread, numbers), problems)
    limit = limit_of(plan, "comment_pages", 5)
    if not following or page.fetch.meta.get("again"):
        return Parsed(tuple(found), problems=tuple(problems))
    if number >= limit:
        return Parsed(tuple(found), problems=tuple(problems), goes_on=limit)
    meta = {**page.fetch.meta, "n": number + 1}
    onto = Fetch(following, step="comments", depth=page.fetch.depth, meta=meta)
    return Parsed(tuple(found), (onto,), tuple(problems))


def _lately(
    plan: SourcePlan, page: Page, entries: Iterable[Any]
) -> tuple[tuple[Fetch, ...], dict[str, Any]]:
    """The newest comments of posts of the last days, and what to remember of this page; once in a run."""
    if page.fetch.meta.get("n", 1) != 1:
        return (), {}
    here = {said(one, "id"): f"{said(one, 'created_time')} {_address(one)}" for one in entries}
    known, depth = lately.recent(plan, page, key_of(plan)), page.fetch.depth + 1
    again = tuple(
        comments(plan, one, written.partition(" ")[2], depth=depth, again=True)
        for one, written in known.items()
        if one not in here
    )
    return again, lately.noted(plan, page, key_of(plan), here.items())


def _comments_of(plan: SourcePlan, page: Page, entries: Iterable[Any]) -> tuple[Fetch, ...]:
    if not plan.config.get("comments", True):
        return ()
    depth = page.fetch.depth + 1
    return tuple(
        comments(plan, said(one, "id"), _address(one), depth=depth)
        for one in entries
        if said(one, "id") and whole(one, "comments", "summary", "total_count")
    )


def _post(plan: SourcePlan, entry: Entry) -> Post | None:
    text = tidy(entry.said("message"))
    media = media_of(WEB, *_media(entry))
    entry.needed("id")
    if not text and not media:  # "… updated their cover photo", and what the token may not see
        return None
    posted_at, zone = entry.moment("created_time")
    return Post(
        url=_address(entry.data),
        text=text,
        platform=plan.platform,
        author=_author(entry),
        posted_at=posted_at,
        zone=zone,
        media=media,
        links=tuple(dict.fromkeys(_links(entry))),
        counts=entry.counts(
            comments="comments.summary.total_count",
            reactions="reactions.summary.total_count",
            shares="shares.count",
        ),
    )


def _address(data: Any) -> str:
    """The lasting address: what the API names, else made of the numbers of page and post."""
    owner, _, post = said(data, "id").partition("_")
    made = f"{WEB}/{owner}/posts/{post}" if post else f"{WEB}/{owner}"
    return _own_address(data) or canonical(made)


def _own_address(data: Any) -> str:
    found = said(data, "permalink_url")
    return canonical(found) if found.startswith(("http://", "https://")) else ""


def _author(entry: Entry) -> Author:
    """Who the API names; it hides people whose consent the page does not have."""
    number = entry.said("from", "id")
    return Author(entry.line("from", "name"), number, f"{WEB}/{number}" if number else "")


def _attachments(entry: Entry) -> Iterator[Any]:
    found = inside(entry.data, "attachments", "data")
    for one in found if isinstance(found, list) else ():
        yield one
        below = inside(one, "subattachments", "data")
        yield from (below if isinstance(below, list) else ())


def _media(entry: Entry) -> list[tuple[str, str, str]]:
    found = [(entry.said("full_picture"), "image", "")]
    for one in _attachments(entry):
        kind = "video" if "video" in said(one, "media_type") + said(one, "type") else "image"
        address = said(one, "media", "source") if kind == "video" else ""
        picture = said(one, "media", "image", "src")
        found += [(address, "video", said(one, "title")), (picture, "image", said(one, "title"))]
    return found


def _links(entry: Entry) -> Iterator[str]:
    """Pages that a post shares; not Facebook's own addresses of its pictures."""
    for one in _attachments(entry):
        address = said(one, "unshimmed_url") or said(one, "url")
        if address.startswith(("http://", "https://")) and not same_site(address, WEB):
            yield address


def _comment(plan: SourcePlan, entry: Entry, thread: str, numbers: dict[str, str]) -> Post | None:
    text = tidy(entry.said("message"))
    attachment = entry.said("attachment", "media", "image", "src")
    media: tuple[Media, ...] = media_of(WEB, (attachment, "image", ""))
    if not text and not media:  # a sticker
        return None
    number = entry.said("id")
    address = _own_address(entry.data) or (
        f"{thread}?comment_id={number.rpartition('_')[2]}" if number else ""
    )
    if not address:
        raise Shape("id")
    posted_at, zone = entry.moment("created_time")
    return Post(
        url=address,
        text=text,
        platform=plan.platform,
        author=_author(entry),
        posted_at=posted_at,
        zone=zone,
        media=media,
        reply_to=_answered(entry, address, thread, numbers),
        counts=entry.counts(comments="comment_count", likes="like_count"),
    )


def _answered(entry: Entry, address: str, thread: str, numbers: dict[str, str]) -> str:
    """The comment that a reply stands below: named by the API, or by its address; else the post."""
    parent = entry.said("parent", "id")
    if parent and numbers.get(parent):
        return numbers[parent]
    if "reply_comment_id=" in address:
        return with_query(address, reply_comment_id=None)
    if parent and thread:
        return f"{thread}?comment_id={parent.rpartition('_')[2]}"
    return thread or with_query(address, comment_id=None)
