"""Answers of the YouTube Data API to posts: videos of searches and playlists, comments, replies."""

from collections.abc import Iterable
from typing import Any

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources import lately
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
from crawler.sources.bodies import media_of
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import html_to_text, tidy
from crawler.sources.youtube.spider import (
    PER_PAGE,
    Wanted,
    api_of,
    comments,
    key_of,
    playlist,
    replies,
    videos,
    wanted,
)
from search.post import Author, Post

WEB = "https://www.youtube.com"
_SIZES = ("maxres", "standard", "high", "medium", "default")
_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_LIMIT = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_KEY = frozenset(
    {"keyInvalid", "keyExpired", "badRequest", "accessNotConfigured", "ipRefererBlocked"}
)
_UNKNOWN = frozenset(
    {"videoNotFound", "channelNotFound", "playlistNotFound", "commentNotFound", "notFound"}
)


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts of one answer, its next page, and what it leads to."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    what = wanted(plan) or Wanted("search", "")
    try:
        items = [one for one in listed(data, "items") if isinstance(one, dict)]
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))
    if page.fetch.step == "channel":
        return _channel(plan, page, what, items, problems)
    if page.fetch.step in {"search", "playlist"}:
        return _list(plan, page, what, data, items, problems)
    if page.fetch.step == "videos":
        found = posts(page, items, lambda entry: _video(plan, entry), problems)
        return Parsed(tuple(found), _comments_of(plan, page, items), tuple(problems))
    return _comments(plan, page, data, items, problems)


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """The reason that the API itself gives for refusing."""
    data, _ = load(page)
    errors = inside(data, "error", "errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    reason, message = said(first, "reason"), html_to_text(said(data, "error", "message"))
    if reason == "commentsDisabled":
        return Problem("comments_off", page.url, page.fetch.step)
    for names, told in ((_QUOTA, "api_quota"), (_LIMIT, "api_limit"), (_UNKNOWN, "api_unknown")):
        if reason in names:
            wait = page.headers.get("retry-after", "?")
            detail = {"message": tidy(message)[:200], "wait": wait}
            return Problem(told, page.url, page.fetch.step, detail)
    if reason in _KEY and ("key" in message.lower() or reason != "badRequest"):
        return Problem("api_key", page.url, page.fetch.step, {"message": tidy(message)[:200]})
    return explained(page, message)


def _channel(
    plan: SourcePlan, page: Page, what: Wanted, items: list[Any], problems: list[Problem]
) -> Parsed:
    """From a channel to the playlist of everything that it has uploaded."""
    uploads = said(items[0], "contentDetails", "relatedPlaylists", "uploads") if items else ""
    if not uploads:
        problems.append(Problem("api_unknown", page.url, page.fetch.step, {"message": what.of}))
        return Parsed(problems=tuple(problems))
    return Parsed(follow=(playlist(api_of(plan), uploads),), problems=tuple(problems))


def _list(
    plan: SourcePlan,
    page: Page,
    what: Wanted,
    data: Any,
    items: list[Any],
    problems: list[Problem],
) -> Parsed:
    """A list leads to its videos, fifty at a time; those that were seen before are not asked for again."""
    known, api = remembered(plan, key_of(what)), api_of(plan)
    new = [one for one in items if not known or _mark(one) > str(known)]
    numbers = list(dict.fromkeys(number for one in new if (number := _number(one))))
    follow = [
        videos(api, numbers[start : start + PER_PAGE], depth=page.fetch.depth + 1)
        for start in range(0, len(numbers), PER_PAGE)
    ]
    state: dict[str, Any] = {}
    if page.fetch.meta.get("n", 1) == 1:
        old = [one for one in lately.recent(plan, page, key_of(what)) if one not in numbers]
        follow += [videos(api, old, depth=page.fetch.depth + 1, again=True)] if old else []
        seen = [(_number(one), _mark(one)) for one in items]
        state = lately.noted(plan, page, key_of(what), seen)
    token = said(data, "nextPageToken")
    following = with_query(page.fetch.url, pageToken=token) if token and items else ""
    marks = [_mark(one) for one in items]
    step = onward(plan, page, key_of(what), marks, following, limit=limit_of(plan, default=1))
    return Parsed(
        follow=(*follow, *step.follow),
        problems=tuple(problems),
        state=state,
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def _mark(item: Any) -> str:
    return said(item, "snippet", "publishedAt").replace(".000Z", "Z")


def _number(item: Any) -> str:
    return (
        said(item, "id", "videoId")
        or said(item, "contentDetails", "videoId")
        or said(item, "snippet", "resourceId", "videoId")
    )


def _comments_of(plan: SourcePlan, page: Page, items: Iterable[Any]) -> tuple[Fetch, ...]:
    """The comments of videos that have some; without the count they are not allowed, or hidden."""
    if not plan.config.get("comments", True):
        return ()
    depth, again = page.fetch.depth + 1, bool(page.fetch.meta.get("again"))
    return tuple(
        comments(api_of(plan), said(one, "id"), depth=depth, again=again)
        for one in items
        if said(one, "id") and whole(one, "statistics", "commentCount")
    )


def _video(plan: SourcePlan, entry: Entry) -> Post | None:
    number = entry.needed("id")
    title = html_to_text(entry.said("snippet", "title")).replace("\n", " ")
    text = tidy(entry.said("snippet", "description"))
    if not title and not text:
        entry.note("item_without_text", field="snippet.title")
        return None
    posted_at, zone = entry.moment("snippet", "publishedAt")
    channel = entry.said("snippet", "channelId")
    language = entry.said("snippet", "defaultAudioLanguage") or entry.said(
        "snippet", "defaultLanguage"
    )
    return Post(
        url=f"{WEB}/watch?v={number}",
        text=text,
        title=title,
        platform=plan.platform,
        author=Author(
            entry.line("snippet", "channelTitle"),
            channel,
            f"{WEB}/channel/{channel}" if channel else "",
        ),
        posted_at=posted_at,
        zone=zone,
        language=language[:10] or "vi",
        media=media_of(WEB, *_pictures(entry)),
        counts=entry.counts(
            views="statistics.viewCount",
            likes="statistics.likeCount",
            comments="statistics.commentCount",
        ),
    )


def _pictures(entry: Entry) -> list[tuple[str, str, str]]:
    """The largest still of the video."""
    shown = mapping(entry.data, "snippet", "thumbnails")
    return [(found, "image", "") for size in _SIZES if (found := said(shown, size, "url"))][:1]


def _comments(
    plan: SourcePlan, page: Page, data: Any, items: list[Any], problems: list[Problem]
) -> Parsed:
    api, meta, depth = api_of(plan), page.fetch.meta, page.fetch.depth
    video = str(meta.get("video", ""))
    found = posts(
        page,
        items,
        lambda entry: _thread(plan, entry, video, str(meta.get("parent", ""))),
        problems,
    )
    if meta.get("again"):  # the newest are enough: what stands beneath them was read before
        return Parsed(tuple(found), problems=tuple(problems))
    follow = [
        replies(api, said(one, "id"), video, depth=depth + 1)
        for one in items
        if whole(one, "snippet", "totalReplyCount") > len(_inline(one)) and said(one, "id")
    ]
    token, number = said(data, "nextPageToken"), int(meta.get("n", 1))
    limit = limit_of(plan, "comment_pages", 2)
    if not token or not items:
        return Parsed(tuple(found), tuple(follow), tuple(problems))
    if number >= limit:
        return Parsed(tuple(found), tuple(follow), tuple(problems), goes_on=limit)
    onto = Fetch(
        with_query(page.fetch.url, pageToken=token),
        step=page.fetch.step,
        depth=depth,
        meta={**meta, "n": number + 1},
    )
    return Parsed(tuple(found), (*follow, onto), tuple(problems))


def _inline(item: Any) -> list[Any]:
    """The replies that come with a thread; YouTube sends a few."""
    found = inside(item, "replies", "comments")
    return found if isinstance(found, list) else []


def _thread(plan: SourcePlan, entry: Entry, video: str, parent: str) -> list[Post]:
    """A comment with the replies that came with it, or a single reply."""
    top = mapping(entry.data, "snippet", "topLevelComment")
    if not top:
        one = _comment(plan, entry, video, parent)
        return [one] if one else []
    number = entry.said("id")
    found = [_comment(plan, Entry(top, entry.number, entry.page, entry.problems), video, "")]
    for reply in _inline(entry.data):
        found.append(  # noqa: PERF401 - an entry that is none has to be told by its number
            _comment(plan, Entry(reply, entry.number, entry.page, entry.problems), video, number)
        )
    return [one for one in found if one]


def _comment(plan: SourcePlan, entry: Entry, video: str, parent: str) -> Post | None:
    number = entry.needed("id")
    video = entry.said("snippet", "videoId") or video
    text = tidy(entry.said("snippet", "textOriginal")) or html_to_text(
        entry.said("snippet", "textDisplay")
    )
    if not text:
        entry.note("item_without_text", field="textDisplay")
        return None
    watch = f"{WEB}/watch?v={video}"
    above = entry.said("snippet", "parentId") or parent
    posted_at, zone = entry.moment("snippet", "publishedAt")
    channel = entry.said("snippet", "authorChannelId", "value")
    name = entry.line("snippet", "authorDisplayName")
    return Post(
        url=f"{watch}&lc={number}",
        text=text,
        platform=plan.platform,
        author=Author(
            name,
            name if name.startswith("@") else channel,
            f"{WEB}/channel/{channel}" if channel else "",
        ),
        posted_at=posted_at,
        zone=zone,
        reply_to=f"{watch}&lc={above}" if above else watch,
        counts=entry.counts(likes="snippet.likeCount"),
    )
