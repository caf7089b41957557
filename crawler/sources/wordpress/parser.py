"""Answers of the WordPress REST interface to posts: /wp/v2/posts with what is embedded, /wp/v2/comments."""

import re
from datetime import UTC, datetime
from urllib.parse import urldefrag

from crawler.page import Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical
from crawler.sources.api import (
    NOTHING_WRONG,
    Entry,
    Shape,
    explained,
    inside,
    link_header,
    listed,
    load,
    posts,
    said,
    shape,
    whole,
    with_query,
)
from crawler.sources.bodies import body_of, media_of
from crawler.sources.lists import limit_of, onward
from crawler.sources.markup import html_to_text
from crawler.sources.wordpress.spider import COMMENTS, POSTS, comments_of, key_of
from search.post import Author, Post

_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts or comments of one page, and its next page."""
    data, problems = load(page)
    try:
        entries = listed(data) if not problems or data is not None else []
    except Shape as error:
        return Parsed(problems=(shape(page, error),))
    comments = page.fetch.step == "comments"
    found = posts(
        page, entries, lambda entry: (_comment if comments else _post)(plan, entry), problems
    )
    key, clock = (key_of(plan, COMMENTS), "date") if comments else (key_of(plan, POSTS), "modified")
    marks = [said(entry, clock) for entry in entries]
    step = onward(plan, page, key, marks, _next(page, len(entries)), limit=limit_of(plan))
    numbers = [] if comments else [whole(entry, "id") for entry in entries if whole(entry, "id")]
    answers = comments_of(plan, numbers, depth=page.fetch.depth + 1)
    return Parsed(
        tuple(found),
        (*answers, *step.follow),
        tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """A page after the last is no error; a site may close its interface, or its comments, to strangers."""
    data, _ = load(page)
    if said(data, "code") == "rest_post_invalid_page_number":
        return NOTHING_WRONG
    return explained(page, html_to_text(said(data, "message")))


def _next(page: Page, entries: int) -> str:
    if following := link_header(page, "next"):
        return absolute(page.url, following)
    number = int(page.fetch.meta.get("n", 1))
    pages = whole(dict(page.headers), "x-wp-totalpages")
    return with_query(page.fetch.url, page=number + 1) if entries and number < pages else ""


def _post(plan: SourcePlan, entry: Entry) -> Post | None:
    if entry.said("status") not in {"", "publish"}:
        return None
    address = canonical(absolute(entry.page.url, entry.needed("link")))
    content = entry.said("content", "rendered") or entry.said("excerpt", "rendered")
    body = body_of(content, address)
    title = html_to_text(entry.said("title", "rendered")).replace("\n", " ")
    if not body.text and not title:
        entry.note("item_without_text", field="content")
        return None
    posted_at, zone = _moment(entry)
    featured = inside(entry.data, "_embedded", "wp:featuredmedia")
    picture = featured[0] if isinstance(featured, list) and featured else {}
    more = (said(picture, "source_url"), "image", said(picture, "alt_text"))
    return Post(
        url=address,
        text=body.text,
        title=title,
        platform=plan.platform,
        author=_author(entry),
        posted_at=posted_at,
        zone=zone,
        media=media_of(address, *((one.url, one.kind, one.alt) for one in body.media), more),
        links=body.links,
    )


def _author(entry: Entry) -> Author:
    """The embedded author; where the site hides its authors, nobody."""
    embedded = inside(entry.data, "_embedded", "author")
    who = embedded[0] if isinstance(embedded, list) and embedded else {}
    return Author(html_to_text(said(who, "name")), said(who, "slug"), said(who, "link"))


def _comment(plan: SourcePlan, entry: Entry) -> Post | None:
    if entry.said("status") not in {"", "approved"} or entry.said("type") not in {"", "comment"}:
        return None
    address = canonical(absolute(entry.page.url, entry.needed("link")))
    body = body_of(entry.said("content", "rendered"), address)
    if not body.text:
        entry.note("item_without_text", field="content")
        return None
    thread = canonical(_COMMENT_PAGE.sub("/", urldefrag(address).url))
    parent = whole(entry.data, "parent")
    posted_at, zone = _moment(entry)
    return Post(
        url=address,
        text=body.text,
        platform=plan.platform,
        author=Author(html_to_text(entry.said("author_name")), "", entry.said("author_url")),
        posted_at=posted_at,
        zone=zone,
        media=body.media,
        links=body.links,
        reply_to=f"{urldefrag(address).url}#comment-{parent}" if parent else thread,
    )


def _moment(entry: Entry) -> tuple[datetime | None, str]:
    """`date_gmt` is UTC without saying so; the zone is how far the site's own clock is from it."""
    moment, _ = entry.moment("date_gmt")
    local, zone = entry.moment("date")
    if moment is None:
        return local, zone
    if local is None:
        return moment, "Z"
    minutes = round((local.replace(tzinfo=UTC) - moment).total_seconds() / 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return moment, f"{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes < 24 * 60 else "Z"
