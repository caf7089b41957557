"""What travels between fetching, parsing and storing: frozen, without network or database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from search.post import Origin, Platform, Post


@dataclass(frozen=True, slots=True)
class Fetch:
    """One page to get. `step` names what it is to the parser of its kind: list, detail, feed ..."""

    url: str
    step: str = "list"
    depth: int = 0
    priority: int = 0
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What the parser told itself: the number of the list page, the thread a page belongs to.

    `may_be_missing` marks a page whose absence is no error: one that was only guessed.
    """

    @property
    def fingerprint(self) -> str:
        """What makes two requests of one run the same: step, method, address without anchor, body."""
        address = self.url.partition("#")[0]
        content = "\0".join((self.step, self.method, address, self.body))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """The parts that have no column of their own, for JSON."""
        parts = {"method": self.method, "headers": dict(self.headers), "body": self.body}
        whole = {**parts, "meta": dict(self.meta)}
        return {name: value for name, value in whole.items() if value and value != "GET"}


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server. `url` is where it came from at last, `fetch.url` what was asked."""

    fetch: Fetch
    url: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    fetched_at: datetime
    truncated: bool = False
    """The body was longer than allowed; this is its head."""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong on a page, a row or a field; `reason` is a key of crawler.reasons."""

    reason: str
    url: str = ""
    step: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Fills the sentence of the reason."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser made of one page. `state` is kept with the source for its next run.

    `goes_on` is the number of pages after which the source's settings ended a list that goes on.
    """

    posts: tuple[Post, ...] = ()
    follow: tuple[Fetch, ...] = ()
    problems: tuple[Problem, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    goes_on: int = 0
    at_end: Mapping[str, Any] = field(default_factory=dict)
    """Like `state`, but kept only when the run came to its end without a hole: cursors of what was seen."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What a kind needs to know of a source to crawl it."""

    source_id: int
    address: str
    platform: Platform
    config: Mapping[str, Any]
    state: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    origin: Origin = Origin.CRAWL


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page (or one stretch of a file), read: what is committed together and counted once."""

    fingerprint: str
    posts: tuple[Post, ...] = ()
    follow: tuple[Fetch, ...] = ()
    problems: tuple[Problem, ...] = ()
    size: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)
    at_end: Mapping[str, Any] = field(default_factory=dict)
    hole: bool = False
    """Something that may come next time was not read, so the run's cursors must not move."""
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    saved_page: str = ""
    """Digest of the page in the file store, for the developer, when its parser broke."""
    figures: Any = None
    """crawler.figures.PageFigures, where the run is watched."""
    validator: tuple[str, str] = ("", "")
    """ETag and Last-Modified of a page that was read without a problem."""


def to_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as plain JSON data; what JSON cannot hold becomes its text."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(value), default=str, ensure_ascii=False))
    return plain
