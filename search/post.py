"""What a public post is, for every room: frozen, without behaviour, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Platform(StrEnum):
    """Where a post was published (nền tảng)."""

    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    ZALO = "zalo"
    TELEGRAM = "telegram"
    YOUTUBE = "youtube"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    FORUM = "forum"
    WIKI = "wiki"
    WEBSITE = "website"
    SMS = "sms"
    OTHER = "other"


class Origin(StrEnum):
    """How a row came into the system (nguồn gốc bản ghi); shown wherever the row is shown."""

    CRAWL = "crawl"
    IMPORT = "import"
    MANUAL = "manual"
    CITIZEN = "citizen"


BROUGHT = (Origin.CITIZEN, Origin.MANUAL, Origin.IMPORT)
"""What a person sent, entered or imported: it is not deleted before a person has decided on it."""


class Availability(StrEnum):
    """What one look at an address showed (tình trạng hiển thị).

    Only REMOVED speaks for a removal; MOVED is online at another address. LOGIN_WALL, BLOCKED and
    UNREACHABLE say that nothing was seen.
    """

    ONLINE = "online"
    EDITED = "edited"
    MOVED = "moved"
    REMOVED = "removed"
    RESTRICTED = "restricted"
    LOGIN_WALL = "login_wall"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Author:
    """Who published a post, as the page shows it."""

    name: str = ""
    handle: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video that a post shows; only its address is kept, never its bytes."""

    url: str
    kind: str = "image"
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One public post as a parser read it.

    `url` is the canonical address and, with the source, what makes a post the same post.
    `text` is plain text as published (title apart). Times are aware, in UTC; `zone` is the one they came in
    ("+07:00", "Z"; empty: it was not said). `forwarded_from` is the address of what was passed on, or the
    name of its author where there is no address.
    """

    url: str
    text: str
    title: str = ""
    platform: Platform = Platform.WEBSITE
    author: Author = field(default_factory=Author)
    posted_at: datetime | None = None
    language: str = "vi"
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    reply_to: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    zone: str = ""
    forwarded_from: str = ""

    @property
    def body(self) -> str:
        """Title and text as one string: what is matched, indexed and what every span points into."""
        return f"{self.title}\n{self.text}" if self.title else self.text
