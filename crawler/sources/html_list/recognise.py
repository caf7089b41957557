"""Whether a page is one of a make that a preset knows: a list of threads, a thread, or a forum's front page."""

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.forms import Preset
from crawler.sources.html_list.presets import PRESETS
from crawler.sources.html_list.select import select
from crawler.sources.markup import Element
from crawler.sources.pages import tree

_AT_LEAST = {"list_item": 2, "detail_item": 2, "sections": 1}
"""So many elements of the page a selector must match before it says something."""


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
    found = 0
    for name, least in _AT_LEAST.items():
        selector = str(preset.values.get(name) or "")
        count = len(select(root, selector)) if selector else 0
        found = max(found, count if count >= least else 0)
    return found
