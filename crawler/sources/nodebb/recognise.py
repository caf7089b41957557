"""Whether an address is that of a NodeBB forum."""

from crawler.page import Page
from crawler.sources.api import is_json, load, mapping
from crawler.sources.base import Guess
from crawler.sources.nodebb.spider import place_of
from crawler.sources.pages import generator, meta_of


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the page, or the forum's /api/config, says that it is NodeBB."""
    if page is None:
        return None
    root, place = place_of(address)
    kept = f"{root}/" if place == "recent" else f"{root}/{place}"
    named = page.headers.get("x-powered-by", "") == "NodeBB" or generator(page) == "NodeBB"
    own = b"nodebb" in page.body[:200_000].lower() and bool(meta_of(page, "viewport"))
    if not named and is_json(page):
        config = mapping(load(page)[0])
        named = "relative_path" in config and ("cache-buster" in config or "upload_url" in config)
    if named:
        return Guess("nodebb", kept, sure=True, platform="forum")
    return Guess("nodebb", kept, platform="forum") if own else None
