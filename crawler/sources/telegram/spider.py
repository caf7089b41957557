"""Where the crawl of a channel begins: the newest page of its public preview."""

import re
from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin
from crawler.sources.lists import first

HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "www.t.me"})
_NAME = re.compile(r"^/(?:s/)?(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})(?:/\d+)?/?$")


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The preview's first page."""
    return (first(preview_of(plan.address), "list"),)


def channel_of(address: str) -> str:
    """The name of the channel in an address, or an empty string (joining links, bots' parameters)."""
    found = _NAME.match(urlsplit(address).path)
    return (
        found["name"] if found and found["name"] not in {"joinchat", "share", "addstickers"} else ""
    )


def preview_of(address: str) -> str:
    """The address of the public preview; on another server than Telegram's, the address as it stands."""
    name, host = channel_of(address), (urlsplit(address).hostname or "").lower()
    if not name:
        return address
    return f"https://t.me/s/{name}" if host in HOSTS else f"{origin(address)}/s/{name}"
