"""RSS 0.9 to 2.0 and Atom to posts, by feedparser; what of a broken feed can be read is kept."""

import calendar
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical
from crawler.sources.bodies import Body, body_of
from crawler.sources.markup import decode, tidy
from crawler.sources.rss.quick import read_quickly
from crawler.sources.times import parse_time, zone_of
from search.post import Author, Media, Post

_MAIL_AND_NAME = re.compile(r"^(?P<mail>\S+@\S+?)\s*(?:\((?P<name>.+)\))?$")


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts of one page of a feed, its next page, and its validators for the next run."""
    if page.status == 304:
        return Parsed()
    content = _body(page)
    feed: Any = read_quickly(content)
    if feed is None:
        where = {"content-location": page.url}
        feed = feedparser.parse(BytesIO(content), response_headers=where)
    entries = list(feed.get("entries", ()))
    if not entries and not feed.get("version"):
        return Parsed(problems=(Problem("not_a_feed", page.url, "feed"),))
    problems: list[Problem] = []
    if feed.get("bozo") and not _harmless(feed.get("bozo_exception")):
        error = _in_words(feed.get("bozo_exception"))
        problems.append(
            Problem("malformed_feed", page.url, "feed", {"error": error, "entries": len(entries)})
        )
    posts = tuple(
        post
        for number, entry in enumerate(entries, 1)
        if (post := _post(plan, page, entry, number, problems)) is not None
    )
    follow = _next_page(plan, page, feed) if posts else ()
    return Parsed(posts, follow, tuple(problems), _validators(plan, page))


def _body(page: Page) -> bytes:
    """The feed as UTF-8 without a declaration that could contradict it."""
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        text = text[text.find("?>") + 2 :]
    return b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("utf-8", "replace")


def _post(
    plan: SourcePlan, page: Page, entry: Any, number: int, problems: list[Problem]
) -> Post | None:
    body = body_of(_html(entry), page.url)
    text, title = body.text, body_of(entry.get("title", ""), page.url).text.replace("\n", " ")
    link = _link(page, entry)
    if not (text or title) or not link:
        problems.append(
            Problem(
                "item_without_text",
                page.url,
                "feed entry",
                {"number": number, "field": "text" if link else "link"},
            )
        )
        return None
    posted_at, zone = _moment(entry)
    if posted_at is None and (written := _own(entry, "published") or _own(entry, "updated")):
        detail = {"number": number, "value": tidy(written)[:100]}
        problems.append(Problem("bad_time", page.url, "feed entry", detail))
    return Post(
        url=link,
        text=text,
        title="" if text.startswith(title.rstrip("….")) else title,
        platform=plan.platform,
        author=_author(entry),
        posted_at=posted_at,
        zone=zone,
        language=(entry.get("language") or "vi")[:10],
        media=_media(page, entry, body),
        links=body.links,
        reply_to=entry.get("thr_in-reply-to", {}).get("ref", ""),
    )


def _html(entry: Any) -> str:
    """The fullest text that the entry has: its content, else its summary."""
    pieces = [str(part.get("value", "")) for part in entry.get("content", ())]
    return max([*pieces, str(entry.get("summary", ""))], key=len)


def _link(page: Page, entry: Any) -> str:
    for candidate in (entry.get("link", ""), entry.get("id", "")):
        if candidate and (whole := absolute(page.url, candidate)):
            return canonical(whole)
    return ""


def _author(entry: Any) -> Author:
    """RSS writes `mail (name)`, dc:creator the name alone; of a mail address nothing is kept."""
    name = tidy(str(entry.get("author", "")))
    if found := _MAIL_AND_NAME.match(name):
        name = found["name"] or found["mail"].partition("@")[0]
    detail = entry.get("author_detail", {})
    url = detail.get("href", "") if detail.get("name") == name else ""
    handle = urlsplit(url).path.rstrip("/").rpartition("/")[2] if url else ""
    return Author(name=name, handle=handle, url=url)


def _own(entry: Any, name: str) -> Any:
    """What the entry itself holds; feedparser lends `published` to `updated` with a warning."""
    return dict.get(entry, name)


def _moment(entry: Any) -> tuple[datetime | None, str]:
    """When the entry was published, and the zone it says so in."""
    written = str(_own(entry, "published") or _own(entry, "updated") or "")
    parsed = _own(entry, "published_parsed") or _own(entry, "updated_parsed")
    if not parsed:
        found = parse_time(written, UTC) if written else None
        return found, zone_of(written) if found else ""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC), zone_of(written)
    except (ValueError, OverflowError, OSError):
        return None, ""


def _media(page: Page, entry: Any, body: Body) -> tuple[Media, ...]:
    found = {one.url: one for one in body.media}
    enclosures = [(one.get("href", ""), one.get("type", "")) for one in entry.get("enclosures", ())]
    contents = [
        (one.get("url", ""), one.get("type") or one.get("medium", ""))
        for one in entry.get("media_content", ())
    ]
    for address, media_type in enclosures + contents:
        whole = absolute(page.url, address)
        if whole:
            kind = "video" if media_type.startswith("video") else "image"
            found.setdefault(whole, Media(whole, kind))
    return tuple(found.values())


def _next_page(plan: SourcePlan, page: Page, feed: Any) -> tuple[Fetch, ...]:
    number = int(page.fetch.meta.get("n", 1)) + 1
    if number > int(plan.config.get("pages", 1)):
        return ()
    links = feed.get("feed", {}).get("links", ())
    guessed = {}
    following = next((one.get("href", "") for one in links if one.get("rel") == "next"), "")
    if not following and (parameter := plan.config.get("page_parameter")):
        following = _numbered(plan.address, parameter, number)
        guessed = {"may_be_missing": True}
    address = absolute(page.url, following) if following else ""
    return (Fetch(address, step="feed", meta={"n": number, **guessed}),) if address else ()


def _numbered(address: str, parameter: str, number: int) -> str:
    parts = urlsplit(address)
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != parameter
    ]
    return urlunsplit(parts._replace(query=urlencode([*query, (parameter, str(number))])))


def _validators(plan: SourcePlan, page: Page) -> dict[str, Any]:
    """ETag and Last-Modified of the first page; of a broken or cut answer none, so that it is read again."""
    if page.fetch.url != plan.address or page.truncated:
        return {}
    etag, modified = page.headers.get("etag", ""), page.headers.get("last-modified", "")
    return {"validators": {plan.address: {"etag": etag, "last_modified": modified}}}


def _harmless(error: object) -> bool:
    return error is None or type(error).__name__ in {
        "CharacterEncodingOverride",
        "NonXMLContentType",
    }


def _in_words(error: object) -> str:
    message = getattr(error, "getMessage", lambda: str(error))()
    line = getattr(error, "getLineNumber", lambda: None)()
    return f"{message}, line {line}" if line else str(message)
