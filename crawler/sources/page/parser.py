"""One page to one post. Nothing is invented: what the page does not say stays empty and is told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from crawler.page import Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.api import load
from crawler.sources.markup import Element, decode, html_to_text, parse, tidy
from crawler.sources.page.microdata import described
from crawler.sources.page.recognise import platform_of
from crawler.sources.page.spider import is_video, oembed, tiktok_oembed
from crawler.sources.sitemap.main_text import ENOUGH, Chosen, post_of
from search.post import Author, Media, Platform, Post

_VIDEOS = ("og:video:secure_url", "og:video:url", "og:video", "twitter:player:stream")
_PICTURES = ("og:image:secure_url", "og:image:url", "og:image", "twitter:image")


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The post that a page is, or what its oEmbed says of it."""
    if page.fetch.step == "oembed":
        return _told_by_oembed(plan, page)
    root = parse(decode(page.body, page.content_type))
    if root is None:
        return Parsed(problems=(Problem("empty_page", page.url, "page"),))
    platform = _platform(plan, page.url)
    if platform == Platform.TIKTOK and is_video(page.url):
        return Parsed(follow=(tiktok_oembed(page.url),))
    post = _post(plan, page, root, platform)
    named = _oembed_of(root, page.url)
    if named and (post is None or len(post.text) < ENOUGH):
        fetch = oembed(post.url if post else page.url, named)
        return Parsed(posts=() if post is None else (post,), follow=(fetch,))
    if post is None:
        return Parsed(problems=(Problem("no_text_found", page.url, "page"),))
    preview = _is_preview(root, post) and not plan.config.get("text")
    told = (Problem("only_preview", page.url, "page"),) if preview else ()
    return Parsed((post,), problems=told)


def _platform(plan: SourcePlan, url: str) -> Platform:
    """What the address says; else what was chosen."""
    told = platform_of(url)
    return Platform(told) if told else plan.platform


def _post(plan: SourcePlan, page: Page, root: Element, platform: Platform) -> Post | None:
    """The main text where there is one, else what the page says of itself for previews."""
    zone = ZoneInfo(plan.config.get("timezone") or "Asia/Ho_Chi_Minh")
    chosen = Chosen(text=str(plan.config.get("text") or ""))
    found = post_of(root, page.url, platform, zone, chosen)
    marked = described(root, page.url, zone)
    description = _description(root)
    if found is None:
        found = Post(url=canonical(page.url.partition("#")[0]), text="", platform=platform)
    text, title = found.text, marked.title or found.title
    if marked.text and len(text) < ENOUGH:
        text = marked.text
    if not chosen.text and platform != Platform.WEBSITE and description:
        text = description  # around a platform's post stand its menus
    elif len(text) < ENOUGH and len(description) > len(text) and not chosen.text:
        text = description
    if not text and not title:
        return None
    if text.startswith(title) and title:
        text = text[len(title) :].strip() or text
    return replace(
        found,
        text=text,
        language=found.language.partition("-")[0],
        title=title if title != text else "",
        author=found.author if found.author.name else marked.author,
        posted_at=found.posted_at or marked.posted_at,
        zone=found.zone or (marked.zone if found.posted_at is None else ""),
        media=_media(root, page.url, found.media),
    )


def _description(root: Element) -> str:
    return tidy(html_to_text(_meta(root, "og:description", "twitter:description", "description")))


def _is_preview(root: Element, post: Post) -> bool:
    """Whether nothing but the description for previews was there to read."""
    description = _description(root)
    return not post.text or (bool(description) and post.text in {description, description.strip()})


def _meta(root: Element, *names: str) -> str:
    for name in names:
        for node in root.iter("meta"):
            told = (node.get("property") or node.get("name") or "").lower()
            if told == name and (content := tidy(node.get("content") or "")):
                return content
    return ""


def _media(root: Element, base: str, shown: tuple[Media, ...]) -> tuple[Media, ...]:
    """What the page names for previews first, then the pictures of its text; each once."""
    every: dict[str, Media] = {}
    for kind, names in (("video", _VIDEOS), ("image", _PICTURES)):
        if whole := absolute(base, _meta(root, *names)) if _meta(root, *names) else "":
            every[whole] = Media(whole, kind)
    for one in shown:
        every.setdefault(one.url, one)
    return tuple(every.values())


def _oembed_of(root: Element, base: str) -> str:
    """The address of the page's oEmbed, if it lies on the same site."""
    for node in root.iter("link"):
        if (node.get("type") or "").lower() == "application/json+oembed" and node.get("href"):
            whole = absolute(base, node.get("href") or "")
            if whole and same_site(whole, base):
                return whole
    return ""


def _told_by_oembed(plan: SourcePlan, page: Page) -> Parsed:
    """What a platform says of one post to those who would embed it (oembed.com)."""
    found, problems = load(page)
    data = found if isinstance(found, dict) else {}
    if not data and not problems:
        problems.append(
            Problem("json_shape", page.url, "oembed", {"step": "oembed", "field": "{}"})
        )
    title = _text(data.get("title"))
    if not title:
        if data:
            problems.append(_not_public(page, data))
        return Parsed(problems=tuple(problems))
    of = str(page.fetch.meta.get("of") or plan.address)
    url = _text(data.get("author_url"))
    author_url = absolute(of, url) if url else ""
    handle = _text(data.get("author_unique_id")) or author_url.rstrip("/").rpartition("/@")[2]
    post = Post(
        url=of,
        text=title,
        platform=_platform(plan, of),
        author=Author(
            _text(data.get("author_name")), handle if "/" not in handle else "", author_url
        ),
        media=tuple(_thumbnail(data, of)),
        language="",
    )
    return Parsed((post,), problems=tuple(problems))


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """What an error of oEmbed means: the post is gone, private or not to be embedded."""
    found, _ = load(page)
    return _not_public(page, found if isinstance(found, dict) else {})


def _not_public(page: Page, data: dict[str, Any]) -> Problem:
    told = (_text(data.get(name)) for name in ("status_msg", "error", "message"))
    words = next(filter(None, told), "") or f"HTTP {page.status}"
    return Problem("not_public", page.url, "oembed", {"message": words[:200]})


def _thumbnail(data: dict[str, Any], base: str) -> Iterator[Media]:
    address = _text(data.get("thumbnail_url"))
    if address and (whole := absolute(base, address)):
        yield Media(whole, "image")


def _text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""
