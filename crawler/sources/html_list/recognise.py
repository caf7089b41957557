"""Whether a page is one of a make that a preset knows."""

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.html_list.presets import PRESETS
from crawler.sources.html_list.select import select
from crawler.sources.pages import tree


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """A preset whose entries are on the page, the one with the most of them; never sure: a person looks."""
    root = tree(page) if page is not None else None
    if root is None:
        return None
    fitting = [
        (len(select(root, str(preset.values.get("list_item") or ""))), preset)
        for preset in PRESETS
        if preset.values.get("list_item")
    ]
    count, best = max(fitting, key=lambda one: one[0], default=(0, None))
    if best is None or count < 2:
        return None
    return Guess("html_list", address, {"preset": best.name})
