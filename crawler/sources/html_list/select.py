"""Finding elements by CSS selectors, within one entry and not in an entry nested in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from cssselect import HTMLTranslator
from lxml.etree import XPath

from crawler.sources.markup import Element, plain_text, tidy

_ATTRIBUTE = re.compile(r"::attr\(\s*([\w:-]+)\s*\)\s*$")


@dataclass(frozen=True, slots=True)
class Selected:
    """One entry, all entries of its page, and those that are nested in it on broken pages."""

    entry: Element
    others: frozenset[Element]
    nested: frozenset[Element] = frozenset()


def nested_in(entries: frozenset[Element]) -> dict[Element, frozenset[Element]]:
    """Of each entry that holds others, the nearest of them: what stands deeper stands in those."""
    found: dict[Element, set[Element]] = {}
    for entry in entries:
        above = next((one for one in entry.iterancestors() if one in entries), None)
        if above is not None:
            found.setdefault(above, set()).add(entry)
    return {above: frozenset(inner) for above, inner in found.items()}


@lru_cache(maxsize=256)
def _xpath(selector: str) -> XPath:
    return XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant::"))


def select(root: Element, selector: str) -> Sequence[Element]:
    """All elements below `root` that match, in the order of the page; an ::attr() suffix is ignored."""
    plain = _ATTRIBUTE.sub("", selector)
    if not plain.strip():
        return [root]
    found = cast("list[Element]", _xpath(plain)(root))
    return [node for node in found if isinstance(node.tag, str)]


def first(one: Selected, selector: str) -> Element | None:
    """The first match that belongs to this entry and to no other."""
    for node in select(one.entry, selector):
        for above in (node, *node.iterancestors()):
            if above is one.entry:
                return node
            if above in one.others:
                break
    return None


def text_of(one: Selected, selector: str) -> str:
    """The text of the first match, or of the attribute the selector asks for; on one line."""
    if not selector:
        return ""
    if _ATTRIBUTE.search(selector):
        return value_of(one, selector)
    found = first(one, selector)
    return "" if found is None else plain_text(found).replace("\n", " ")


def value_of(one: Selected, selector: str, *attributes: str) -> str:
    """The attribute that the selector names with ::attr(), else the first of these that is there."""
    if not selector:
        return ""
    found = first(one, selector)
    if found is None:
        return ""
    named = _ATTRIBUTE.search(selector)
    for attribute in (named.group(1),) if named else attributes:
        if value := found.get(attribute):
            return tidy(value)
    return ""
