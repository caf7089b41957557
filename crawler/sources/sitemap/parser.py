"""Sitemaps (sitemaps.org) to the pages they list, and those pages to posts."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import lxml.etree

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.lists import limit_of, remembered
from crawler.sources.markup import decode, parse
from crawler.sources.sitemap.main_text import Chosen, post_of
from crawler.sources.sitemap.spider import KEY, sitemap
from crawler.sources.times import parse_time
from search.post import Post

MAX_UNPACKED = 50 * 2**20
"""The size that the protocol allows a sitemap, unpacked."""
MAX_LEVEL = 3
MAX_ADDRESSES = 50_000
_GZIP = b"\x1f\x8b"
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</loc>", re.IGNORECASE)


def read(plan: SourcePlan, page: Page) -> Parsed:
    """What a sitemap lists, or the post that a page is."""
    if page.fetch.step == "page":
        return _page(plan, page)
    body, cut = _unpacked(page.body)
    problems = (
        [Problem("too_large", page.url, "sitemap", {"limit_mb": MAX_UNPACKED // 2**20})]
        if cut
        else []
    )
    kind, entries = _entries(body)
    if not kind:
        return Parsed(problems=(*problems, Problem("not_a_sitemap", page.url, "sitemap")))
    if kind == "sitemapindex":
        return Parsed(follow=tuple(_sitemaps(plan, page, entries)), problems=tuple(problems))
    return _list(plan, page, entries, problems)


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """A packed sitemap, unpacked as far as the protocol allows; what is beyond is not looked at."""
    if not body.startswith(_GZIP):
        return body, False
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        whole = unpacker.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return b"", False
    return whole, bool(unpacker.unconsumed_tail)


def _entries(body: bytes) -> tuple[str, list[tuple[str, str]]]:
    """What kind of sitemap it is, and its (address, last change); of a broken one what can be read."""
    parser = lxml.etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, huge_tree=False, recover=True
    )
    found: list[tuple[str, str]] = []
    kind, loc, changed = "", "", ""
    with suppress(lxml.etree.XMLSyntaxError):
        parser.feed(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    for _, event in parser.read_events():
        node: Any = event
        name = lxml.etree.QName(node).localname if isinstance(node.tag, str) else ""
        if name == "loc" and _parent(node) in {"url", "sitemap"}:
            loc = (node.text or "").strip()
        elif name == "lastmod":
            changed = (node.text or "").strip()
        elif name in {"url", "sitemap"}:
            kind = "sitemapindex" if name == "sitemap" else "urlset"
            if loc and len(found) < MAX_ADDRESSES:
                found.append((loc, changed))
            loc = changed = ""
            node.clear()
        elif name in {"urlset", "sitemapindex"}:
            kind = name
    return kind, found


def _parent(node: Any) -> str:
    above = node.getparent()
    return (
        lxml.etree.QName(above).localname
        if above is not None and isinstance(above.tag, str)
        else ""
    )


def _sitemaps(plan: SourcePlan, page: Page, entries: list[tuple[str, str]]) -> Iterator[Fetch]:
    """Sitemaps of the same site that were changed since the last run."""
    level, known = int(page.fetch.meta.get("level", 0)) + 1, remembered(plan, KEY)
    if level > MAX_LEVEL:
        return
    for loc, changed in entries[:1000]:
        address, moment = absolute(page.url, loc), _moment(plan, changed)
        new = not (known and moment and moment < str(known))
        if address and new and same_site(address, plan.address):
            yield sitemap(address, depth=level)


def _list(
    plan: SourcePlan, page: Page, entries: list[tuple[str, str]], problems: list[Problem]
) -> Parsed:
    """The newest pages first; what was seen and has not changed is not asked for again."""
    known, limit = remembered(plan, KEY), limit_of(plan, default=200)
    only = re.compile(str(plan.config.get("only") or ""))
    dated = []
    for loc, changed in entries:
        address = absolute(page.url, loc)
        if not address or not same_site(address, plan.address) or not only.search(address):
            continue
        dated.append((_moment(plan, changed), canonical(address)))
    dated.sort(key=lambda one: one[0], reverse=True)
    new = [one for one in dated if not (known and one[0] and one[0] < str(known))]
    chosen = new[:limit]
    follow = tuple(
        Fetch(address, step="page", depth=page.fetch.depth + 1, meta={"changed": moment})
        for moment, address in chosen
    )
    goes_on = limit if len(new) > limit else 0
    top = max((moment for moment, _ in dated), default="")
    at_end = {KEY: max(top, str(known or ""))} if top and not (goes_on and known) else {}
    return Parsed(follow=follow, problems=tuple(problems), goes_on=goes_on, at_end=at_end)


def _moment(plan: SourcePlan, changed: str) -> str:
    zone = ZoneInfo(str(plan.config.get("timezone") or "Asia/Ho_Chi_Minh"))
    found = parse_time(changed, zone) if changed else None
    return found.astimezone(UTC).isoformat() if found else ""


def _page(plan: SourcePlan, page: Page) -> Parsed:
    root = parse(decode(page.body, page.content_type))
    if root is None:
        return Parsed(problems=(Problem("empty_page", page.url, "page"),))
    chosen = Chosen(
        *(str(plan.config.get(name) or "") for name in ("title", "text", "author", "time"))
    )
    zone = ZoneInfo(str(plan.config.get("timezone") or "Asia/Ho_Chi_Minh"))
    post: Post | None = post_of(root, page.url, plan.platform, zone, chosen)
    if post is None:
        return Parsed(problems=(Problem("no_text_found", page.url, "page"),))
    return Parsed((post,))
