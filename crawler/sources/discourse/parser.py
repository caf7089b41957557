"""Discourse's JSON to posts: lists of topics, pages of a topic, the newest posts of a forum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.page import Fetch, Page, Parsed, SourcePlan
from crawler.sources.addresses import canonical
from crawler.sources.api import (
    Entry,
    Shape,
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
from crawler.sources.discourse.spider import TOPIC_PAGE, place_of, topic_page
from crawler.sources.lists import limit_of, onward, remembered
from search.post import Author, Post

_ORDINARY = 1
"""post_type of what people write; moderators' acts and small notices have others."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the page of a topic says of the topic itself."""

    number: int
    slug: str
    title: str


def read(plan: SourcePlan, page: Page) -> Parsed:
    """What one answer holds, and where it leads."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    try:
        if page.fetch.step == "list":
            return _list(plan, page, data, tuple(problems))
        if page.fetch.step == "posts":
            return _newest(plan, page, data, problems)
        return _topic(plan, page, data, problems)
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))


def _list(plan: SourcePlan, page: Page, data: Any, problems: tuple[Any, ...]) -> Parsed:
    root, place = place_of(plan.address)
    topics = [one for one in listed(data, "topic_list", "topics") if isinstance(one, dict)]
    key = f"discourse topics {place}".strip()
    known = remembered(plan, key)
    found = []
    for topic in topics:
        number, active = whole(topic, "id"), _active(topic)
        if not number or topic.get("visible") is False:
            continue
        if known is not None and active and active <= str(known):
            continue
        last = -(-max(1, whole(topic, "posts_count")) // TOPIC_PAGE)
        if known is not None and last > 1:
            found.append(topic_page(root, number, last, back=True))
        else:
            found.append(topic_page(root, number, 1))
    more = said(data, "topic_list", "more_topics_url")
    following = ""
    if more and topics:
        following = with_query(page.fetch.url, page=_list_number(page) + 1)
    marks = [_active(topic) for topic in topics]
    step = onward(plan, page, key, marks, following, limit=limit_of(plan))
    return Parsed(
        follow=(*found, *step.follow), problems=problems, goes_on=step.goes_on, at_end=step.at_end
    )


def _list_number(page: Page) -> int:
    return int(page.fetch.meta.get("n", 1)) - 1


def _active(topic: Mapping[str, Any]) -> str:
    return said(topic, "bumped_at") or said(topic, "last_posted_at")


def _topic(plan: SourcePlan, page: Page, data: Any, problems: list[Any]) -> Parsed:
    root, place = place_of(plan.address)
    entries = listed(data, "post_stream", "posts")
    number = whole(data, "id") or int(page.fetch.meta.get("topic", 0))
    topic = _Topic(number, said(data, "slug") or "-", said(data, "title"))
    if data.get("deleted_at"):
        return Parsed(problems=tuple(problems))
    found = posts(page, entries, lambda entry: _post(plan, root, entry, topic), problems)
    at, count = int(page.fetch.meta.get("n", 1)), whole(data, "posts_count")
    depth = page.fetch.depth
    if page.fetch.meta.get("back"):
        known = str(remembered(plan, f"discourse topics {place}".strip()) or "")
        oldest = min((said(one, "created_at") for one in entries), default="")
        back = at > 1 and oldest > known
        follow = (topic_page(root, number, at - 1, back=True, depth=depth),) if back else ()
        return Parsed(tuple(found), follow, tuple(problems))
    goes_on = 0
    following: tuple[Fetch, ...] = ()
    if entries and at * TOPIC_PAGE < count:
        limit = limit_of(plan, "detail_pages")
        goes_on = limit if at >= limit else 0
        following = () if goes_on else (topic_page(root, number, at + 1, depth=depth),)
    return Parsed(tuple(found), following, tuple(problems), goes_on=goes_on)


def _newest(plan: SourcePlan, page: Page, data: Any, problems: list[Any]) -> Parsed:
    root, place = place_of(plan.address)
    of_person = place.startswith(
        "u/"
    )  # answered as a bare list of the fifty newest, without further pages
    entries = listed(data) if of_person else listed(data, "latest_posts")

    def made(entry: Entry) -> Post | None:
        title = entry.line("topic_title") if whole(entry.data, "post_number") == 1 else ""
        topic = _Topic(whole(entry.data, "topic_id"), entry.said("topic_slug") or "-", title)
        return _post(plan, root, entry, topic)

    found = posts(page, entries, made, problems)
    marks = [number for one in entries if (number := whole(one, "id"))]
    older = bool(marks) and min(marks) > 1 and not of_person
    following = with_query(page.fetch.url, before=min(marks)) if older else ""
    key = f"discourse posts {place}".strip()
    step = onward(plan, page, key, marks, following, limit=limit_of(plan))
    return Parsed(
        tuple(found), step.follow, tuple(problems), goes_on=step.goes_on, at_end=step.at_end
    )


def _post(plan: SourcePlan, root: str, entry: Entry, topic: _Topic) -> Post | None:
    data = entry.data
    gone = data.get("user_deleted") or data.get("deleted_at") or data.get("hidden")
    if gone or whole(data, "post_type") not in {0, _ORDINARY}:
        return None
    thread = f"{root}/t/{topic.slug}/{topic.number}"
    number = whole(data, "post_number")
    if not number:
        raise Shape("post_number")
    body = body_of(entry.said("cooked") or entry.said("raw"), f"{root}/")
    if not body.text and not body.media:
        entry.note("item_without_text", field="cooked")
        return None
    answered = whole(data, "reply_to_post_number")
    posted_at, zone = entry.moment("created_at")
    user = entry.said("username")
    counts = entry.counts(replies="reply_count", reads="reads", quotes="quote_count")
    return Post(
        url=canonical(thread if number == 1 else f"{thread}/{number}"),
        text=body.text,
        title=topic.title if number == 1 else "",
        platform=plan.platform,
        author=Author(
            entry.line("name") or user, user, canonical(f"{root}/u/{user}") if user else ""
        ),
        posted_at=posted_at,
        zone=zone,
        media=body.media,
        links=body.links,
        reply_to=canonical(_answered(thread, number, answered)),
        counts={**counts, **_likes(data)},
    )


def _answered(thread: str, number: int, answered: int) -> str:
    """What a post answers: the post it names, else the topic; the topic itself answers nothing."""
    if number == 1:
        return ""
    return f"{thread}/{answered}" if answered > 1 else thread


def _likes(data: Mapping[str, Any]) -> dict[str, int]:
    acts = data.get("actions_summary")
    liked = [whole(mapping(one), "count") for one in acts or () if whole(mapping(one), "id") == 2]
    return {"likes": liked[0]} if liked and liked[0] else {}
