"""What a page says about itself in its HTML (siêu dữ liệu): title, canonical address, og:*, times, language."""

import json
import re
from typing import Any, cast
from urllib.parse import urljoin

from crawler.sources.markup import Element, parse

LONGEST = 2_000
MOST = 200
_TIMES = (
    "article:published_time",
    "article:modified_time",
    "og:updated_time",
    "datepublished",
    "datemodified",
    "date",
    "pubdate",
    "dc.date",
    "last-modified",
)


def page_metadata(html: str, url: str) -> dict[str, Any]:
    """Everything of the page's head that speaks of the page; of a broken page what can be read."""
    root = parse(html)
    if root is None:
        return {}
    metas = _metas(root)
    found: dict[str, Any] = {
        "title": _first_text(root, "//title"),
        "language": _attribute(root, "//html", "lang") or metas.get("content-language", ""),
        "canonical": _address(_attribute(root, "//link[@rel='canonical']", "href"), url),
        "description": metas.get("description", ""),
        "author": metas.get("author") or metas.get("article:author", ""),
        "published": _time(
            root, metas, ("article:published_time", "datepublished", "date", "pubdate")
        ),
        "modified": _time(
            root, metas, ("article:modified_time", "datemodified", "og:updated_time")
        ),
        "robots": metas.get("robots", ""),
        "generator": metas.get("generator", ""),
        "og": {name[3:]: value for name, value in metas.items() if name.startswith("og:")},
        "twitter": {
            name[8:]: value for name, value in metas.items() if name.startswith("twitter:")
        },
        "times": _times(root, metas),
        "feeds": _links(
            root, url, "//link[@rel='alternate'][contains(@type,'rss') or contains(@type,'atom')]"
        ),
        "json_ld": _json_ld(root),
    }
    return {name: value for name, value in found.items() if value}


def outgoing(html: str, url: str) -> list[str]:
    """The addresses that links of the page lead to, each once, in order."""
    root = parse(html)
    return _links(root, url, "//a[@href]") if root is not None else []


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in cast("list[Element]", root.xpath("//meta[@content]"))[: MOST * 2]:
        name = (
            node.get("property")
            or node.get("name")
            or node.get("itemprop")
            or node.get("http-equiv")
        )
        if name and len(found) < MOST:
            found.setdefault(
                name.strip().lower()[:100], (node.get("content") or "").strip()[:LONGEST]
            )
    return found


def _time(root: Element, metas: dict[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if metas.get(name):
            return metas[name]
    wanted = "datePublished" if "published" in names[0] else "dateModified"
    for block in _json_ld(root):
        for one in block if isinstance(block, list) else [block]:
            if isinstance(one, dict) and isinstance(one.get(wanted), str):
                return str(one[wanted])[:100]
    return ""


def _times(root: Element, metas: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: metas[name] for name in _TIMES if metas.get(name)}
    shown = [
        (node.get("datetime") or "").strip()[:100]
        for node in cast("list[Element]", root.xpath("//time[@datetime]"))
    ]
    if shown:
        found["time"] = list(dict.fromkeys(shown))[:20]
    return found


def _json_ld(root: Element) -> list[Any]:
    found = []
    for node in cast("list[Element]", root.xpath("//script[@type='application/ld+json']"))[:10]:
        try:
            found.append(json.loads(re.sub(r"[\x00-\x1f]+", " ", node.text or "")[:100_000]))
        except (ValueError, RecursionError):
            continue
    return found


def _links(root: Element, url: str, path: str) -> list[str]:
    nodes = cast("list[Element]", root.xpath(path))
    found = (_address(node.get("href") or "", url) for node in nodes[:5_000])
    return list(dict.fromkeys(one for one in found if one))


def _address(given: str, url: str) -> str:
    try:
        whole = urljoin(url, given.strip()) if given.strip() else ""
    except ValueError:
        return ""
    return whole[:LONGEST] if whole.startswith(("http://", "https://", "tel:", "mailto:")) else ""


def _first_text(root: Element, path: str) -> str:
    nodes = cast("list[Element]", root.xpath(path))
    return (
        " ".join("".join(str(part) for part in nodes[0].itertext()).split())[:LONGEST]
        if nodes
        else ""
    )


def _attribute(root: Element, path: str, name: str) -> str:
    nodes = cast("list[Element]", root.xpath(path))
    return (nodes[0].get(name) or "").strip()[:LONGEST] if nodes else ""
