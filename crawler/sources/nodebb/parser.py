"""NodeBB's read interface to posts: lists of topics, pages of a topic, what one person wrote."""

from typing import Any

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import canonical
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
from crawler.sources.bodies import body_of
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import html_to_text
from crawler.sources.nodebb.spider import place_of, topic_page
from search.post import Author, Post


def read(plan: SourcePlan, page: Page) -> Parsed:
    """What one answer holds, and where it leads."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    try:
        if page.fetch.step == "list":
            return _list(plan, page, data, tuple(problems))
        if page.fetch.step == "posts":
            return _of_person(plan, page, data, problems)
        return _topic(plan, page, data, problems)
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))


def _key(plan: SourcePlan) -> str:
    return f"nodebb {place_of(plan.address)[1]}"


def _list(plan: SourcePlan, page: Page, data: Any, problems: tuple[Any, ...]) -> Parsed:
    root, _ = place_of(plan.address)
    topics = [one for one in listed(data, "topics") if isinstance(one, dict)]
    known = remembered(plan, _key(plan))
    found = []
    for topic in topics:
        slug = said(topic, "slug") or said(topic, "tid")
        active = said(topic, "lastposttimeISO")
        seen_before = known is not None and active and active <= str(known)
        if slug and not topic.get("deleted") and not seen_before:
            found.append(topic_page(root, slug, 1))
    marks = [said(topic, "lastposttimeISO") for topic in topics]
    following = _next_list(page, data) if topics else ""
    step = onward(plan, page, _key(plan), marks, following, limit=limit_of(plan))
    return Parsed(
        follow=(*found, *step.follow), problems=problems, goes_on=step.goes_on, at_end=step.at_end
    )


def _next_list(page: Page, data: Any) -> str:
    """The next page of a list, by its number."""
    number, pages = int(page.fetch.meta.get("n", 1)), whole(data, "pagination", "pageCount")
    return with_query(page.fetch.url, page=number + 1) if number < pages else ""


def _of_person(plan: SourcePlan, page: Page, data: Any, problems: list[Any]) -> Parsed:
    """What one person wrote, the newest first; each post names its topic."""
    entries = listed(data, "posts")
    found = posts(page, entries, lambda one: _post(plan, mapping(one.data, "topic"), one), problems)
    marks = [said(one, "timestampISO") for one in entries]
    following = _next_list(page, data) if entries else ""
    number = int(page.fetch.meta.get("n", 1))
    if entries and not following and number * len(entries) < whole(data, "postcount"):
        following = with_query(page.fetch.url, page=number + 1)  # old versions count one page only
    step = onward(plan, page, _key(plan), marks, following, limit=limit_of(plan))
    return Parsed(
        tuple(found), step.follow, tuple(problems), goes_on=step.goes_on, at_end=step.at_end
    )


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """NodeBB says its errors as one word of its own, and what is deleted is refused like what is hidden."""
    data, _ = load(page)
    return explained(page, data if isinstance(data, str) else "")


def _topic(plan: SourcePlan, page: Page, data: Any, problems: list[Any]) -> Parsed:
    if inside(data, "deleted") in (1, True):
        return Parsed(problems=tuple(problems))
    entries = listed(data, "posts")
    found = posts(page, entries, lambda entry: _post(plan, data, entry), problems)
    follow, goes_on = _further(plan, page, data, entries)
    return Parsed(tuple(found), follow, tuple(problems), goes_on=goes_on)


def _further(
    plan: SourcePlan, page: Page, data: Any, entries: list[Any]
) -> tuple[tuple[Fetch, ...], int]:
    """The next page; of a topic that was read before, the last one and those before it, until what is known."""
    root, _ = place_of(plan.address)
    meta, depth = page.fetch.meta, page.fetch.depth
    slug, at = str(meta.get("topic", "")), int(meta.get("n", 1))
    known, last = remembered(plan, _key(plan)), whole(data, "pagination", "pageCount")
    if meta.get("back"):
        oldest = min((said(one, "timestampISO") for one in entries), default="")
        back = at > 2 and oldest > str(known or "")
        return ((topic_page(root, slug, at - 1, back=True, depth=depth),) if back else ()), 0
    if not entries or at >= last:
        return (), 0
    if known is not None and at == 1:
        return (topic_page(root, slug, last, back=True, depth=depth),), 0
    limit = limit_of(plan, "detail_pages")
    if at >= limit:
        return (), limit
    return (topic_page(root, slug, at + 1, depth=depth),), 0


def _post(plan: SourcePlan, topic: Any, entry: Entry) -> Post | None:
    if entry.data.get("deleted"):
        return None
    root, _ = place_of(plan.address)
    number = whole(entry.data, "pid")
    if not number:
        raise Shape("pid")
    main = number == whole(topic, "mainPid") or entry.data.get("isMainPost") is True
    main = main or entry.data.get("index") == 0
    thread = f"{root}/topic/{said(topic, 'slug') or said(topic, 'tid')}"
    body = body_of(entry.said("content"), f"{root}/")
    title = html_to_text(said(topic, "titleRaw") or said(topic, "title")).replace("\n", " ")
    if not body.text and not body.media:
        entry.note("item_without_text", field="content")
        return None
    parent = whole(entry.data, "toPid")
    answered = f"{root}/post/{parent}" if parent and parent != whole(topic, "mainPid") else thread
    posted_at, zone = entry.moment("timestampISO")
    return Post(
        url=canonical(thread if main else f"{root}/post/{number}"),
        text=body.text,
        title=title if main else "",
        platform=plan.platform,
        author=_author(root, entry),
        posted_at=posted_at,
        zone=zone,
        media=body.media,
        links=body.links,
        reply_to="" if main else canonical(answered),
        counts=entry.counts(upvotes="upvotes", downvotes="downvotes", replies=_replies(entry)),
    )


def _replies(entry: Entry) -> str:
    """Where the number of answers stands: by itself before version 1.5, since then among other things."""
    return "replies.count" if isinstance(entry.data.get("replies"), dict) else "replies"


def _author(root: str, entry: Entry) -> Author:
    """Of a deleted account or a guest only the name that the forum still shows."""
    user = mapping(inside(entry.data, "user"))
    slug = said(user, "userslug") if whole(user, "uid") else ""
    name = said(user, "displayname") or said(user, "username") or entry.said("handle")
    name = (
        "" if name.startswith("[[") else name
    )  # a text of the program's own, not yet in any language
    return Author(name, slug, canonical(f"{root}/user/{slug}") if slug else "")
