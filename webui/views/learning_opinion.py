"""Quy tắc → Ý kiến thứ hai: how good it is, what it still needs, the switch; and what it says of a post."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.errors import IntegrityError, NotFound, Unavailable
from foundation.people import Actor
from search.learning import opinion
from search.learning.counting import read_note
from search.learning.features import GROUP
from search.learning.models import OpinionModel
from search.learning.quality import Quality
from search.learning.training import LEAST, LEAST_EACH, TRAINED, Material, material
from search.models import PostRow
from webui import words
from webui.errors import messages
from webui.nav import TodayItem, today
from webui.requests import actor, allowed, now, session, shell, toast, wiring, writing
from webui.templating import render
from webui.views import post_words
from webui.views.learning_parts import percent, tabs
from webui.words import State

DUTY = "learning.train"
words.states(
    "opinion",
    {
        "measured": State(_l("Measured, not used"), "waiting"),
        "on": State(_l("On"), "good"),
        "off": State(_l("Off"), "neutral"),
        "fell": State(_l("Switched itself off"), "warning"),
    },
)
messages(
    {
        "error.learning.not_better": _l(
            "The second opinion can only be switched on when it has beaten the rules on held-back decisions."
        )
    }
)


@dataclass(frozen=True, slots=True)
class Version:
    """One trained version as the page shows it; `since`: on decisions made after its training."""

    row: OpinionModel
    quality: Quality
    since: Quality | None
    may_switch_on: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second opinion says of a post, in words."""

    speaks_for: tuple[str, ...]
    against: tuple[str, ...]


def init_app(app: Flask) -> None:
    """Endpoints of the place Rules, as in webui.views.learning; posts ask by `second_opinion(post)`."""
    add = app.add_url_rule
    add("/rules/learning/opinion", "rules.opinion", index)
    add("/rules/learning/opinion/train", "rules.opinion_train", train, methods=["POST"])
    add("/rules/learning/opinion/<int:model_id>", "rules.opinion_switch", switch, methods=["POST"])
    app.jinja_env.globals["second_opinion"] = of_post


@allowed("learning.view")
def index() -> str:
    """What is in force, what is needed still, and every version with its quality."""
    versions = [_version(row) for row in opinion.versions(session())]
    note = read_note(session(), TRAINED)
    return render(
        "learning/opinion.html",
        "content",
        tabs=tabs(session()),
        note=note,
        versions=versions,
        in_force=next((one for one in versions if one.row.state == "on"), None),
        material=_material(),
        least=LEAST,
        least_each=LEAST_EACH,
        percent=percent,
    )


@allowed("learning.train")
def train() -> Response:
    """Ask the worker to train now instead of at the end of the week."""
    try:
        wiring().queue.put_once(DUTY)
        toast(gettext("Training. Load the page again in a minute."))
    except Unavailable:
        toast(gettext("The queue does not answer: training waits."), kind="warning")
    return redirect(url_for("rules.opinion"), code=303)


@allowed("learning.switch")
def switch(model_id: int) -> Response:
    """Switch a version on or off: an administrator's act, in the audit log."""
    on = request.form.get("act") == "on"
    with writing() as opened:
        if on:
            opinion.switch_on(opened, actor(), model_id, at=now())
        else:
            opinion.switch_off(opened, actor(), model_id, at=now())
    if on:
        toast(gettext("The second opinion now orders the queue within each level."))
    else:
        toast(gettext("The queue is ordered by the rules alone."))
    return redirect(url_for("rules.opinion"), code=303)


def of_post(post: PostRow) -> Opinion | None:
    """For pages of posts: its words for and against; None while no second opinion is in force."""
    row = opinion.in_force(session())
    if row is None:
        return None
    try:
        said = opinion.say(opinion.load(wiring().files, row.digest), post)
    except (IntegrityError, NotFound):
        return None
    return Opinion(tuple(map(_word, said.speaks_for)), tuple(map(_word, said.against)))


@today("opinion", _l("Second opinion"), order=70)
def _fallen(opened: Session, who: Actor) -> list[TodayItem]:
    """An administrator is told when it has switched itself off."""
    if not shell().wiring.permissions.allows(who, "learning.switch"):
        return []
    said = gettext(
        "The second opinion switched itself off: on new decisions it is worse than the rules"
    )
    url = url_for("rules.opinion")
    return [
        TodayItem(str(said), url, severity="warning", key=f"opinion:{row.id}")
        for row in opinion.fallen(opened)
    ]


def _word(name: str) -> str:
    return post_words.group(name.removeprefix(GROUP)) if name.startswith(GROUP) else f"“{name}”"


def _version(row: OpinionModel) -> Version:
    since: dict[str, Any] = row.since
    return Version(
        row,
        Quality.from_dict(row.quality),
        Quality.from_dict(since) if since else None,
        opinion.may_switch_on(row),
    )


def _material() -> Material:
    retention = timedelta(days=wiring().settings.retention_days)
    return material(session(), since=now() - retention)
