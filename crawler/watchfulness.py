"""Whether a run was as runs of its source are: pure judgement on figures, without database or network.

A sign names what is wrong, and where it can be told, the step of the parser. What is usual comes from the
runs before: the median of those of the same weekday, of all where they are too few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from foundation.clock import office_time

FEWEST_RUNS = 3
"""So many runs are needed before anything counts as usual."""
SAME_DAY_RUNS = 4
SLOW_TIMES, SLOW_SECONDS = 4.0, 3.0
JUMP_FROM, JUMP_TO = 0.1, 0.5
FEWEST_POSTS = 3
KEPT_OUT = frozenset(
    [
        "login_wall",
        "blocked",
        "consent",
        "forbidden",
        "robots",
        "api_limit",
        "api_login",
        "api_forbidden",
    ]
)
SILENT = frozenset(
    [
        "connection",
        "dns",
        "timeout",
        "http_status",
        "redirects",
        "gone",
        "api_failed",
        "robots_failed",
    ]
)
BROKEN = frozenset(
    [
        "parser_failed", "selector_failed", "no_items", "item_without_text", "not_a_feed", "malformed_feed",
        "json_cut", "not_json", "json_shape", "entry_failed", "not_a_sitemap", "no_text_found", "not_a_page",
        "empty_page", "no_preview", "no_messages",
    ]
)  # fmt: skip
FIELDS = {"no_text": "text", "no_time": "time", "no_author": "author"}


@dataclass(frozen=True, slots=True)
class RunSeen:
    """What is judged of one run. `cursored`: it asks only for what is new, so it may rightly find nothing."""

    at: datetime
    posts: int
    pages: int
    seconds: float
    figures: Mapping[str, Any]
    parser: str = ""
    cursored: bool = False

    @property
    def unchanged(self) -> int:
        return int(self.figures.get("unchanged", 0))

    @property
    def seconds_a_page(self) -> float:
        return self.seconds / self.pages if self.pages else 0.0

    def step(self, name: str) -> tuple[int, int]:
        """Pages and posts of one step."""
        pages, posts = self.figures.get("steps", {}).get(name, (0, 0))
        return int(pages), int(posts)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is wrong: the kind of its alert, a key of crawler.reasons, the step it was seen at."""

    kind: str
    reason: str
    step: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def usual(runs: Sequence[RunSeen], at: datetime) -> float | None:
    """Posts that a run usually finds on such a weekday; None where there were too few runs to say."""
    same = [one.posts for one in runs if _weekday(one.at) == _weekday(at)]
    counted = same if len(same) >= SAME_DAY_RUNS else [one.posts for one in runs]
    return float(median(counted)) if len(counted) >= FEWEST_RUNS else None


def signs(
    run: RunSeen, before: Sequence[RunSeen], canary: str = "", newest: str = ""
) -> list[Sign]:
    """What is wrong with a run, compared with the runs before it; what explains most comes first."""
    found = list(_kept_out(run))
    found += [] if found else list(_unreachable(run))
    if not found:
        found += _format(run, before)
        found += [] if found else list(_zero(run, before))
        found += _canary(run, canary, newest)
    return found + list(_slow(run, before))


def _reasons(run: RunSeen, wanted: frozenset[str]) -> list[tuple[int, str, str]]:
    """(pages, step, reason) of what went wrong for one of these reasons, the most first."""
    found = []
    for key, count in run.figures.get("reasons", {}).items():
        step, _, reason = key.partition("|")
        if reason in wanted:
            found.append((int(count), step, reason))
    return sorted(found, reverse=True)


def _mostly(run: RunSeen, wanted: frozenset[str]) -> tuple[int, str, str] | None:
    """The chief of these reasons, when at least half of the pages went wrong for one of them."""
    found = _reasons(run, wanted)
    whole = max(int(run.figures.get("requests", 0)), 1)
    return found[0] if found and sum(one[0] for one in found) * 2 >= whole else None


def _kept_out(run: RunSeen) -> Iterator[Sign]:
    if chief := _mostly(run, KEPT_OUT):
        count, step, reason = chief
        detail = {"pages": count, "step": step, "why": reason, "parser": run.parser}
        yield Sign("blocked", "alert_blocked", step, detail)


def _unreachable(run: RunSeen) -> Iterator[Sign]:
    if chief := _mostly(run, SILENT):
        count, step, reason = chief
        detail = {"pages": count, "step": step, "why": reason, "parser": run.parser}
        yield Sign("unreachable", "alert_unreachable", step, detail)


def _format(run: RunSeen, before: Sequence[RunSeen]) -> Iterator[Sign]:
    """A step whose pages broke the parser, that gave posts before and gives none, or posts without a field."""
    steps = {step for step in run.figures.get("steps", {}) if run.step(step)[0]}
    told: set[str] = set()
    for count, step, reason in _reasons(run, BROKEN):
        pages, posts = run.step(step)
        if step in told or (count * 2 < pages and posts):
            continue
        told.add(step)
        detail = {"step": step, "parser": run.parser, "bad": count, "pages": pages, "why": reason}
        yield Sign("format", "alert_format", step, detail)
    whole = [one for one in before if one.posts]
    for step in sorted(steps - told):
        pages, posts = run.step(step)
        gave = [one.step(step)[1] / one.step(step)[0] for one in whole if one.step(step)[0]]
        quiet = posts or run.unchanged or run.cursored
        if not quiet and len(gave) >= FEWEST_RUNS and min(gave[-FEWEST_RUNS:]) > 0:
            detail = {
                "step": step,
                "parser": run.parser,
                "pages": pages,
                "usual": round(median(gave), 1),
            }
            yield Sign("format", "alert_step_empty", step, detail)
    yield from _fields(run, whole)


def _fields(run: RunSeen, before: Sequence[RunSeen]) -> Iterator[Sign]:
    if run.posts < FEWEST_POSTS or len(before) < FEWEST_RUNS:
        return
    for name, word in FIELDS.items():
        now = int(run.figures.get(name, 0)) / max(int(run.figures.get("posts", run.posts)), 1)
        then = median(int(one.figures.get(name, 0)) / one.posts for one in before)
        if now >= JUMP_TO and then <= JUMP_FROM:
            step = max(run.figures.get("steps", {}), key=lambda one: run.step(one)[1], default="")
            detail = {
                "step": step,
                "parser": run.parser,
                "field": word,
                "share": f"{now:.0%}",
                "before": f"{then:.0%}",
            }
            yield Sign("format", "alert_field", step, detail)


def _zero(run: RunSeen, before: Sequence[RunSeen]) -> Iterator[Sign]:
    expected = usual(before, run.at)
    if run.posts or run.unchanged or expected is None or expected < 1:
        return
    step = next(iter(run.figures.get("steps", {})), "")
    detail = {"usual": round(expected), "step": step, "parser": run.parser}
    yield Sign("zero", "alert_zero", step, detail)


def _canary(run: RunSeen, canary: str, newest: str) -> Iterator[Sign]:
    if run.unchanged or run.cursored:
        return
    missing = [(canary, "canary"), (newest if run.posts else "", "last")]
    for wanted, name in missing:
        if wanted and not run.figures.get(name):
            yield Sign("canary", "alert_canary", "", {"canary": wanted[:200], "parser": run.parser})
            return


def _slow(run: RunSeen, before: Sequence[RunSeen]) -> Iterator[Sign]:
    timed = [one.seconds_a_page for one in before if one.pages]
    if len(timed) < FEWEST_RUNS or not run.pages:
        return
    expected = median(timed)
    now = run.seconds_a_page
    if now >= max(SLOW_SECONDS, SLOW_TIMES * expected):
        detail = {"now": round(now, 1), "usual": round(expected, 1), "parser": run.parser}
        yield Sign("slow", "alert_slow", "", detail)


def _weekday(moment: datetime) -> int:
    return office_time(moment).weekday()
