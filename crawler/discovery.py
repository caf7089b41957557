"""What a pasted address is: its kind, best first with why; robots.txt, terms of use, a name and a schedule.

The address alone tells the large platforms. Otherwise the page is fetched once, politely; only when neither
it nor robots.txt names an interface or feed, a few well-known places are asked, until one answers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from time import sleep
from urllib.parse import urlsplit

from crawler.agent import user_agent
from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.page import Fetch, Page, Problem
from crawler.pipeline import host_of
from crawler.plain_http import NoAnswer, fetch
from crawler.probes import PROBES
from crawler.robots import Robots
from crawler.sources import KINDS
from crawler.sources.addresses import absolute
from crawler.sources.api import is_json, origin
from crawler.sources.base import Guess, Way
from crawler.sources.forms import read_address
from crawler.sources.markup import decode, parse, plain_text
from crawler.walls import find_wall
from foundation.settings import Settings

PAUSE_SECONDS = 0.3
SCHEDULES = (15, 60, 360, 1440, 10080)
"""Minutes between runs that are proposed."""
POSTS_A_RUN = 10
"""A schedule is proposed by which about so many new posts are met with in one run."""
_PLATFORMS = ("telegram", "bluesky", "youtube", "facebook")
"""Kinds whose address says it all; their own pages are not fetched to recognise them."""
_RANK = (
    *_PLATFORMS,
    *(
        "mastodon",
        "wordpress",
        "discourse",
        "nodebb",
        "flarum",
        "mediawiki",
        "rss",
        "html_list",
        "sitemap",
    ),
)
_TERMS = re.compile(
    r"điều khoản|quy định sử dụng|nội quy|thỏa thuận sử dụng|terms (?:of|and)|terms\b|/(?:terms|tos|dieu-khoan)",
    re.IGNORECASE,
)
WHY = {
    "address": "The address itself tells it.",
    "itself": "The address answers with it.",
    "page": "The page itself says so.",
    "looks": "The page looks like it; the posts below show whether it is.",
    "robots": "robots.txt names it.",
    "probe": "It answers at its usual place.",
    "hint": "The address looks like it.",
    "asked": "Chosen by hand.",
}
"""Why a kind is proposed, as msgids."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the address, and the key of WHY it is proposed."""

    guess: Guess
    why: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found out about an address. `robots`: read, none, failed, or empty where it was not asked."""

    address: str
    candidates: tuple[Candidate, ...] = ()
    robots: str = ""
    allowed: bool = True
    delay: float = 0.0
    title: str = ""
    terms: str = ""
    """Address of the site's terms of use, where the page leads to one."""
    problems: tuple[Problem, ...] = ()


def whole_address(text: str) -> str:
    """The address as typed, with https:// where it names no scheme; FieldError when it is none."""
    typed = text.strip()
    if typed and "://" not in typed and re.match(r"[\w.-]+\.\w{2,}(?:[:/?#]|$)", typed):
        typed = f"https://{typed}"
    return read_address(typed)


def discover(address: str, settings: Settings, *, pause: float = PAUSE_SECONDS) -> Discovery:
    """What the address is. FieldError when it is no address; everything else that fails is told."""
    address = whole_address(address)
    by_address = _recognised(address, None, "address", "hint")
    if any(one.guess.sure and one.guess.kind in _PLATFORMS for one in by_address):
        return Discovery(address, _ranked(by_address))
    return _Visit(address, settings, pause).look(by_address)


def proposed_minutes(times: Iterable[datetime | None]) -> int:
    """Minutes between runs, by how often the source posts; a day where that cannot be told."""
    known = sorted({one for one in times if one is not None})
    gaps = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(known)]
    if len(gaps) < 2:
        return 1440
    wanted = median(gaps) * POSTS_A_RUN
    return max((one for one in SCHEDULES if one <= wanted), default=SCHEDULES[0])


class _Visit:
    """One look at one site: its robots.txt, the page, and where need be its well-known places."""

    def __init__(self, address: str, settings: Settings, pause: float) -> None:
        self._found = Discovery(address)
        self._address = address
        self._pause = pause
        self._guard, self._agent = AddressGuard(settings.private_networks), user_agent(settings)
        self._robots = Robots(self._guard, self._agent)
        self._candidates: list[Candidate] = []

    def look(self, by_address: Sequence[Candidate]) -> Discovery:
        self._candidates = [one for one in by_address if one.guess.sure]
        page = self._page(self._address)
        if page is not None:
            self._read(page)
        if self._found.robots and not any(_is_interface(one) for one in self._candidates):
            self._ask_places()
        hints = [one for one in by_address if not one.guess.sure]
        return replace(self._found, candidates=_ranked([*self._candidates, *hints]))

    def _page(self, address: str) -> Page | None:
        """The page, or None with the reason noted. A site's robots.txt is read before its first page."""
        try:
            robots = self._robots.of(address)
            first = not self._found.robots
            self._found = replace(self._found, robots=robots.state, delay=robots.delay)
            if first:
                self._named_sitemaps(robots.sitemaps)
            if not robots.allows(address):
                self._found = replace(self._found, allowed=False)
                self._problem("robots", address)
                return None
            return fetch(address, self._guard, self._agent)
        except PrivateAddress:
            self._problem("private_address", address, host=host_of(address))
        except NoAddress:
            self._problem("dns", address, host=host_of(address))
        except NoAnswer as error:
            self._problem("connection", address, error=str(error)[:200])
        return None

    def _problem(self, reason: str, address: str, **detail: object) -> None:
        problem = Problem(reason, address, "discover", detail)
        self._found = replace(self._found, problems=(*self._found.problems, problem))

    def _named_sitemaps(self, sitemaps: Iterable[str]) -> None:
        for named in sitemaps:
            if whole := absolute(self._address, named):
                guess = Guess("sitemap", whole, platform="website")
                self._candidates.append(Candidate(guess, "robots"))

    def _read(self, page: Page) -> None:
        html = "" if is_json(page) else decode(page.body, page.content_type)
        wall = find_wall(self._address, page.url, page.status, page.headers, html) if html else None
        if wall is not None:
            self._problem(wall.kind, page.url, sign=wall.sign[:100])
            return
        if not 200 <= page.status < 300:
            reason = "gone" if page.status in {404, 410} else "http_status"
            self._problem(reason, page.url, status=page.status)
            return
        title, terms = _head(page, html)
        self._found = replace(self._found, title=title, terms=terms)
        self._candidates += _recognised(page.url, page, "page", "looks")

    def _ask_places(self) -> None:
        """The well-known places, one after the other, until an interface or feed answers."""
        root = origin(self._address)
        for probe in PROBES:
            address = root + probe.path
            try:
                if not self._robots.of(address).allows(address):
                    continue
                sleep(max(self._pause, min(self._found.delay, 2.0)))
                page = fetch(address, self._guard, self._agent)
            except (NoAnswer, NoAddress, PrivateAddress):
                return
            guess = probe.read(root, page) if page.status == 200 else None
            if guess is not None:
                self._candidates.append(Candidate(guess, "probe"))
                if guess.sure:
                    return


def candidate_of(found: Discovery, kind: str) -> Candidate:
    """The way to read the address as that kind: what was found, or the address as it is."""
    for one in found.candidates:
        if one.guess.kind == kind:
            return one
    known = KINDS[kind].recognise(found.address, None)
    guess = known or Guess(kind, found.address, platform=KINDS[kind].platform)
    return Candidate(guess, "asked")


def _recognised(address: str, page: Page | None, sure: str, unsure: str) -> list[Candidate]:
    if page is not None:
        page = replace(page, fetch=Fetch(address))
    guesses = [kind.recognise(address, page) for kind in KINDS.values() if kind.way == Way.CRAWL]
    return [
        Candidate(one, _why(one, page, sure) if one.sure else unsure)
        for one in guesses
        if one is not None
    ]


def _why(guess: Guess, page: Page | None, told: str) -> str:
    """A feed or sitemap that was pasted is what was meant, whatever made the site."""
    is_it = page is not None and guess.kind in {"rss", "sitemap"} and guess.address == page.url
    return "itself" if is_it else told


def _is_interface(one: Candidate) -> bool:
    return one.guess.sure and one.guess.kind != "sitemap"


def _ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each kind once, the sure ones first, then as a person would choose."""

    def order(one: Candidate) -> tuple[bool, bool, int]:
        kind = one.guess.kind
        rank = _RANK.index(kind) if kind in _RANK else len(_RANK)
        return not one.guess.sure, one.why != "itself", rank

    first: dict[str, Candidate] = {}
    for one in sorted(candidates, key=order):
        first.setdefault(one.guess.kind, one)
    return tuple(first.values())


def _head(page: Page, html: str) -> tuple[str, str]:
    """The title of a page and the address of the terms it leads to."""
    root = parse(html) if html else None
    if root is None:
        return "", ""
    title = next((plain_text(node) for node in root.iter("title")), "")
    for node in root.iter("a"):
        href = node.get("href") or ""
        if _TERMS.search(f"{plain_text(node)[:80]} {urlsplit(href).path}"):
            return title.strip()[:150], absolute(page.url, href)
    return title.strip()[:150], ""
