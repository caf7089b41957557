"""Flarum's JSON:API to posts: lists of discussions, pages of a discussion, what one person wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical, same_site
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
)
from crawler.sources.bodies import body_of
from crawler.sources.flarum.spider import discussion, place_of
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import parse
from search.post import Author, Post


@dataclass(frozen=True, slots=True)
class _Around:
    """What an answer says beside its posts: people and discussions, by type and number."""

    root: str
    known: Mapping[tuple[str, str], Mapping[str, Any]]

    def of(self, entry: Entry, relation: str) -> Mapping[str, Any]:
        """The attributes of what the entry refers to; empty where that is not told (a deleted account)."""
        to = mapping(entry.data, "relationships", relation, "data")
        return self.known.get((said(to, "type"), said(to, "id")), {})


def read(plan: SourcePlan, page: Page) -> Parsed:
    """What one answer holds, and where it leads."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    try:
        entries = [one for one in listed(data, "data") if isinstance(one, dict)]
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))
    if page.fetch.step == "list":
        return _list(plan, page, data, entries, problems)
    around = _around(plan, data)
    found = tuple(posts(page, entries, lambda one: _post(plan, one, around), problems))
    if page.fetch.step == "posts":
        return _of_person(plan, page, data, entries, found, problems)
    follow, goes_on = _further(plan, page, data, entries)
    return Parsed(found, follow, tuple(problems), goes_on=goes_on)


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """Flarum's errors have a code; what a stranger may not see is not found for him."""
    data, _ = load(page)
    faults = inside(data, "errors")
    fault = faults[0] if isinstance(faults, list) and faults else {}
    return explained(page, said(fault, "detail") or said(fault, "code"))


def _key(plan: SourcePlan) -> str:
    return f"flarum {place_of(plan.address)[1]}".strip()


def _next(page: Page, data: Any) -> str:
    """The next page that the answer names, on the same site only."""
    named = said(data, "links", "next") or said(data, "links", "next", "href")
    following = absolute(page.url, named) if named else ""
    return following if following and same_site(following, page.fetch.url) else ""


def _list(
    plan: SourcePlan, page: Page, data: Any, entries: list[Any], problems: list[Problem]
) -> Parsed:
    root, _ = place_of(plan.address)
    known = remembered(plan, _key(plan))
    found = []
    for entry in entries:
        number, active = whole(entry, "id"), said(entry, "attributes", "lastPostedAt")
        hidden = inside(entry, "attributes", "isHidden") is True
        if number and not hidden and (known is None or not active or active > str(known)):
            found.append(discussion(root, number, back=known is not None))
    marks = [said(one, "attributes", "lastPostedAt") for one in entries]
    step = onward(plan, page, _key(plan), marks, _next(page, data), limit=limit_of(plan))
    return Parsed(
        follow=(*found, *step.follow),
        problems=tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def _of_person(
    plan: SourcePlan,
    page: Page,
    data: Any,
    entries: list[Any],
    found: tuple[Post, ...],
    problems: list[Problem],
) -> Parsed:
    marks = [said(one, "attributes", "createdAt") for one in entries]
    step = onward(plan, page, _key(plan), marks, _next(page, data), limit=limit_of(plan))
    return Parsed(found, step.follow, tuple(problems), goes_on=step.goes_on, at_end=step.at_end)


def _further(
    plan: SourcePlan, page: Page, data: Any, entries: list[Any]
) -> tuple[tuple[Fetch, ...], int]:
    """The next page of a discussion; of one that was read before, until what is known."""
    meta, at = page.fetch.meta, int(page.fetch.meta.get("n", 1))
    following = _next(page, data) if entries and not meta.get("alone") else ""
    if meta.get("back"):
        oldest = min((said(one, "attributes", "createdAt") for one in entries), default="")
        following = following if oldest > str(remembered(plan, _key(plan)) or "") else ""
    limit = limit_of(plan, "detail_pages")
    if not following or at >= limit:
        return (), limit if following else 0
    further = Fetch(following, step="topic", depth=page.fetch.depth, meta={**meta, "n": at + 1})
    return (further,), 0


def _around(plan: SourcePlan, data: Any) -> _Around:
    included = inside(data, "included")
    known = {
        (said(one, "type"), said(one, "id")): mapping(one, "attributes")
        for one in (included if isinstance(included, list) else ())
    }
    return _Around(place_of(plan.address)[0], known)


def _post(plan: SourcePlan, entry: Entry, around: _Around) -> Post | None:
    if entry.said("attributes", "contentType") != "comment":
        return None  # a new title, a lock: acts, nobody's words
    if inside(entry.data, "attributes", "isHidden") is True:
        return None
    number = whole(entry.data, "attributes", "number")
    if not number:
        raise Shape("attributes.number")
    thread, about = _thread(entry, around)
    url = canonical(thread if number == 1 else f"{thread}/{number}")
    content = entry.said("attributes", "contentHtml")
    body = body_of(content, url)
    if not body.text and not body.media:
        entry.note("item_without_text", field="contentHtml")
        return None
    posted_at, zone = entry.moment("attributes", "createdAt")
    return Post(
        url=url,
        text=body.text,
        title=_line(about, "title") if number == 1 else "",
        platform=plan.platform,
        author=_author(around.root, around.of(entry, "user")),
        posted_at=posted_at,
        zone=zone,
        media=body.media,
        links=body.links,
        reply_to="" if number == 1 else canonical(_answered(content, url) or thread),
        counts=_counts(entry, about, number),
    )


def _thread(entry: Entry, around: _Around) -> tuple[str, Mapping[str, Any]]:
    """The address of the discussion, and what is told of it. Its slug begins with its number since 1.0."""
    to = mapping(entry.data, "relationships", "discussion", "data")
    number = said(to, "id") or str(entry.page.fetch.meta.get("topic", ""))
    if not number:
        raise Shape("relationships.discussion")
    about = around.of(entry, "discussion")
    slug = said(about, "slug")
    if not slug or slug.partition("-")[0] != number:
        slug = f"{number}-{slug}".rstrip("-")
    return f"{around.root}/d/{slug}", about


def _author(root: str, user: Mapping[str, Any]) -> Author:
    handle = said(user, "username")
    place = said(user, "slug") or handle
    name = _line(user, "displayName") or handle
    return Author(name, handle, canonical(f"{root}/u/{place}") if place else "")


def _line(data: Mapping[str, Any], name: str) -> str:
    return " ".join(said(data, name).split())


def _answered(content: str, base: str) -> str:
    """The post that is answered: a reply begins with a mention of it."""
    root = parse(f"<div>{content}</div>") if "PostMention" in content else None
    for node in root.iter("a") if root is not None else ():
        if "PostMention" in (node.get("class") or "").split():
            return absolute(base, node.get("href") or "").removesuffix("/1")
    return ""


def _counts(entry: Entry, about: Mapping[str, Any], number: int) -> dict[str, int]:
    counts = entry.counts(likes="attributes.likesCount", replies="attributes.mentionedByCount")
    if number == 1 and whole(about, "commentCount"):
        counts["replies"] = whole(about, "commentCount") - 1
    return counts
