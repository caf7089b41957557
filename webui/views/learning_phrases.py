"""Quy tắc → Cụm từ gợi ý: words that flagged posts share; a person puts them into a draft, or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from casework.triage.queue import visible
from foundation.errors import Unavailable
from search.lab.models import RulePackRevision
from search.learning import due, suggesting
from search.learning.counting import read_note
from search.learning.models import PhraseSuggestion
from search.models import PostRow
from search.rules.model import Pack
from search.text import normalise_spans
from webui import words
from webui.errors import messages
from webui.formats import is_vietnamese
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views.learning_parts import tabs
from webui.views.post_parts import SNIPPET, Segment
from webui.words import State

DUTY = "learning.suggest"
AROUND = SNIPPET // 2
words.states(
    "suggestion",
    {
        "open": State(_l("Suggested"), "waiting"),
        "drafted": State(_l("In a draft"), "progress"),
        "dismissed": State(_l("Not wanted"), "neutral", "ban"),
        "gone": State(_l("No longer stands out"), "neutral"),
    },
)
messages(
    {
        "error.learning.no_such_signal": _l(
            "This phrase cannot be put there: the pack has no such signal, or its text is written in a way "
            "that the program cannot add to. Open the draft and put it in by hand."
        )
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion with a few posts that say it, as far as this person may see them."""

    row: PhraseSuggestion
    examples: tuple[tuple[int, tuple[Segment, ...]], ...]


def init_app(app: Flask) -> None:
    """Endpoints of the place Rules, as in webui.views.learning."""
    add = app.add_url_rule
    add("/rules/learning/phrases", "rules.phrases", index)
    add("/rules/learning/phrases/look", "rules.phrases_look", look, methods=["POST"])
    add("/rules/learning/phrases/<int:suggestion_id>", "rules.phrase", decide, methods=["POST"])


@allowed("learning.view")
def index() -> str:
    """The suggestions that wait, the strongest first, and what became of the others."""
    rows = suggesting.open_suggestions(session())
    decided = suggesting.decided_suggestions(session())
    note = read_note(session(), due.LOOKED)
    return render(
        "learning/phrases.html",
        "content",
        tabs=tabs(session()),
        note=note,
        cards=_cards(rows),
        decided=decided,
        drafts=_drafts(decided),
        choices=_choices(wiring().rules.office.packs),
        figures=figures,
    )


@allowed("learning.suggest")
def look() -> Response:
    """Ask the worker to look for phrases now instead of at the end of the week."""
    try:
        wiring().queue.put_once(DUTY)
        toast(gettext("Looking for phrases. Load the page again in a minute."))
    except Unavailable:
        toast(gettext("The queue does not answer: phrases are looked for later."), kind="warning")
    return redirect(url_for("rules.phrases"), code=303)


@allowed("learning.suggest")
def decide(suggestion_id: int) -> Response:
    """Put a phrase into a draft, dismiss it, or take the dismissal back."""
    act = request.values.get("act", "")
    if act == "draft":
        return _draft(suggestion_id)
    with writing() as opened:
        if act == "take_back":
            suggesting.take_back(opened, actor(), suggestion_id, at=now())
        else:
            suggesting.dismiss(opened, actor(), suggestion_id, at=now())
    if act == "take_back":
        toast(gettext("The phrase is suggested again."))
    else:
        undo = url_for("rules.phrase", suggestion_id=suggestion_id, act="take_back")
        toast(gettext("The phrase is not suggested again."), undo_url=undo)
    return redirect(url_for("rules.phrases"), code=303)


def _draft(suggestion_id: int) -> Response:
    rule, office = request.form.get("rule", ""), wiring().rules.office
    with writing() as opened:
        draft = suggesting.into_draft(opened, actor(), suggestion_id, rule, office, at=now())
        pack, number = draft.pack, draft.number
    toast(
        gettext(
            "The phrase stands in draft %(number)s of %(pack)s. Nothing has changed in what runs.",
            number=number,
            pack=pack,
        )
    )
    return redirect(url_for("rules.phrases"), code=303)


def _drafts(rows: Sequence[PhraseSuggestion]) -> dict[int, RulePackRevision]:
    """The drafts that phrases were put into, by id."""
    ids = {row.revision_id for row in rows if row.revision_id}
    query = select(RulePackRevision).where(RulePackRevision.id.in_(ids))
    return {row.id: row for row in session().scalars(query)}


def _cards(rows: Sequence[PhraseSuggestion]) -> list[Card]:
    ids = {post for row in rows for post in row.examples}
    posts = session().execute(
        select(PostRow.id, PostRow.title, PostRow.text).where(PostRow.id.in_(ids), visible(actor()))
    )
    bodies = {row.id: f"{row.title}\n{row.text}" if row.title else row.text for row in posts}
    return [Card(row, _examples(row, bodies)) for row in rows]


def _examples(
    row: PhraseSuggestion, bodies: Mapping[int, str]
) -> tuple[tuple[int, tuple[Segment, ...]], ...]:
    return tuple(
        (post, around(bodies[post], row.phrase)) for post in row.examples if post in bodies
    )


def around(body: str, phrase: str) -> tuple[Segment, ...]:
    """The words before the phrase, the phrase marked, the words behind it, on one line."""
    spans = normalise_spans(body)
    tokens, wanted = spans.normal.kept.split(), phrase.split()
    for at in range(len(tokens) - len(wanted) + 1):
        if tokens[at : at + len(wanted)] == wanted:
            start, end = spans.starts[at], spans.ends[at + len(wanted) - 1]
            before, after = body[max(0, start - AROUND) : start], body[end : end + AROUND]
            cut = "…" if start > AROUND else ""
            return (
                Segment(cut + " ".join(before.split()) + " "),
                Segment(body[start:end], (1,)),
                Segment(" " + " ".join(after.split()) + ("…" if end + AROUND < len(body) else "")),
            )
    return (Segment(" ".join(body[:SNIPPET].split())),)


def _choices(packs: Sequence[Pack]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Packs with their signals that a phrase can be put into."""
    vietnamese = is_vietnamese()
    return [
        (
            pack.title.vi if vietnamese else pack.title.en,
            [
                (f"{pack.id}/{one.id}", one.why.vi if vietnamese else one.why.en)
                for one in pack.signals
                if one.phrases
            ],
        )
        for pack in packs
        if any(one.phrases for one in pack.signals)
    ]


def figures(row: PhraseSuggestion) -> str:
    """Where a phrase stands, in words."""
    return str(
        ngettext(
            "%(num)d flagged campaign, by %(authors)s authors",
            "%(num)d flagged campaigns, by %(authors)s authors",
            row.kept,
            authors=row.authors,
        )
    )
