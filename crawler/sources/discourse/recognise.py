"""Whether an address is that of a Discourse forum."""

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.discourse.spider import place_of
from crawler.sources.pages import generator


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the answer names Discourse, in its headers or its head; a topic's address is only a hint."""
    root, place = place_of(address)
    kept = f"{root}/{place}" if place else f"{root}/"
    if page is not None:
        named = "x-discourse-route" in page.headers or "discourse" in page.headers.get(
            "x-discourse-username", ""
        )
        if named or generator(page).startswith("Discourse"):
            return Guess("discourse", kept, sure=True, platform="forum")
        return None
    if place.startswith("t/") and "/t/" in address:
        return Guess("discourse", kept, platform="forum")
    return None
