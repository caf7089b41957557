"""A look at a source before it is saved: its first posts as they would be stored; nothing is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic, sleep
from typing import Any

from crawler.agent import user_agent
from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.keys import credential_for, key_missing
from crawler.page import Fetch, Problem, SourcePlan
from crawler.pipeline import Pipeline, host_of
from crawler.plain_http import NoAnswer, fetch
from crawler.quota import Meter
from crawler.render_visit import RenderFailed
from crawler.rendering import Renderer, is_rendered
from crawler.robots import Robots
from crawler.sources.base import Kind
from foundation.settings import Settings
from search.post import Platform, Post

SHOWN = 5
MAX_PAGES = 8
SECONDS = 30.0
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What a few pages of a source gave: at most five posts, and everything that went wrong."""

    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    pages: int


def try_source(
    kind: Kind,
    address: str,
    platform: Platform,
    config: Mapping[str, Any],
    settings: Settings,
    *,
    pause: Callable[[float], None] = sleep,
    meter: Meter | None = None,
) -> Trial:
    """Read a few pages as a crawl would: guarded addresses, robots.txt, walls, the same parser.

    `meter` is where units of a daily quota are spent. Takes half a minute at most, one page more when a
    server is slow. What goes wrong is told, not raised.
    """
    browser = Renderer(settings)
    try:
        return _tried(
            kind, SourcePlan(0, address, platform, config), settings, pause, meter, browser
        )
    finally:
        browser.close()


def _tried(
    kind: Kind,
    plan: SourcePlan,
    settings: Settings,
    pause: Callable[[float], None],
    meter: Meter | None,
    browser: Renderer,
) -> Trial:
    if missing := key_missing(kind, plan, settings):
        return Trial((), (Problem(missing[0], plan.address, "", missing[1]),), 0)
    waiting = list(kind.start(plan))
    if not waiting:
        return Trial((), (Problem("nothing_named", plan.address),), 0)
    credential = credential_for(kind, plan, settings)
    pipeline = Pipeline(kind, plan, [one.fingerprint for one in waiting])
    guard, agent = AddressGuard(settings.private_networks), user_agent(settings)
    robots = Robots(guard, agent)
    posts: list[Post] = []
    problems: list[Problem] = []
    pages, until = 0, monotonic() + SECONDS
    while waiting and pages < MAX_PAGES and len(posts) < SHOWN and monotonic() < until:
        if pages:
            pause(PAUSE_SECONDS)
        asked = max(waiting, key=lambda one: one.priority)
        waiting.remove(asked)
        pages += 1
        granted = kind.granted and credential is not None and credential.belongs_to(asked.url)
        try:
            if not granted and not robots.of(asked.url).allows(asked.url):
                problems.append(Problem("robots", asked.url, asked.step))
                continue
            if meter is not None and not meter.spend(kind.cost(asked)):
                problems.append(Problem("quota", asked.url, asked.step))
                break
            if is_rendered(asked):
                page = browser.page(asked, lambda url: robots.of(url).allows(url))
            else:
                page = fetch(asked.url, guard, agent, headers=asked.headers, credential=credential)
        except (NoAnswer, NoAddress, PrivateAddress, RenderFailed) as error:
            problems.append(_unanswered(asked, error))
            continue
        if page is None:
            problems.append(Problem("robots", asked.url, asked.step))
            continue
        result = pipeline.read(replace(page, fetch=asked))
        posts += result.posts
        problems += result.problems
        waiting += result.follow
    return Trial(tuple(posts[:SHOWN]), tuple(problems), pages)


def _unanswered(asked: Fetch, error: Exception) -> Problem:
    host = {"host": host_of(asked.url)}
    if isinstance(error, PrivateAddress):
        return Problem("private_address", asked.url, asked.step, host)
    if isinstance(error, NoAddress):
        return Problem("dns", asked.url, asked.step, host)
    if isinstance(error, RenderFailed) and error.reason in {"timeout", "redirects"}:
        return Problem(error.reason, asked.url, asked.step)
    return Problem("connection", asked.url, asked.step, {"error": str(error)[:200]})
