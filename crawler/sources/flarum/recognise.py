"""Whether an address is that of a Flarum forum."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.api import inside, is_json, load, mapping
from crawler.sources.base import Guess
from crawler.sources.flarum.spider import place_of

_SIGNS = (
    b'id="flarum-content"',
    b'id="flarum-loading"',
    b"flarum.core.app",
    b"flarum-json-payload",
)
_HEAD_BYTES = 400_000


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the page loads Flarum, or the answer is one of its interface."""
    if page is None:
        return None
    root, place = place_of(address)
    if _is_interface(address, page) or any(one in page.body[:_HEAD_BYTES] for one in _SIGNS):
        return Guess("flarum", f"{root}/{place}", sure=True, platform="forum")
    return None


def _is_interface(address: str, page: Page) -> bool:
    """The interface describes the forum at /api, and lists discussions in the shape of JSON:API."""
    if "/api" not in urlsplit(address).path or not is_json(page):
        return False
    data = inside(load(page)[0], "data")
    first = data[0] if isinstance(data, list) and data else data
    return mapping(first).get("type") in {"forums", "discussions"}
