"""Runs of the rule lab and shadow counts as pages show them: figures, examples with marks, faults in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from search.lab.compare import LONGEST_EXAMPLE, precision, recall
from search.lab.models import LabRun, LabState, ShadowDay, ShadowExample
from search.models import PostRow
from search.query import Message
from webui.requests import actor, session
from webui.views import rule_words
from webui.views.post_parts import Segment, Why, segments


@dataclass(frozen=True, slots=True)
class Example:
    """One text on which two sets of rules disagree; a stored post is only shown to those who may see it."""

    change: str
    section: str
    id: str
    right: bool | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    signals: Sequence[str]
    post: PostRow | None = None
    parts: Sequence[Segment] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """One section of a back-test: its counts, and how right both sets of rules are."""

    name: str
    counts: dict[str, int]
    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]
    decided: int
    reasons: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with everything that its page says."""

    run: LabRun
    figures: Sequence[Figures]
    examples: Sequence[Example]
    bad: Sequence[tuple[int, str]]
    fault: str
    percent: int
    posts: dict[str, list[PostRow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShadowFigures:
    """What a text in shadow would have done, day by day, newest first."""

    days: Sequence[tuple[date, int, int, int, int]]
    total: dict[str, int]
    examples: Sequence[tuple[str, PostRow]]


def shown_run(run: LabRun) -> ShownRun:
    """Everything that a page says of a run."""
    result = run.result
    figures = [_figures(name, one) for name, one in result.get("sections", {}).items()]
    ids = [e["post_id"] for e in result.get("examples", ()) if "post_id" in e]
    ids += [post_id for some in result.get("posts", {}).values() for post_id in some]
    posts = _posts(ids)
    examples = [_example(e, posts) for e in result.get("examples", ())]
    bad = [
        (line, rule_words.told(Message(msgid, places)))
        for line, msgid, places in run.params.get("bad", ())
    ]
    return ShownRun(
        run,
        figures,
        [one for one in examples if one.post is not None or one.parts],
        bad,
        str(rule_words.FAULTS.get(run.error, run.error)),
        100 if run.state == LabState.DONE else min(99, 100 * run.done // max(run.total, 1)),
        {
            change: [posts[post_id] for post_id in some if post_id in posts]
            for change, some in result.get("posts", {}).items()
        },
    )


def shadow_figures(pack: str, digest: str) -> ShadowFigures:
    """What this text of a pack would have done while it was in shadow."""
    rows = (
        session()
        .scalars(
            select(ShadowDay)
            .where(ShadowDay.pack == pack, ShadowDay.digest == digest)
            .order_by(ShadowDay.day.desc())
            .limit(60)
        )
        .all()
    )
    shown = (
        session()
        .scalars(
            select(ShadowExample)
            .where(ShadowExample.pack == pack, ShadowExample.digest == digest)
            .order_by(ShadowExample.at.desc())
        )
        .all()
    )
    posts = _posts([one.post_id for one in shown])
    names = ("seen", "both", "new", "gone")
    return ShadowFigures(
        [(row.day, row.seen, row.both, row.new, row.gone) for row in rows],
        {name: sum(getattr(row, name) for row in rows) for name in names},
        [(one.outcome, posts[one.post_id]) for one in shown if one.post_id in posts],
    )


def _figures(name: str, one: dict[str, Any]) -> Figures:
    counts = {key: one[key] for key in ("seen", "new", "gone", "level", "both", "neither")}
    before, after = one["before"], one["after"]
    return Figures(
        name,
        counts,
        (precision(before), recall(before)),
        (precision(after), recall(after)),
        sum(after.values()),
        one["reasons"],
    )


def _example(found: dict[str, Any], posts: dict[int, PostRow]) -> Example:
    """An example with its marks; a post that was edited since is shown without them."""
    post = posts.get(found.get("post_id", 0))
    text = found.get("text", post.body[:LONGEST_EXAMPLE] if post else "")
    edited = post is not None and len(post.body) != found.get("length")
    numbers = {name: number for number, name in enumerate(found["signals"], 1)}
    whys = tuple(Why(number, name, name, 0) for name, number in numbers.items())
    marks = [] if edited else found["spans"]
    spans = [(start, end, (numbers[name],)) for start, end, name in marks]
    parts = segments(text, spans, whys, 0, len(text))
    return Example(
        found["change"],
        found["section"],
        found["id"],
        found["right"],
        found["before"],
        found["after"],
        found["signals"],
        post,
        parts,
    )


def _posts(ids: Sequence[int]) -> dict[int, PostRow]:
    """Those of the posts that this person's unit may see."""
    if not ids:
        return {}
    rows = session().scalars(select(PostRow).where(PostRow.id.in_(set(ids)))).unique()
    return {row.id: row for row in rows if actor().sees_unit(row.unit_id)}
