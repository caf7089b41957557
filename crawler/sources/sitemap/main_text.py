"""The post that a page is, without knowing the page: its main text, title, author and time.

What the page says of itself for machines comes first (JSON-LD, Open Graph), then elements with a meaning of
their own (article, main), at last the element whose paragraphs hold most of the page's words.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.html_list.select import Selected, first, value_of
from crawler.sources.markup import Element, html_to_text, images, links, plain_text, tidy
from crawler.sources.times import parse_time, zone_of
from search.post import Author, Media, Platform, Post

ENOUGH = 80
"""Characters; less is a button or a caption, not a text."""
_ASIDE = frozenset(["nav", "aside", "footer", "header", "form"])
_ARTICLES = frozenset(
    ["Article", "NewsArticle", "BlogPosting", "JobPosting", "DiscussionForumPosting", "SocialMediaPosting",
     "Report", "WebPage"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """CSS selectors that an administrator gave; empty: looked for."""

    title: str = ""
    text: str = ""
    author: str = ""
    time: str = ""


def post_of(
    root: Element, url: str, platform: Platform, zone: ZoneInfo, chosen: Chosen
) -> Post | None:
    """The post that the page is; None when no text can be told from the rest."""
    one, told = Selected(root, frozenset()), _told(root)
    body = first(one, chosen.text) if chosen.text else _body(root)
    text = plain_text(body, _around(body)) if body is not None else ""
    title = _title(root, one, chosen, told)
    lead = tidy(html_to_text(str(told.get("articleBody") or told.get("description") or "")))
    if len(text) < ENOUGH and len(lead) > len(text) and not chosen.text:
        text = lead
    if text.startswith(title):
        text = text[len(title) :].strip() or text
    if not text:
        return None
    written = _time(root, one, chosen, told)
    posted_at = parse_time(written, zone) if written else None
    shown = images(body, url) if body is not None else []
    return Post(
        url=_address(root, url),
        text=text,
        title=title,
        platform=platform,
        author=Author(_author(root, one, chosen, told)),
        posted_at=posted_at,
        zone=zone_of(written) if posted_at else "",
        media=tuple(Media(address, alt=alt) for address, alt in shown[:50]),
        links=tuple(links(body, url)[:200]) if body is not None else (),
        language=(root.get("lang") or "vi")[:10].lower(),
    )


def _body(root: Element) -> Element | None:
    """The element with the text: the longest article, else main, else the densest block."""
    for tag in ("article", "main"):
        found = max(root.iter(tag), key=_weight, default=None)
        if found is not None and _weight(found) >= ENOUGH:
            return _narrowed(found)
    for node in root.iter("div", "section"):
        if node.get("role") == "main" or node.get("itemprop") == "articleBody":
            return node
    weights: dict[Element, int] = {}
    for paragraph in root.iter("p", "br", "blockquote", "pre", "li"):
        above = paragraph.getparent()
        if above is None or _is_aside(paragraph):
            continue
        said = len(tidy("".join(map(str, paragraph.itertext())))) if paragraph.tag != "br" else 0
        if paragraph.tag == "br":
            said = len((paragraph.tail or "").strip())
        linked = sum(len("".join(map(str, link.itertext()))) for link in paragraph.iter("a"))
        weights[above] = weights.get(above, 0) + max(0, said - 2 * linked)
    best = max(weights, key=lambda node: weights[node], default=None)
    return best if best is not None and weights[best] >= ENOUGH else root.find("body")


def _narrowed(node: Element) -> Element:
    """Within an article, the part that is marked as its text."""
    for one in node.iter("div", "section"):
        marked = one.get("itemprop") == "articleBody" or {
            "entry-content",
            "post-content",
            "article-body",
        } & set((one.get("class") or "").split())
        if marked and _weight(one) >= ENOUGH:
            return one
    return node


def _weight(node: Element) -> int:
    return len(tidy("".join(map(str, node.itertext()))))


def _is_aside(node: Element) -> bool:
    return any(above.tag in _ASIDE for above in node.iterancestors())


def _around(body: Element) -> list[Element]:
    """What stands in the element but is no part of the text: menus, forms, lists of other articles."""
    return [node for node in body.iter(*_ASIDE) if node is not body]


def _told(root: Element) -> dict[str, Any]:
    """What the page says of its article in JSON-LD."""
    for node in root.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(node.text or "")
        except (ValueError, RecursionError):
            continue
        for one in _objects(data):
            kinds = one.get("@type")
            if set(kinds if isinstance(kinds, list) else [kinds]) & _ARTICLES:
                return one
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    every = data if isinstance(data, list) else [data]
    for one in every[:50]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (
                each
                for each in (graph if isinstance(graph, list) else ())
                if isinstance(each, dict)
            )


def _meta(root: Element, *names: str) -> str:
    for name in names:
        for node in root.iter("meta"):
            if (node.get("property") or node.get("name") or node.get("itemprop") or "") == name:
                return tidy(node.get("content") or "")
    return ""


def _title(root: Element, one: Selected, chosen: Chosen, told: dict[str, Any]) -> str:
    if chosen.title:
        found = first(one, chosen.title)
        return plain_text(found).replace("\n", " ") if found is not None else ""
    named = told.get("headline") or told.get("title")
    heading = next((plain_text(node) for node in root.iter("h1") if plain_text(node)), "")
    title = (named if isinstance(named, str) else "") or _meta(root, "og:title") or heading
    whole = next((plain_text(node) for node in root.iter("title")), "")
    return tidy(html_to_text(title or whole)).replace("\n", " ")


def _author(root: Element, one: Selected, chosen: Chosen, told: dict[str, Any]) -> str:
    if chosen.author:
        found = first(one, chosen.author)
        return plain_text(found).replace("\n", " ") if found is not None else ""
    who = told.get("author") or told.get("hiringOrganization")
    who = who[0] if isinstance(who, list) and who else who
    name = who.get("name") if isinstance(who, dict) else who
    return tidy(name if isinstance(name, str) else _meta(root, "author", "article:author"))[:200]


def _time(root: Element, one: Selected, chosen: Chosen, told: dict[str, Any]) -> str:
    if chosen.time:
        return value_of(one, chosen.time, "datetime", "title", "content") or ""
    named = told.get("datePublished") or told.get("datePosted")
    written = (
        named if isinstance(named, str) else _meta(root, "article:published_time", "datePublished")
    )
    return written or next(
        (str(node.get("datetime")) for node in root.iter("time") if node.get("datetime")), ""
    )


def _address(root: Element, url: str) -> str:
    """The page's own word for its lasting address, if it lies on the same site."""
    for node in root.iter("link"):
        if "canonical" in (node.get("rel") or "").split() and node.get("href"):
            whole = absolute(url, node.get("href") or "")
            if whole and same_site(whole, url):
                return canonical(whole)
    return canonical(urldefrag(url).url)
