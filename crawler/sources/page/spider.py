"""What is asked for: the page itself, or TikTok's oEmbed where the address is that of a video."""

import re
from urllib.parse import quote, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.addresses import canonical
from crawler.sources.api import origin
from search.post import Platform

_VIDEO = re.compile(r"^/@[^/]+/(?:video|photo)/\d+/?$")


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """One request."""
    if plan.platform == Platform.TIKTOK and is_video(plan.address):
        return (tiktok_oembed(plan.address),)
    meta = {"render": str(plan.config.get("text") or "")} if plan.config.get("javascript") else {}
    return (Fetch(plan.address, step="page", meta=meta),)


def is_video(address: str) -> bool:
    """Whether the path is that of one video or picture of TikTok."""
    return bool(_VIDEO.match(urlsplit(address).path))


def tiktok_oembed(address: str) -> Fetch:
    """TikTok's public oEmbed for a video; on another server at the same place."""
    whole = canonical(address).partition("#")[0].partition("?")[0]
    return oembed(whole, f"{origin(address)}/oembed?url={quote(whole, safe='')}")


def oembed(page: str, address: str) -> Fetch:
    """The request for what a page's oEmbed says of it."""
    return Fetch(
        address,
        step="oembed",
        depth=1,
        headers={"Accept": "application/json"},
        meta={"of": canonical(page)},
    )
