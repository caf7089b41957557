"""The words of sources and runs: kinds, states, reasons, problems of forms."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from crawler.discovery import WHY
from crawler.models import Run, RunError, RunState
from crawler.reasons import REASONS
from crawler.sources.forms import FieldProblem, Option
from webui import words
from webui.errors import messages
from webui.words import State, Text

SCHEDULES: tuple[tuple[int, Text], ...] = (
    (0, _l("Only when asked")),
    (15, _l("Every 15 minutes")),
    (60, _l("Every hour")),
    (360, _l("Every 6 hours")),
    (1440, _l("Every day")),
    (10080, _l("Every week")),
)

words.states(
    "run",
    {
        RunState.WAITING: State(_l("Waits to start"), "waiting"),
        RunState.RUNNING: State(_l("Running"), "progress"),
        RunState.DONE: State(_l("Done"), "good"),
        RunState.FAILED: State(_l("Failed"), "bad"),
        RunState.STOPPED: State(_l("Stopped"), "warning"),
    },
)
words.states(
    "source",
    {
        "active": State(_l("Active"), "good"),
        "paused": State(_l("Paused"), "neutral"),
        "silent": State(_l("Fell silent"), "warning"),
    },
)
messages(
    {
        "sources.form_problems": _l("The source cannot be saved as it is."),
    }
)


WALLS = frozenset({"login_wall", "blocked", "consent", "api_login", "robots"})
"""Reasons that say that strangers or programs are not let in: people enter what stands behind, if anybody."""
RUN_STEPS: Mapping[str, words.Text] = {
    "row": _l("row"),
    "list": _l("list"),
    "detail": _l("page of a post"),
    "feed": _l("feed"),
    "posts": _l("posts"),
    "comments": _l("comments"),
    "topic": _l("topic"),
    "statuses": _l("posts"),
    "context": _l("replies"),
    "replies": _l("replies"),
    "search": _l("search"),
    "author": _l("posts of an account"),
    "oembed": _l("preview for other sites"),
    "thread": _l("thread"),
    "videos": _l("videos"),
    "playlist": _l("playlist"),
    "channel": _l("channel"),
    "changes": _l("changes"),
    "texts": _l("texts of changes"),
    "history": _l("history of a page"),
    "sitemap": _l("sitemap"),
    "page": _l("page of a post"),
    "message": _l("message"),
    "lookup": _l("account"),
}


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def reason(key: str, detail: Mapping[str, Any]) -> str:
    """A reason of a run, page or row as a sentence in the language of the page."""
    filled = _Filled(detail)
    behind = REASONS.get(str(detail.get("why") or ""))  # the reason behind an alert
    if behind is not None:
        filled["why"] = str(gettext(behind)) % filled
    return str(gettext(REASONS[key])) % filled if key in REASONS else key


def why_ended(run: Run) -> str:
    """Why a run ended, or an empty string where there is nothing to say."""
    return reason(run.reason, run.reason_detail) if run.reason else ""


def step_word(step: str) -> str:
    """The step of a run in words; a step that only a parser knows keeps its own name."""
    place, entry, _rest = step.partition(" entry")
    word = str(RUN_STEPS.get(place, place))
    return gettext("%(step)s, an entry", step=word) if entry else word


def what_went_wrong(error: RunError) -> str:
    return reason(error.reason, error.detail)


def problem(found: FieldProblem) -> str:
    """What is wrong with a field, as a sentence."""
    return str(gettext(found.message)) % _Filled(found.detail)


def schedule(minutes: int) -> str:
    """How often a source is crawled, in words."""
    known = dict(SCHEDULES)
    return (
        str(known[minutes]) if minutes in known else gettext("Every %(num)s minutes", num=minutes)
    )


def label(text: str) -> str:
    """The label of an option; one of two parts ("List: Title") is translated part by part."""
    return ": ".join(str(gettext(part)) for part in text.split(": "))


def choices(option: Option) -> list[tuple[str, str]]:
    """What a choice offers, in the language of the page."""
    return [(value, str(gettext(word))) for value, word in option.choices]


def walled(reasons: Iterable[str]) -> bool:
    """Whether one of these reasons is a wall, so that entry by hand is to be offered."""
    return not WALLS.isdisjoint(reasons)


def why_this_kind(why: str) -> str:
    """Why an address is taken for what it is."""
    return str(gettext(WHY[why])) if why in WHY else ""
