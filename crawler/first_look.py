"""An address from paste to first posts: recognised, then tried as what it most likely is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.discovery import Candidate, Discovery, candidate_of, discover, proposed_minutes
from crawler.page import Problem
from crawler.quota import Meter
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way
from crawler.sources.forms import FormProblems
from crawler.trial import Trial, try_source
from foundation.errors import InvalidInput
from foundation.settings import Settings
from search.post import Platform

MAX_KINDS = 3
"""So many of the ways to read an address are tried, until one gives posts."""

Meters = Callable[[Kind], Meter | None]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was found, which way was taken of it, and what that gave; `trial` None: nothing could be tried."""

    found: Discovery
    taken: Candidate | None
    trial: Trial | None
    options: Mapping[str, Any]

    @property
    def every_minutes(self) -> int:
        """The schedule that the times of the posts suggest."""
        posts = self.trial.posts if self.trial else ()
        return proposed_minutes(post.posted_at for post in posts)

    @property
    def platform(self) -> Platform:
        """Where the posts were published, as they or the kind say."""
        posts = self.trial.posts if self.trial else ()
        told = self.taken.guess.platform if self.taken else ""
        return posts[0].platform if posts else Platform(told or "website")


def no_meter(_kind: Kind) -> Meter | None:
    """Where no quota is counted."""
    return None


def first_look(
    address: str,
    settings: Settings,
    *,
    kind: str = "",
    options: Mapping[str, Any] | None = None,
    meters: Meters = no_meter,
) -> FirstLook:
    """Recognise an address and try it; with `kind` as that alone, with `options` over what was found.

    FieldError when it is no address, InvalidInput when no such kind is crawled, FormProblems when the
    options of the kind asked for cannot be taken.
    """
    if kind and (kind not in KINDS or KINDS[kind].way != Way.CRAWL):
        raise InvalidInput(
            f"no kind of source is called {kind}, or it is not crawled", about="kind"
        )
    found = discover(address, settings)
    ways = [candidate_of(found, kind)] if kind else list(found.candidates[:MAX_KINDS])
    best: FirstLook | None = None
    for way in ways:
        try:
            config = _config(way, options or {})
        except FormProblems:
            if kind:
                raise
            continue
        asked = {**way.guess.options, **(options or {})}
        tried = _tried(way, asked, config, settings, meters)
        look = FirstLook(found, way, tried, config)
        if tried.posts:
            return look
        best = best or look
    return best or FirstLook(found, None, None, {})


def _config(way: Candidate, given: Mapping[str, Any]) -> dict[str, Any]:
    return KINDS[way.guess.kind].form.read({**way.guess.options, **given})


def _tried(
    way: Candidate,
    asked: Mapping[str, Any],
    config: Mapping[str, Any],
    settings: Settings,
    meters: Meters,
) -> Trial:
    kind = KINDS[way.guess.kind]
    told = kind.form.platform(asked) or way.guess.platform or kind.platform
    platform = Platform(told or "website")
    meter = meters(kind)
    return try_source(kind, way.guess.address, platform, config, settings, meter=meter)


def problems_of(look: FirstLook) -> tuple[Problem, ...]:
    """Everything that went wrong, each thing once: while recognising, then while trying."""
    tried = look.trial.problems if look.trial else ()
    return tuple({(one.reason, one.url): one for one in (*look.found.problems, *tried)}.values())
