"""Whether an address is that of a Telegram channel."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.telegram.spider import HOSTS, channel_of, preview_of


def recognise(address: str, _page: Page | None = None) -> Guess | None:
    """Sure by the host; only a visit tells whether the channel shows a preview."""
    if (urlsplit(address).hostname or "").lower() not in HOSTS or not channel_of(address):
        return None
    return Guess("telegram", preview_of(address), sure=True, platform="telegram")
