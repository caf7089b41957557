"""Lists that are read newest first, page by page, until what an earlier run has seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crawler.page import Fetch, Page, SourcePlan

LIST_PRIORITY = 10
"""Lists are asked for before the pages they lead to, so that they shift less while they are read."""

Mark = str | int
"""What orders the entries of a list: a time in UTC as ISO text, or a number. All of one list are alike."""


@dataclass(frozen=True, slots=True)
class Onward:
    """How a list goes on after a page: the next page, the limit that ended it, what to remember at the end."""

    follow: tuple[Fetch, ...] = ()
    goes_on: int = 0
    at_end: dict[str, Any] = field(default_factory=dict)


def first(url: str, step: str, *, chain: str = "list", **meta: Any) -> Fetch:
    """The first page of a list."""
    return Fetch(url, step=step, priority=LIST_PRIORITY, meta={"chain": chain, "n": 1, **meta})


def onward(
    plan: SourcePlan,
    page: Page,
    key: str,
    marks: Iterable[Mark],
    following: str,
    *,
    limit: int,
) -> Onward:
    """What comes after this page. `key` names the list in the source's memory, `marks` order its entries.

    The list ends where there is no next page, where a whole page was seen in an earlier run, or at `limit`
    pages; ended so, with older runs to join, what is remembered stays as it was, so that no gap is forgotten.
    """
    meta, known = page.fetch.meta, remembered(plan, key)
    here = [mark for mark in marks if mark]
    tops = [*here, *([meta["top"]] if meta.get("top") else [])]
    top = max(tops, default=None)
    end = {key: top if known is None else max(top, known)} if top else {}
    seen_before = known is not None and all(mark <= known for mark in here)  # type: ignore[operator]
    if not following or not here or seen_before:
        return Onward(at_end=end)
    number = int(meta.get("n", 1))
    if number >= limit:
        return Onward(goes_on=limit, at_end=end if known is None else {})
    further = Fetch(
        following,
        step=page.fetch.step,
        depth=page.fetch.depth,
        priority=page.fetch.priority,
        meta={**meta, "n": number + 1, "top": top},
    )
    return Onward((further,))


def remembered(plan: SourcePlan, key: str) -> Mark | None:
    """How far earlier runs have read the list."""
    found = plan.state.get(key)
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def limit_of(plan: SourcePlan, name: str = "pages", default: int = 20) -> int:
    """How many pages of a list the source's settings allow."""
    return int(plan.config.get(name) or default)
