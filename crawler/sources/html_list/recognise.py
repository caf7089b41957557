"""Whether a page is one of a make that a preset knows: a list of threads, a thread, or a forum's front page."""

from collections.abc import Sequence

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.forms import Preset
from crawler.sources.html_list.presets import PRESETS
from crawler.sources.html_list.select import select
from crawler.sources.markup import Element
from crawler.sources.pages import tree

_LISTS = (("list_item", "list_link", 2), ("detail_item", "detail_text", 1))
"""Entries, what has to be in each, and how many of them a page must have to be told by them."""


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """A preset whose entries are on the page, the one with the most of them; never sure: a person looks."""
    root = tree(page) if page is not None else None
    if root is None:
        return None
    count, best = max(((_fits(one, root), one) for one in PRESETS), key=lambda found: found[0])
    if not count:
        return None
    return Guess("html_list", address, {"preset": best.name}, platform=best.platform)


def _fits(preset: Preset, root: Element) -> int:
    """How many entries of the preset's make are on the page; 0 when it is none of its pages."""
    found = len(_selected(preset, "sections", root))
    for item, inside, least in _LISTS:
        within = str(preset.values.get(inside) or "")
        entries = _selected(preset, item, root)
        count = sum(1 for entry in entries if not within or select(entry, within))
        found = max(found, count if count >= least else 0)
    return found


def _selected(preset: Preset, name: str, root: Element) -> Sequence[Element]:
    selector = str(preset.values.get(name) or "")
    return select(root, selector) if selector else ()
