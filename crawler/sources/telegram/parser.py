"""The public preview of a Telegram channel to posts: t.me/s/CHANNEL, twenty messages a page."""

import re
from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlsplit

from crawler.page import Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute
from crawler.sources.api import Shape, with_query
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import Element, decode, links, parse, plain_text
from crawler.sources.times import parse_time, zone_of
from search.post import Author, Media, Post

_MESSAGE = "tgme_widget_message"
_TEXT = "tgme_widget_message_text"
_PICTURE = re.compile(r"background-image:\s*url\(['\"]?([^'\")]+)")
_COUNT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([KMB]?)$", re.IGNORECASE)
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_PICTURES = ("tgme_widget_message_photo_wrap", "tgme_widget_message_sticker_wrap")
_VIDEOS = ("tgme_widget_message_video_thumb", "tgme_widget_message_roundvideo_thumb")


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The messages of a page and the page before it; a channel without a preview leads to its plain page."""
    root = parse(decode(page.body, page.content_type))
    messages = [] if root is None else [one for one in root.iter("div") if one.get("data-post")]
    if root is None or not messages:
        return _without(plan, page, root)
    problems: list[Problem] = []
    found = [
        post
        for number, message in enumerate(messages, 1)
        if (post := _guarded(plan, page, message, number, problems)) is not None
    ]
    numbers = [number for one in messages if (number := _number(one))]
    before = _before(root)
    following = with_query(page.fetch.url, before=before) if before else ""
    step = onward(plan, page, "telegram", numbers, following, limit=limit_of(plan, default=10))
    return Parsed(
        tuple(found), step.follow, tuple(problems), goes_on=step.goes_on, at_end=step.at_end
    )


def _without(plan: SourcePlan, page: Page, root: Element | None) -> Parsed:
    """No message: the end of the channel, an empty one, or one that shows no preview."""
    if (
        int(page.fetch.meta.get("n", 1)) > 1
        and root is not None
        and _has(root, "tgme_channel_history")
    ):
        known, top = remembered(plan, "telegram"), page.fetch.meta.get("top")
        return Parsed(at_end={"telegram": max(int(top), int(known or 0))} if top else {})
    if root is not None and (_has(root, "tgme_channel_history") or _has(root, "tgme_channel_info")):
        return Parsed(problems=(Problem("no_messages", page.url, page.fetch.step),))
    return Parsed(problems=(Problem("no_preview", page.url, page.fetch.step),))


def _guarded(
    plan: SourcePlan, page: Page, message: Element, number: int, problems: list[Problem]
) -> Post | None:
    try:
        return _post(plan, page, message, number, problems)
    except Exception as error:  # noqa: BLE001 - one broken message costs only itself
        field = error.field if isinstance(error, Shape) else type(error).__name__
        detail = {"number": number, "field": field}
        problems.append(Problem("entry_failed", page.url, "message", detail))
        return None


def _post(
    plan: SourcePlan, page: Page, message: Element, number: int, problems: list[Problem]
) -> Post | None:
    classes = (message.get("class") or "").split()
    if "service_message" in classes:  # "channel created", "pinned a message"
        return None
    channel, _, own = (message.get("data-post") or "").partition("/")
    if not channel or not own.isascii() or not own.isdigit():
        raise Shape("data-post")
    parts = _parts(message)
    body = parts.get(_TEXT)
    text = plain_text(body) if body is not None else ""
    media = _media(message, page.url)
    if not text and not media:
        problems.append(
            Problem("item_without_text", page.url, "message", {"number": number, "field": "text"})
        )
        return None
    written = _attribute(message, "time", "datetime")
    posted_at = parse_time(written, UTC) if written else None
    if written and posted_at is None:
        detail = {"number": number, "value": written[:100]}
        problems.append(Problem("bad_time", page.url, "message", detail))
    return Post(
        url=f"https://t.me/{channel}/{own}",
        text=text,
        platform=plan.platform,
        author=_author(parts, channel),
        posted_at=posted_at,
        zone=zone_of(written) if posted_at else "",
        media=media,
        links=_links(parts, body, page.url),
        reply_to=_link(parts, "tgme_widget_message_reply", page.url),
        forwarded_from=_forwarded(parts, page.url),
        counts=_counts(parts, number, page, problems),
    )


def _author(parts: Mapping[str, Element], channel: str) -> Author:
    """The channel; a signature below a message names who wrote for it."""
    owner = parts.get("tgme_widget_message_owner_name")
    signed = parts.get("tgme_widget_message_from_author")
    name = plain_text(signed if signed is not None else owner) if owner is not None else channel
    return Author(name.replace("\n", " "), channel, f"https://t.me/{channel}")


def _parts(message: Element) -> dict[str, Element]:
    """The first element of each class of a message, in one walk.

    The text of the message that this one answers has another class, or stands within the answer's link.
    """
    found: dict[str, Element] = {}
    for node in message.iter("div", "a", "span"):
        for name in (node.get("class") or "").split():
            if name.startswith(_MESSAGE) and name not in found:
                if name == _TEXT and _inside(node, "tgme_widget_message_reply"):
                    continue
                found[name] = node
    return found


def _forwarded(parts: Mapping[str, Element], base: str) -> str:
    node = parts.get("tgme_widget_message_forwarded_from_name")
    if node is None:
        return ""
    address = absolute(base, node.get("href") or "") if node.get("href") else ""
    return address or plain_text(node)


def _media(message: Element, base: str) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for node in message.iter("a", "i", "video", "div"):
        classes = (node.get("class") or "").split()
        kind = "image" if any(one in classes for one in _PICTURES) else ""
        kind = "video" if any(one in classes for one in _VIDEOS) else kind
        shown = _PICTURE.search(node.get("style") or "") if kind else None
        address = node.get("src") if node.tag == "video" else shown and shown[1]
        if address and (whole := absolute(base, str(address))):
            found.setdefault(whole, Media(whole, "video" if node.tag == "video" else kind))
    return tuple(found.values())


def _links(parts: Mapping[str, Element], body: Element | None, base: str) -> tuple[str, ...]:
    found = links(body, base) if body is not None else []
    preview = _link(parts, "tgme_widget_message_link_preview", base)
    return tuple(dict.fromkeys([*found, *([preview] if preview else [])]))


def _counts(
    parts: Mapping[str, Element], number: int, page: Page, problems: list[Problem]
) -> dict[str, int]:
    node = parts.get("tgme_widget_message_views")
    if node is None:
        return {}
    shown = plain_text(node)
    found = _COUNT.match(shown.strip())
    if not found:
        detail = {"number": number, "field": "views", "value": shown[:40]}
        problems.append(Problem("bad_number", page.url, "message", detail))
        return {}
    return {"views": round(float(found[1].replace(",", ".")) * _TIMES[found[2].upper()])}


def _before(root: Element) -> int:
    """The number that the page before this one ends below; 0 where there is none."""
    for node in root.iter("a", "link"):
        named = "tme_messages_more" in (node.get("class") or "") and node.get("data-before")
        prev = node.tag == "link" and node.get("rel") == "prev" and node.get("href")
        value = named or (prev and urlsplit(str(prev)).query.partition("before=")[2])
        if value and str(value).isascii() and str(value).isdigit():
            return int(str(value)[:18])
    return 0


def _number(message: Element) -> int:
    own = (message.get("data-post") or "").rpartition("/")[2]
    return int(own[:18]) if own.isascii() and own.isdigit() else 0


def _first(node: Element, name: str) -> Element | None:
    for one in node.iter():
        if isinstance(one.tag, str) and name in (one.get("class") or "").split():
            return one
    return None


def _has(root: Element, name: str) -> bool:
    return _first(root, name) is not None


def _link(parts: Mapping[str, Element], name: str, base: str) -> str:
    node = parts.get(name)
    target = node.get("href") if node is not None else ""
    return absolute(base, target) if target else ""


def _attribute(message: Element, tag: str, name: str) -> str:
    return next((str(one.get(name)) for one in message.iter(tag) if one.get(name)), "")


def _inside(node: Element, name: str) -> bool:
    return any(name in (above.get("class") or "").split() for above in node.iterancestors())
