"""What elements of a page are marked as, by schema.org microdata: headline, text, author, time."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.sources.addresses import absolute
from crawler.sources.markup import Element, plain_text, tidy
from crawler.sources.times import parse_time, zone_of
from search.post import Author

_TYPES = (
    "Article", "NewsArticle", "BlogPosting", "JobPosting", "SocialMediaPosting", "VideoObject",
    "DiscussionForumPosting", "Comment", "Report", "CreativeWork", "Product",
)  # fmt: skip
_TEXTS = ("articleBody", "text", "description", "commentText")


@dataclass(frozen=True, slots=True)
class Marked:
    """What the marks say; empty where there are none."""

    title: str = ""
    text: str = ""
    author: Author = field(default_factory=Author)
    posted_at: datetime | None = None
    zone: str = ""


def described(root: Element, base: str, zone: ZoneInfo) -> Marked:
    """The first thing on the page that is marked as something somebody published."""
    item = next((node for node in root.iter("*") if _is_item(node)), None)
    if item is None:
        return Marked()
    written = _value(_property(item, "datePublished", "dateCreated", "datePosted", "uploadDate"))
    posted_at = parse_time(written, zone) if written else None
    return Marked(
        title=_value(_property(item, "headline", "name", "title")).replace("\n", " "),
        text=_value(_property(item, *_TEXTS)),
        author=_author(item, base),
        posted_at=posted_at,
        zone=zone_of(written) if posted_at else "",
    )


def _is_item(node: Element) -> bool:
    kind = (node.get("itemtype") or "").rstrip("/").rpartition("/")[2]
    return node.get("itemscope") is not None and kind in _TYPES


def _property(item: Element, *names: str) -> Element | None:
    """The first element with one of these marks that belongs to this thing, not to one within it."""
    for name in names:
        for node in item.iter("*"):
            if name not in (node.get("itemprop") or "").split():
                continue
            owner = next(
                (above for above in node.iterancestors() if above.get("itemscope") is not None),
                None,
            )
            if owner is item:
                return node
    return None


def _value(node: Element | None) -> str:
    if node is None:
        return ""
    told = node.get("content") or node.get("datetime")
    return tidy(told) if told else plain_text(node)


def _author(item: Element, base: str) -> Author:
    node = _property(item, "author", "creator", "publisher")
    if node is None:
        return Author()
    inner = _property(node, "name") if node.get("itemscope") is not None else None
    link = next((one.get("href") for one in (node, *node.iter("a", "link")) if one.get("href")), "")
    name = _value(inner if inner is not None else node).replace("\n", " ")[:200]
    return Author(name, "", absolute(base, str(link)) if link else "")
