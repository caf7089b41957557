"""Well-known places where an interface or feed answers, for a page that does not say what made it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crawler.page import Page
from crawler.sources.api import is_json, load, mapping
from crawler.sources.base import Guess


def _object(page: Page) -> dict[str, Any]:
    return dict(mapping(load(page)[0])) if is_json(page) else {}


def _wordpress(root: str, page: Page) -> Guess | None:
    if "wp/v2" not in str(_object(page).get("namespaces") or ""):
        return None
    return Guess("wordpress", f"{root}/", sure=True, platform="website")


def _discourse(root: str, page: Page) -> Guess | None:
    topics = mapping(_object(page).get("topic_list")).get("topics")
    if not isinstance(topics, list):
        return None
    return Guess("discourse", f"{root}/", sure=True, platform="forum")


def _nodebb(root: str, page: Page) -> Guess | None:
    config = _object(page)
    if "relative_path" not in config or not {"cache-buster", "upload_url", "siteTitle"} & set(
        config
    ):
        return None
    return Guess("nodebb", f"{root}/", sure=True, platform="forum")


def _mastodon(root: str, page: Page) -> Guess | None:
    instance = _object(page)
    if not {"uri", "domain"} & set(instance) or not {"stats", "usage"} & set(instance):
        return None
    return Guess("mastodon", f"{root}/public", {"read": "address"}, sure=True, platform="mastodon")


def _mediawiki(_root: str, page: Page) -> Guess | None:
    if "general" not in mapping(_object(page).get("query")):
        return None
    return Guess("mediawiki", page.url.partition("?")[0], sure=True, platform="wiki")


def _bluesky(root: str, page: Page) -> Guess | None:
    if "version" not in _object(page):
        return None
    return Guess("bluesky", f"{root}/", platform="bluesky")


def _feed(_root: str, page: Page) -> Guess | None:
    head = page.body[:2000].lower()
    if page.status != 200 or not any(sign in head for sign in (b"<rss", b"<feed", b"<rdf")):
        return None
    return Guess("rss", page.url, sure=True)


def _sitemap(_root: str, page: Page) -> Guess | None:
    head = page.body[:2000].lower()
    if page.status != 200 or not any(sign in head for sign in (b"<urlset", b"<sitemapindex")):
        return None
    return Guess("sitemap", page.url, sure=True, platform="website")


@dataclass(frozen=True, slots=True)
class Probe:
    """A path below a site's root, and what its answer tells."""

    path: str
    read: Callable[[str, Page], Guess | None]


PROBES = (
    Probe("/wp-json/", _wordpress),
    Probe("/latest.json", _discourse),
    Probe("/api/config", _nodebb),
    Probe("/api/v1/instance", _mastodon),
    Probe("/api.php?action=query&meta=siteinfo&format=json", _mediawiki),
    Probe("/xrpc/_health", _bluesky),
    Probe("/feed", _feed),
    Probe("/rss.xml", _feed),
    Probe("/sitemap.xml", _sitemap),
)
