"""Any page can be read as one post; of some platforms only single pages can be read without an account."""

import re
from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.pages import meta_of, tree

_HOSTS = (
    ("tiktok.com", "tiktok"),
    ("zalo.me", "zalo"),
    ("facebook.com", "facebook"),
    ("fb.watch", "facebook"),
    ("fb.com", "facebook"),
)
_ONE_POST = re.compile(
    r"/(?:posts|videos|reel|watch|share|photo|permalink|story\.php|groups/[^/]+/(?:posts|permalink))\b"
)


def platform_of(address: str) -> str:
    """The platform whose page it is, or an empty string."""
    host = (urlsplit(address).hostname or "").lower()
    return next(
        (name for domain, name in _HOSTS if host == domain or host.endswith(f".{domain}")), ""
    )


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure for pages of TikTok and Zalo and for single posts of Facebook; perhaps a page that is an article."""
    platform = platform_of(address)
    if platform in {"tiktok", "zalo"}:
        return Guess("page", address, sure=True, platform=platform)
    if platform == "facebook":
        one = _ONE_POST.search(urlsplit(address).path)  # whole pages are read by the Graph API
        return Guess("page", address, sure=True, platform=platform) if one else None
    if page is None or tree(page) is None:
        return None
    if meta_of(page, "og:type").startswith("article") or meta_of(page, "article:published_time"):
        return Guess("page", address, platform="website")
    return None
