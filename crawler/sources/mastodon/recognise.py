"""Whether an address is one of a Mastodon server."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.api import is_json, load, mapping, origin
from crawler.sources.base import Guess
from crawler.sources.mastodon.spider import of_address
from crawler.sources.pages import generator, meta_of

_OTHERS = ("youtube.com", "tiktok.com", "threads.net", "threads.com", "medium.com")
"""Whose accounts have addresses with /@ too."""
_SERVERS = ("mastodon", "glitch", "hometown", "pleroma", "akkoma", "gotosocial")


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the page says what made it; an address with /@account is only a hint."""
    found = of_address(address)
    if page is not None:
        server = page.headers.get("server", "").lower()
        named = f"{generator(page)} {meta_of(page, 'application-name')} {server}".lower()
        instance = mapping(load(page)[0]) if is_json(page) else {}
        told = "/api/v1/timelines/" in address or ("uri" in instance and "stats" in instance)
        if told or any(one in named for one in _SERVERS) or b'id="mastodon"' in page.body[:200_000]:
            kept = address if found else f"{origin(address)}/public"
            return Guess("mastodon", kept, {"read": "address"}, sure=True, platform="mastodon")
        return None
    host = (urlsplit(address).hostname or "").lower()
    if host.endswith(_OTHERS):
        return None
    if found and found.read in {"account", "tag"} and ("/@" in address or "/api/v1/" in address):
        return Guess("mastodon", address, {"read": "address"}, platform="mastodon")
    return None
