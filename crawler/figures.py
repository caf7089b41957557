"""What the pages of a run were like, in figures: counted with each page, judged when the run has ended.

Plain JSON in `Run.figures`:
  requests, unchanged   pages asked for; answers that said "not modified"
  posts, no_text, no_time, no_author   posts read, and how many of them lack a field
  steps     {step: [pages, posts]}
  reasons   {"step|reason": pages on which it went wrong}
  canary, last   whether what must be found was found; whether the newest known post was
  newest    [time or "", address] of the newest post
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.page import Page, Problem
from search.post import Post

_FIELDS = ("no_text", "no_time", "no_author")
_SUMS = ("requests", "unchanged", "posts", *_FIELDS)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a run looks out for: the canary of an officer, the newest post that was known before."""

    canary: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class PageFigures:
    """The figures of one page."""

    step: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def of_page(
    page: Page, posts: Iterable[Post], problems: Iterable[Problem], watched: Watched
) -> PageFigures:
    """What one page adds."""
    found = list(posts)
    step = page.fetch.step
    values: dict[str, Any] = {
        "requests": 1,
        "unchanged": int(page.status == 304),
        "posts": len(found),
        "no_text": sum(not one.text.strip() for one in found),
        "no_time": sum(one.posted_at is None for one in found),
        "no_author": sum(not (one.author.name or one.author.handle) for one in found),
        "steps": {step: [1, len(found)]},
        "reasons": {f"{step}|{reason}": 1 for reason in {one.reason for one in problems}},
    }
    if watched.canary and any(_is(one, watched.canary) for one in found):
        values["canary"] = True
    if watched.last and any(one.url == watched.last for one in found):
        values["last"] = True
    if found:
        newest = max(found, key=lambda one: one.posted_at.isoformat() if one.posted_at else "")
        values["newest"] = [
            newest.posted_at.isoformat() if newest.posted_at else "",
            newest.url,
        ]
    return PageFigures(step, values)


def of_failure(step: str, reason: str) -> PageFigures:
    """What a page adds that no answer came from."""
    return PageFigures(
        step, {"requests": 1, "steps": {step: [1, 0]}, "reasons": {f"{step}|{reason}": 1}}
    )


def added(total: Mapping[str, Any], pages: Iterable[PageFigures]) -> dict[str, Any]:
    """The figures of a run with those of some pages more."""
    whole: dict[str, Any] = {**total}
    for one in pages:
        _add(whole, one.values)
    return whole


def _add(whole: dict[str, Any], more: Mapping[str, Any]) -> None:
    if not more:
        return
    for name in _SUMS:
        whole[name] = int(whole.get(name, 0)) + int(more.get(name, 0))
    steps = dict(whole.get("steps", {}))
    for step, (pages, posts) in more.get("steps", {}).items():
        before = steps.get(step, [0, 0])
        steps[step] = [before[0] + pages, before[1] + posts]
    reasons = dict(whole.get("reasons", {}))
    for key, count in more.get("reasons", {}).items():
        reasons[key] = reasons.get(key, 0) + count
    whole["steps"], whole["reasons"] = steps, reasons
    for name in ("canary", "last"):
        if more.get(name):
            whole[name] = True
    if more.get("newest"):
        known = whole.get("newest")
        whole["newest"] = (
            max(known, more["newest"], key=lambda one: one[0]) if known else more["newest"]
        )


def _is(post: Post, canary: str) -> bool:
    """Whether a post is the canary: its address, or its words in the text."""
    if canary.startswith(("http://", "https://")):
        return post.url.rstrip("/") == canary.rstrip("/")
    return " ".join(canary.casefold().split()) in " ".join(post.body.casefold().split())
