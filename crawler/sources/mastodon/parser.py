"""Answers of the Mastodon interface to posts: timelines, statuses of an account, what answers a status."""

import re
from collections.abc import Mapping
from typing import Any

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.api import (
    Entry,
    Shape,
    explained,
    link_header,
    listed,
    load,
    mapping,
    posts,
    said,
    shape,
    whole,
)
from crawler.sources.bodies import body_of, media_of
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import tidy
from crawler.sources.mastodon.spider import ID, api_of, mark_of_number, timeline, wanted
from search.post import Author, Media, Post

_KINDS = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}
PUBLIC = frozenset({"", "public", "unlisted"})


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts of one answer, its next page, and the replies of posts that have some."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    try:
        if page.fetch.step == "lookup":
            return _account(plan, data)
        if page.fetch.step == "context":
            every = [*listed(data, "ancestors"), *listed(data, "descendants")]
            return Parsed(tuple(_posts(plan, page, every, problems)), problems=tuple(problems))
        entries = [data] if page.fetch.step == "status" else listed(data)
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))
    found = tuple(_posts(plan, page, entries, problems))
    replies = _replies(plan, page, entries)
    if page.fetch.meta.get("upwards"):
        return _upwards(plan, page, entries, found, replies, problems)
    marks = [mark for one in entries if (mark := mark_of(one))]
    following = _beside(page, "next") if entries else ""
    key = wanted(plan).key
    step = onward(plan, page, key, marks, following, limit=limit_of(plan, default=10))
    return Parsed(
        found,
        (*replies, *step.follow),
        tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """Servers may show their timelines to accounts only."""
    if page.status == 404 and page.fetch.step == "lookup":
        return Problem("api_unknown", page.url, page.fetch.step, {"message": "404"})
    if page.status == 422:
        return Problem("api_login", page.url, page.fetch.step, {"message": _words(page)})
    return explained(page)


def _words(page: Page) -> str:
    return tidy(said(load(page)[0], "error"))[:200] or str(page.status)


def _account(plan: SourcePlan, data: Any) -> Parsed:
    number = said(data, "id")
    if not number:
        raise Shape("id")
    fetch = timeline(plan, number)
    return Parsed(follow=(fetch,))


def _upwards(
    plan: SourcePlan,
    page: Page,
    entries: list[Any],
    found: tuple[Post, ...],
    replies: tuple[Fetch, ...],
    problems: list[Problem],
) -> Parsed:
    """From what was seen to the newest: nothing between is left out, so each page moves what is remembered."""
    what, number = wanted(plan), int(page.fetch.meta.get("n", 1))
    top = max((mark_of(one) for one in entries), default="")
    known = remembered(plan, what.key)
    state = {what.key: max(top, known)} if top and isinstance(known, str) else {}
    following, limit = (_beside(page, "prev") if entries else ""), limit_of(plan, default=10)
    if not following or (problems and not found) or number >= limit:
        goes_on = limit if following and number >= limit else 0
        return Parsed(found, replies, tuple(problems), state, goes_on=goes_on)
    meta = {**page.fetch.meta, "n": number + 1}
    onto = Fetch(following, step="statuses", priority=page.fetch.priority, meta=meta)
    return Parsed(found, (*replies, onto), tuple(problems), state)


def mark_of(status: Any) -> str:
    """The status's number as text that sorts like it; some servers have sortable words instead."""
    number = said(status, "id")
    return mark_of_number(number) if number else ""


def _beside(page: Page, rel: str) -> str:
    """The page that the Link header names, on the same server only."""
    named = link_header(page, rel)
    target = absolute(page.url, named) if named else ""
    return target if target and same_site(target, page.fetch.url) else ""


def _replies(plan: SourcePlan, page: Page, entries: list[Any]) -> tuple[Fetch, ...]:
    if not plan.config.get("replies", True):
        return ()
    api, found = api_of(plan), []
    for entry in entries:
        status = mapping(entry, "reblog") or entry
        number = said(status, "id")
        asked = whole(status, "replies_count") or page.fetch.step == "status"
        if asked and re.fullmatch(ID, number):
            url = f"{api}/api/v1/statuses/{number}/context"
            found.append(Fetch(url, step="context", depth=page.fetch.depth + 1))
    return tuple(found)


def _posts(plan: SourcePlan, page: Page, entries: list[Any], problems: list[Problem]) -> list[Post]:
    shown = [mapping(one, "reblog") or one for one in entries]
    addresses = {said(one, "id"): said(one, "url") for one in shown}
    return posts(page, shown, lambda entry: _post(plan, entry, addresses), problems)


def _post(plan: SourcePlan, entry: Entry, addresses: Mapping[str, str]) -> Post | None:
    if entry.said("visibility") not in PUBLIC:
        return None
    address = canonical(absolute(entry.page.url, entry.said("url") or entry.needed("uri")))
    body = body_of(entry.said("content"), address)
    media = _media(entry, address)
    if not body.text and not media and not entry.said("spoiler_text"):
        entry.note("item_without_text", field="content")
        return None
    posted_at, zone = entry.moment("created_at")
    account = entry.said("account", "acct")
    return Post(
        url=address,
        text=body.text,
        title=entry.line("spoiler_text"),
        platform=plan.platform,
        author=Author(
            entry.line("account", "display_name") or account, account, entry.said("account", "url")
        ),
        posted_at=posted_at,
        zone=zone,
        language=entry.said("language")[:10] or "vi",
        media=media,
        links=tuple(dict.fromkeys([*body.links, *_card(entry)])),
        reply_to=_answered(plan, entry, addresses),
        counts={
            **entry.counts(
                replies="replies_count", reposts="reblogs_count", likes="favourites_count"
            ),
            **({"sensitive": 1} if entry.data.get("sensitive") is True else {}),
        },
    )


def _media(entry: Entry, address: str) -> tuple[Media, ...]:
    attachments = entry.data.get("media_attachments")
    found = [
        (
            said(one, "url") or said(one, "remote_url"),
            _KINDS.get(said(one, "type"), "image"),
            said(one, "description"),
        )
        for one in (attachments if isinstance(attachments, list) else ())
    ]
    return media_of(address, *found)


def _card(entry: Entry) -> list[str]:
    found = entry.said("card", "url")
    return [found] if found.startswith(("http://", "https://")) else []


def _answered(plan: SourcePlan, entry: Entry, addresses: Mapping[str, str]) -> str:
    """The status that is answered: by its own address where this page has it, else as this server shows it."""
    number = entry.said("in_reply_to_id")
    if not number:
        return ""
    if known := addresses.get(number):
        return canonical(known)
    who = entry.said("in_reply_to_account_id")
    mentions = entry.data.get("mentions")
    named = {
        said(one, "id"): said(one, "acct")
        for one in (mentions if isinstance(mentions, list) else ())
    }
    if who == entry.said("account", "id"):
        named[who] = entry.said("account", "acct")
    account = named.get(who, "")
    return f"{api_of(plan)}/@{account}/{number}" if account else f"{api_of(plan)}/statuses/{number}"
