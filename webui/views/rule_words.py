"""The words of the rule lab: states of revisions and runs, acts, sections, sentences of the rules' room."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from search.lab.models import LabKind, LabState, RevisionState
from search.query import Message
from search.rules.checks import INNOCENT
from search.rules.model import State, Words
from webui import words
from webui.errors import messages
from webui.formats import is_vietnamese
from webui.views import post_words
from webui.words import State as Shown
from webui.words import Text

words.states(
    "rule",
    {
        State.DRAFT: Shown(_l("Draft: does not run"), "neutral"),
        State.SHADOW: Shown(_l("Shadow: counted, never flags"), "waiting"),
        State.LIVE: Shown(_l("Live"), "good"),
        State.RETIRED: Shown(_l("Retired"), "neutral"),
    },
)
words.states(
    "revision",
    {
        RevisionState.DRAFT: Shown(_l("Being written"), "neutral"),
        RevisionState.PROPOSED: Shown(_l("Proposed: waits for a second person"), "waiting"),
        RevisionState.SHADOW: Shown(_l("In shadow: counted, never flags"), "progress"),
        RevisionState.LIVE: Shown(_l("Live"), "good"),
        RevisionState.LEAVING: Shown(_l("Live, asked to be retired"), "warning"),
        RevisionState.REPLACED: Shown(_l("Replaced"), "neutral"),
        RevisionState.RETIRED: Shown(_l("Retired"), "neutral"),
        RevisionState.DISCARDED: Shown(_l("Discarded"), "neutral"),
    },
)
words.states(
    "lab_run",
    {
        LabState.WAITING: Shown(_l("Waits for the worker"), "waiting"),
        LabState.RUNNING: Shown(_l("Under way"), "progress"),
        LabState.DONE: Shown(_l("Done"), "good"),
        LabState.CANCELLED: Shown(_l("Cancelled"), "neutral"),
        LabState.FAILED: Shown(_l("Stopped"), "bad"),
    },
)
messages(
    {
        "error.rules.not_whole": _l(
            "The text has faults: it is kept as a draft, but cannot be proposed or go live."
        ),
        "error.rules.no_pack": _l("This text names no rule pack: it needs a line “pack: name”."),
        "error.rules.administrator": _l(
            "This pack is new, or its purpose or legal basis changes: one of the two persons has to be "
            "an administrator."
        ),
        "error.rules.too_many_shadows": _l(
            "%(most)s revisions are in shadow already; take one out first."
        ),
        "error.rules.count_again": _l(
            "The rules or the posts are others now: count again before judging again."
        ),
        "error.rules.no_file": _l("Choose a file first."),
        "error.rules.run_open": _l("A run over all stored posts is under way already."),
    }
)
ACTS: Mapping[str, Text] = {
    "create": _l("Begun"),
    "import": _l("Imported"),
    "edit": _l("Text saved"),
    "propose": _l("Propose it"),
    "recall": _l("Take the proposal back"),
    "return": _l("Return to the writer"),
    "shadow": _l("Put in shadow"),
    "end_shadow": _l("Take out of shadow"),
    "approve": _l("Let it go live"),
    "replace": _l("Replaced by another revision"),
    "ask_retire": _l("Ask to retire it"),
    "stay": _l("Let it stay"),
    "retire": _l("Retire it"),
    "discard": _l("Discard the draft"),
    "restore": _l("Take the draft up again"),
}
KINDS: Mapping[str, Text] = {
    LabKind.BACKTEST: _l("Back-test"),
    LabKind.COUNT: _l("Count"),
    LabKind.REJUDGE: _l("Judging again"),
}
SECTIONS: Mapping[str, Text] = {
    "stored": _l("Stored posts"),
    "samples": _l("Labelled samples"),
    "own": _l("The pack's own examples"),
    "texts": _l("Texts of the file"),
}
CHANGES: Mapping[str, Text] = {
    "new": _l("Newly flagged"),
    "gone": _l("No longer flagged"),
    "level": _l("At another level"),
    "both": _l("Flagged as before"),
    "neither": _l("Not flagged, as before"),
    "other": _l("Other score or reasons"),
}
FAULTS: Mapping[str, Text] = {
    "rules_changed": _l("The live rules changed meanwhile: ask again."),
    "text_gone": _l("The text that was to be tested is no longer there."),
    "not_readable": _l("The text cannot be read as a pack beside the live rules."),
    "unexpected": _l("Something went wrong on our side; the log says what."),
}


def said(sentence: Words) -> str:
    """A sentence of a pack in the language of the page."""
    return sentence.vi if is_vietnamese() else sentence.en


def told(message: Message) -> str:
    """A sentence of the rules' own room in the language of the page."""
    return message.text(gettext)


def group_word(code: str) -> str:
    """An evidence group; what lowers the score has a name of its own."""
    return gettext("speaks against") if code == INNOCENT else post_words.group(code)
