"""What robots.txt says about one address; noted with a capture, which a person asked for."""

from urllib.parse import urlsplit

from protego import Protego

from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.plain_http import NoAnswer, fetch

AGENT = "RaSoat"


def robots_decision(url: str, guard: AddressGuard, agent: str) -> str:
    """`allowed`, `disallowed`, `no robots.txt`, or `unknown` when the file cannot be had."""
    parts = urlsplit(url)
    try:
        page = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", guard, agent)
    except (NoAnswer, NoAddress, PrivateAddress):
        return "unknown"
    if page.status >= 500:
        return "unknown"
    if page.status >= 400:
        return "no robots.txt"
    rules = Protego.parse(page.body.decode("utf-8", "replace"))
    return "allowed" if rules.can_fetch(url, AGENT) else "disallowed"
