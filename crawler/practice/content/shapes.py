"""What a made-up post is: frozen shapes that the site shows and that tests compare with."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_DAYS = 29
_FIRST_MINUTE, _LAST_MINUTE = 6 * 60, 23 * 60


class ContentError(ValueError):
    """The made-up content contradicts itself; the message names the file and the entry."""


class Kind(StrEnum):
    """What a text really is: the truth that a detector is measured against."""

    BORDER_JOB = "border_job"
    ONLINE_TASKS = "online_tasks"
    LABOUR_EXPORT = "labour_export"
    ENTERTAINMENT = "entertainment"
    MARRIAGE_BROKERAGE = "marriage_brokerage"
    SURROGACY = "surrogacy"
    ADOPTION = "adoption"
    ORGAN_TRADE = "organ_trade"
    BORDER_CROSSING = "border_crossing"
    DEBT_RANSOM = "debt_ransom"
    MIDDLEMAN = "middleman"
    HONEST = "honest"
    WARNING = "warning"
    NEWS = "news"
    HELP = "help"
    TALK = "talk"

    @property
    def is_lure(self) -> bool:
        """Whether an inspector ought to see a text of this kind near the top of the queue."""
        return self not in _HARMLESS


_HARMLESS = frozenset({Kind.HONEST, Kind.WARNING, Kind.NEWS, Kind.HELP, Kind.TALK})
LURE_KINDS: frozenset[Kind] = frozenset(kind for kind in Kind if kind.is_lure)


class Evasion(StrEnum):
    """How a text tries to slip past a filter."""

    NO_DIACRITICS = "no_diacritics"
    TEENCODE = "teencode"
    SPACED = "spaced"
    DOTTED = "dotted"
    STYLED = "styled"
    HOMOGLYPHS = "homoglyphs"
    ZERO_WIDTH = "zero_width"
    EMOJI_DIGITS = "emoji_digits"
    LEETSPEAK = "leetspeak"
    SPELLED_NUMBER = "spelled_number"


class Scene(StrEnum):
    """What the drawing under a post shows."""

    POSTER = "poster"
    NIGHT = "night"
    FACTORY = "factory"
    NOTICE = "notice"
    MARKET = "market"
    FIELD = "field"
    RAIN = "rain"
    FOOTBALL = "football"
    FOOD = "food"
    RIVER = "river"


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up member of the site."""

    handle: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """A made-up group; strangers are sent from a closed one to the login page."""

    slug: str
    name: str
    about: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing under a post, with the words that are drawn into it."""

    scene: Scene
    alt: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeComment:
    """A comment; its id is that of the post times 100 plus its place, from 1."""

    id: int
    post_id: int
    author: str
    body: str
    kind: Kind
    evasion: tuple[Evasion, ...] = ()

    @property
    def evasive(self) -> bool:
        """Whether the spelling hides from filters."""
        return bool(self.evasion)


@dataclass(frozen=True, slots=True)
class PracticePost:
    """A made-up post; ``author`` is a handle, ``group`` a slug, ``title`` may be empty."""

    id: int
    slug: str
    author: str
    group: str
    title: str
    body: str
    kind: Kind
    evasion: tuple[Evasion, ...] = ()
    picture: Picture | None = None
    comments: tuple[PracticeComment, ...] = ()

    @property
    def evasive(self) -> bool:
        """Whether the spelling hides from filters."""
        return bool(self.evasion)

    @property
    def text(self) -> str:
        """Title and body as a reader sees them."""
        return f"{self.title}\n{self.body}" if self.title else self.body

    def posted_at(self, start: datetime) -> datetime:
        """The aware UTC time of the post: waking hours of the 30 days before ``start``."""
        number = _number(f"post {self.id}")
        minute = _FIRST_MINUTE + number // _DAYS % (_LAST_MINUTE - _FIRST_MINUTE)
        local = start.astimezone(ZONE)
        day = local.date() - timedelta(days=number % _DAYS)
        moment = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
        if moment >= local:
            moment -= timedelta(days=1)
        return moment.astimezone(UTC)


def comment_time(comment: PracticeComment, posted_at: datetime, start: datetime) -> datetime:
    """The time of a comment: after its post, in the order of the comments, before ``start``."""
    room = min(start - posted_at, timedelta(hours=30))
    place = comment.id % 100
    return posted_at + room * (place / (place + 6))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:6])
