"""One entry of a page to a post: each field by its selector, within the entry."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urldefrag, urlsplit
from zoneinfo import ZoneInfo

from crawler.page import Page, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical
from crawler.sources.html_list.select import Selected, first, select, text_of, value_of
from crawler.sources.markup import Element, images, links, plain_text
from crawler.sources.times import parse_time, with_day, zone_of
from search.post import Author, Media, Post

_NAME_AND_NUMBER = re.compile(r"/u/(?P<name>[^/]+)/\d+/?$")
_USERS = ("u", "uid", "userid", "user", "id")


@dataclass(frozen=True, slots=True)
class Fields:
    """The selectors of one kind of page; empty: not there."""

    item: str
    link: str
    title: str
    text: str
    author: str
    author_link: str
    time: str

    @classmethod
    def of(cls, config: Mapping[str, Any], place: str) -> "Fields":
        names = ("item", "link", "title", "text", "author", "author_link", "time")
        return cls(*(str(config.get(f"{place}_{name}") or "") for name in names))


@dataclass(frozen=True, slots=True)
class Context:
    """Where an entry stands."""

    plan: SourcePlan
    page: Page
    fields: Fields
    zone: ZoneInfo
    root: Element
    items: frozenset[Element]
    detail: bool
    problems: list[Problem]
    nested: Mapping[Element, frozenset[Element]]

    @property
    def number(self) -> int:
        return int(self.page.fetch.meta.get("n", 1))

    def selected(self, entry: Element) -> Selected:
        """The entry among the others."""
        return Selected(entry, self.items, self.nested.get(entry, frozenset()))

    @property
    def thread(self) -> str:
        """The address of the thread that this page belongs to."""
        return str(self.page.fetch.meta.get("thread") or canonical(urldefrag(self.page.url).url))


def post_of(context: Context, entry: Element, number: int) -> Post | None:
    fields, page = context.fields, context.page
    one = context.selected(entry)
    body = first(one, fields.text) if fields.text else entry
    text = plain_text(body, one.nested) if body is not None else ""
    title = _title(context, one, number)
    if not text and not title:
        detail = {"number": number, "field": "text"}
        context.problems.append(
            Problem("item_without_text", page.url, f"{page.fetch.step} entry", detail)
        )
        return None
    url = _address(context, one, text or title, titled=bool(title))
    posted_at, zone = _time(context, one, number)
    return Post(
        url=url,
        text=text,
        title=title,
        platform=context.plan.platform,
        author=_author(context, one),
        posted_at=posted_at,
        zone=zone,
        language=(context.root.get("lang") or "vi").partition("-")[0][:10].lower(),
        media=_media(context, one, body),
        links=tuple(links(body, page.url, one.nested)) if body is not None else (),
        reply_to=_reply_to(context, url, title),
    )


def _title(context: Context, one: Selected, number: int) -> str:
    """The entry's own title; that of a thread stands above its first entry and belongs to it."""
    fields = context.fields
    if not fields.title:
        return ""
    found = first(one, fields.title)
    if found is None and context.detail and number == 1 and context.number == 1:
        found = next(
            (
                node
                for node in select(context.root, fields.title)
                if not _inside(node, context.items)
            ),
            None,
        )
    return "" if found is None else plain_text(found).replace("\n", " ")


def _inside(node: Element, items: frozenset[Element]) -> bool:
    return any(above in items for above in node.iterancestors())


def _address(context: Context, one: Selected, text: str, *, titled: bool) -> str:
    """The lasting address of an entry: its link, else its page; an anchor tells entries of a page apart.

    What opens a thread has the thread's address, so that what answers it leads to it.
    """
    page = context.page
    if context.detail and titled and first(one, context.fields.title) is None:
        return context.thread
    if link := value_of(one, context.fields.link, "href", "value", "content"):
        whole = absolute(page.url, link)
        if whole:
            return canonical(whole)
    alone = len(context.items) == 1 and context.plan.config.get("mode") != "both"
    if context.detail and (alone or titled):
        return canonical(urldefrag(page.url).url)
    base = page.url if context.detail else context.plan.address
    anchor = one.entry.get("id") or f"text-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return canonical(f"{urldefrag(base).url}#{anchor}")


def _media(context: Context, one: Selected, body: Element | None) -> tuple[Media, ...]:
    """The pictures of the text; of the whole entry when it is the post. Avatars beside the text are not his."""
    place = body if context.detail or body is None else one.entry
    found = images(place, context.page.url, one.nested) if place is not None else []
    return tuple(Media(source, alt=alt) for source, alt in found)


def _author(context: Context, one: Selected) -> Author:
    link = value_of(one, context.fields.author_link, "href")
    url = canonical(absolute(context.page.url, link)) if link else ""
    name = text_of(one, context.fields.author)
    return Author(name=name, handle=_handle(url), url=url)


def _handle(url: str) -> str:
    """What names the author in the address of the profile: its last part, or the query of a script."""
    if not url:
        return ""
    parts = urlsplit(url)
    if shown := _NAME_AND_NUMBER.search(parts.path):
        return unquote(shown["name"])
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    if not last.endswith((".php", ".aspx")):
        return last
    named = dict(parse_qsl(parts.query, keep_blank_values=True))
    told = next((named[name] for name in _USERS if named.get(name)), "")
    return told or unquote(parts.query.partition("&")[0])


def _time(context: Context, one: Selected, number: int) -> tuple[datetime | None, str]:
    """The moment of an entry in UTC, and the zone it was written in ("" where that was not said)."""
    if not context.fields.time:
        return None, ""
    written = value_of(one, context.fields.time, "datetime", "title", "content")
    found = first(one, context.fields.time)
    inner = "" if written or found is None else _told_inside(found)
    shown = text_of(one, context.fields.time)
    for candidate in (written, inner, shown):
        dated = with_day(candidate, context.page.fetched_at, context.zone)
        if dated and (moment := parse_time(dated, context.zone)) is not None:
            return moment, zone_of(candidate)
    if written or shown:
        detail = {"number": number, "value": (written or shown)[:100]}
        context.problems.append(
            Problem("bad_time", context.page.url, f"{context.page.fetch.step} entry", detail)
        )
    return None, ""


def _told_inside(found: Element) -> str:
    """The moment that an element inside the chosen one says for machines."""
    return next((node.get("datetime") or "" for node in found.iter("time")), "")


def _reply_to(context: Context, url: str, title: str) -> str:
    """On the page of a thread, what has no title answers the thread."""
    thread = context.thread
    return thread if context.detail and not title and url != thread else ""
