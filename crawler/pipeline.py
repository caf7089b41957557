"""From an answer of a server to what is written: status, walls, the parser of the kind, what to follow.

Knows neither Scrapy nor the database; the spider hands pages in, the writer takes results.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from crawler.figures import Watched, of_failure, of_page
from crawler.one_address import one_address
from crawler.page import Fetch, Page, PageResult, Parsed, Problem, SourcePlan
from crawler.sources.api import explained, is_json
from crawler.sources.base import Kind
from crawler.sources.markup import decode, read_once
from crawler.traps import TRAP_PAGES, Traps
from crawler.walls import Wall, WallKind, find_wall
from foundation.files import FileStore
from foundation.files_room import StorageFull
from search.post import Post

MAX_PAGES = 2000
MAX_DEPTH = 5
MAX_BODY_BYTES = 10 * 2**20
MAX_SAVED_PAGES = 5
MAX_SAVED_BYTES = 2**20
MAX_TEXT = 200_000
_TEXT_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/rss",
    "application/atom",
    "application/json",
    "application/rdf",
    "application/x-rss",
)
_GONE = frozenset({404, 410})
QUIET_PAGES = 3
"""So many pages of a list in a row without a post that the run had not seen, and the list has no end."""
HOLES = frozenset(
    [
        "http_status", "blocked", "timeout", "dns", "connection", "too_large", "redirects", "not_a_page",
        "empty_page", "parser_failed", "no_items", "not_a_feed",
        "not_a_sitemap", "malformed_feed", "json_cut", "not_json",
        "json_shape", "api_failed", "api_limit", "api_key", "api_quota", "quota", "endless", "consent",
        "robots_failed", "endless_headers",
    ]
)  # fmt: skip
"""Reasons for which a page gave less than it may give next time: cursors must not move past it."""

_SAVED = frozenset(
    [
        "login_wall", "blocked", "consent", "no_items", "empty_page", "json_shape", "not_json", "json_cut",
        "not_a_feed", "malformed_feed", "not_a_sitemap", "no_text_found", "item_without_text", "entry_failed",
        "no_preview",
    ]
)  # fmt: skip
"""Reasons for which a page is kept for a week, for whoever mends its parser."""

log = logging.getLogger(__name__)


class Pipeline:
    """Reads the pages of one run; remembers which pages were thought of, so that none is asked for twice."""

    def __init__(
        self,
        kind: Kind,
        plan: SourcePlan,
        known: Iterable[str],
        files: FileStore | None = None,
        *,
        max_pages: int = MAX_PAGES,
        watched: Watched = Watched(),  # noqa: B008 - frozen and empty
    ) -> None:
        self.kind = kind
        self._plan = plan
        self._known = set(known)
        self._files = files
        self._saved = 0
        self.max_pages = max_pages
        self.limit_reached = False
        self.goes_on = 0
        """After how many pages the source's settings ended a list that goes on; 0: none did."""
        self.quota_spent = False
        self._watched = watched
        self._traps = Traps()
        self._empty: set[str] = set()
        self.samples: dict[str, tuple[str, bytes]] = {}
        """Address and body of one page of each step, the first that held no post if there was one."""
        self._seen: set[int] = set()
        self._quiet: dict[str, int] = {}

    def read(self, page: Page) -> PageResult:
        """Everything that one answer is good for; a wall, an error or a broken page is a problem, not an end."""
        with read_once():
            return self._read(page)

    def _read(self, page: Page) -> PageResult:
        size = len(page.body)
        problems = [self._too_large(page)] if page.truncated else []
        if page.status in _GONE and page.fetch.meta.get("may_be_missing"):
            return self._result(page, Parsed(), [], size)
        refused = None if page.status == 304 else self._refusal(page)
        if refused is not None:
            saved = self._save(page) if refused.reason in _SAVED else ""
            return self._result(page, Parsed(), [*problems, refused], size, saved)
        saved = ""
        try:
            parsed = Parsed() if page.status == 304 else self.kind.read(self._plan, page)
        except Exception as error:
            log.exception("parser of %s failed", page.url)
            saved = self._save(page)
            parsed = Parsed()
            problems.append(self._failed_parser(page, error))
        if not saved and any(one.reason in _SAVED for one in parsed.problems):
            saved = self._save(page)
        self._sample(page, parsed)
        return self._result(page, parsed, problems, size, saved)

    def failed(self, fetch: Fetch, reason: str, detail: Mapping[str, Any]) -> PageResult:
        """A page that no answer came from."""
        problem = Problem(reason, fetch.url, fetch.step, detail)
        told = () if reason == "quota" and self.quota_spent else (problem,)
        self.quota_spent = self.quota_spent or reason == "quota"
        figures = of_failure(fetch.step, reason)
        return PageResult(fetch.fingerprint, problems=told, hole=reason in HOLES, figures=figures)

    def _result(
        self, page: Page, parsed: Parsed, problems: list[Problem], size: int, saved: str = ""
    ) -> PageResult:
        self.goes_on = max(self.goes_on, parsed.goes_on)
        posts = distinct(clean(post, self._plan.address) for post in parsed.posts)
        wanted = parsed.follow
        if page.status != 304:
            fresh = any(hash(post.url) not in self._seen for post in posts)
            new = [one for one in wanted if one.fingerprint not in self._known]
            if trap := self._traps.saw(page.fetch.url, fresh=fresh, follow=new):
                problems.append(self._problem(page, "trap", pages=TRAP_PAGES, pattern=trap))
        if self._endless(page, posts, wanted):
            problems.append(self._problem(page, "endless", pages=QUIET_PAGES))
            chain = page.fetch.meta.get("chain")
            wanted = tuple(one for one in wanted if one.meta.get("chain") != chain)
        follow = tuple(self._new(wanted))
        every = (*problems, *parsed.problems)
        hole = self.limit_reached or any(one.reason in HOLES for one in every)
        return PageResult(
            page.fetch.fingerprint,
            posts=posts,
            follow=follow,
            problems=every,
            size=size,
            state=parsed.state,
            at_end=parsed.at_end,
            hole=hole,
            saved_page=saved,
            figures=of_page(page, posts, every, self._watched),
            validator=_validator(page) if not every else ("", ""),
        )

    def _sample(self, page: Page, parsed: Parsed) -> None:
        known = self.samples.get(page.fetch.step)
        empty = not parsed.posts and not parsed.follow and page.status != 304
        if known is None or (empty and page.fetch.step not in self._empty):
            self.samples[page.fetch.step] = (page.url, page.body[:MAX_SAVED_BYTES])
        if empty:
            self._empty.add(page.fetch.step)

    def _endless(self, page: Page, posts: Iterable[Post], follow: Iterable[Fetch]) -> bool:
        """Whether a list only repeats itself: a cursor that was followed before, or nothing new for pages."""
        chain = str(page.fetch.meta.get("chain", ""))
        onward = [one for one in follow if one.meta.get("chain") == chain]
        fresh = {hash(post.url) for post in posts} - self._seen
        self._seen |= fresh
        if not chain or not onward:
            return False
        others = [one for one in follow if one.meta.get("chain") != chain]
        if fresh or any(one.fingerprint not in self._known for one in others):
            self._quiet[chain] = 0
        else:
            self._quiet[chain] = self._quiet.get(chain, 0) + 1
        repeated = any(one.fingerprint in self._known for one in onward)
        return repeated or self._quiet[chain] >= QUIET_PAGES

    def _new(self, follow: Iterable[Fetch]) -> list[Fetch]:
        found = []
        for fetch in follow:
            known = fetch.fingerprint in self._known or self._traps.holds(fetch.url)
            if known or fetch.depth > MAX_DEPTH:
                continue
            if len(self._known) >= self.max_pages:
                self.limit_reached = True
                break
            self._known.add(fetch.fingerprint)
            found.append(fetch)
        return found

    def _refusal(self, page: Page) -> Problem | None:
        """Why this answer is not parsed, if it is not."""
        if self.kind.json and is_json(page):
            if 200 <= page.status < 300:
                return None
            return self.kind.explain(self._plan, page) or explained(page)
        kind = page.content_type.lower()
        if kind and not kind.startswith(_TEXT_TYPES) and page.status == 200:
            if page.fetch.meta.get("packed"):
                return None
            return self._problem(page, "not_a_page", content_type=kind[:100])
        html = decode(page.body, page.content_type)
        wall = find_wall(page.fetch.url, page.url, page.status, page.headers, html)
        if wall is not None and not self._beside(page, wall):
            return self._problem(page, wall.kind, sign=wall.sign[:100])
        if page.status in _GONE:
            return self._problem(page, "gone", status=page.status)
        if page.status in {403, 451}:
            return self._problem(page, "forbidden", status=page.status)
        if not 200 <= page.status < 300:
            return self._problem(page, "http_status", status=page.status)
        return None

    def _beside(self, page: Page, wall: Wall) -> bool:
        """Whether the wall is but a login form beside the entries that the page shows to strangers."""
        led_away = wall.sign.startswith("/")
        if wall.kind != WallKind.LOGIN or page.status != 200 or led_away:
            return False
        return self.kind.shows(self._plan, page)

    def _problem(self, page: Page, reason: str, **detail: Any) -> Problem:
        return Problem(reason, page.url, page.fetch.step, detail)

    def _too_large(self, page: Page) -> Problem:
        return self._problem(page, "too_large", limit_mb=MAX_BODY_BYTES // 2**20)

    def _failed_parser(self, page: Page, error: Exception) -> Problem:
        words = f"{type(error).__name__}: {error}"[:300]
        return self._problem(page, "parser_failed", error=words, step=page.fetch.step)

    def _save(self, page: Page) -> str:
        """The page that broke its parser, for the developer; a few of a run, and not for long."""
        if self._files is None or self._saved >= MAX_SAVED_PAGES:
            return ""
        self._saved += 1
        try:
            return self._files.put(page.body[:MAX_SAVED_BYTES])
        except StorageFull:
            return ""  # the run goes on without what only a developer wants


def _validator(page: Page) -> tuple[str, str]:
    if page.status != 200 or page.fetch.method != "GET":
        return "", ""
    return page.headers.get("etag", "")[:500], page.headers.get("last-modified", "")[:100]


def clean(post: Post, home: str = "") -> Post:
    """The post under its one address, without what a database cannot hold: NUL, lone surrogates, endless text.

    `home` is the address of its source.
    """
    return replace(
        post,
        url=one_address(_plain(post.url)[:4000], home),
        reply_to=one_address(_plain(post.reply_to)[:4000], home) if post.reply_to else "",
        text=_plain(post.text)[:MAX_TEXT],
        title=_plain(post.title)[:2000],
        author=replace(
            post.author,
            name=_plain(post.author.name)[:300],
            handle=_plain(post.author.handle)[:300],
            url=_plain(post.author.url)[:4000],
        ),
        links=tuple(_plain(link)[:4000] for link in post.links[:200]),
    )


def distinct(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Each address once, the last reading of it; so that a page's posts can be counted."""
    return tuple({post.url: post for post in posts}.values())


def host_of(url: str) -> str:
    """The host of an address, for a message."""
    return urlsplit(url).hostname or url


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
