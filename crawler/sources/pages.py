"""What the head of a page says of the program that made it; for recognising sites."""

from functools import lru_cache

from crawler.page import Page
from crawler.sources.markup import Element, decode, parse

_HEAD_BYTES = 200_000


@lru_cache(maxsize=8)
def _tree(body: bytes, content_type: str) -> Element | None:
    return parse(decode(body, content_type))


def tree(page: Page) -> Element | None:
    """The first part of the page as a tree; kept for a moment, since every kind asks for it."""
    return _tree(page.body[:_HEAD_BYTES], page.content_type)


def generator(page: Page) -> str:
    """What the page says that made it."""
    return meta_of(page, "generator")


def meta_of(page: Page, name: str) -> str:
    """The content of a meta element by its name or property."""
    root = tree(page)
    if root is None:
        return ""
    for node in root.iter("meta"):
        if (node.get("name") or node.get("property") or "").lower() == name:
            return (node.get("content") or "").strip()
    return ""


def link_of(page: Page, rel: str, type_: str = "") -> str:
    """The address that a link element names for a relation (and a type), as written."""
    root = tree(page)
    if root is None:
        return ""
    for node in root.iter("link"):
        fits = rel in (node.get("rel") or "").split()
        if fits and (not type_ or (node.get("type") or "").lower().startswith(type_)):
            return (node.get("href") or "").strip()
    return ""
