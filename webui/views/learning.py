"""Quy tắc → Học từ quyết định: what officers' decisions say of each rule. It measures rules, not people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foundation.errors import Unavailable
from search.learning.precision import RuleRecord, Share
from search.learning.report import Report, report
from search.rules.model import Combination, Pack, Signal, Words
from webui.formats import is_vietnamese
from webui.requests import allowed, now, session, toast, wiring
from webui.templating import render
from webui.views import post_words
from webui.views.learning_parts import Bar, bars, percent, tabs
from webui.words import Text

SORTS: Mapping[str, Text] = {
    "need": _l("What needs a look first"),
    "share": _l("Lowest precision"),
    "decisions": _l("Most decisions"),
    "name": _l("Name"),
}
DUTY = "learning.count"
SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as the table shows it."""

    record: RuleRecord
    title: str
    bars: tuple[Bar, ...]

    @property
    def share(self) -> Share:
        return self.record.share


def init_app(app: Flask) -> None:
    """The pages belong to the place Rules, whose blueprint is another's: endpoints of its name."""
    app.add_url_rule("/rules/learning", "rules.learning", index)
    app.add_url_rule("/rules/learning/count", "rules.learning_count", recount, methods=["POST"])


@allowed("learning.view")
def index() -> str:
    """Every rule with its precision, month by month; what is never met; what only misleads."""
    found = report(session(), wiring().rules.office.packs, at=now())
    packs = wiring().rules.office.packs
    titles = _titles(packs)
    chosen = _narrowed(found.records)
    size = request.args.get("size", SIZES[0], type=int)
    size = size if size in SIZES else SIZES[0]
    page = max(1, min(request.args.get("page", 1, type=int), -(-len(chosen) // size) or 1))
    shown = chosen[(page - 1) * size : page * size]
    return render(
        "learning/index.html",
        "content",
        tabs=tabs(session()),
        report=found,
        lines=[_line(one, found, titles) for one in shown],
        page=page,
        size=size,
        total=len(chosen),
        pack_lines=[_line(one, found, titles) for one in found.packs],
        former=[_line(one, found, titles) for one in found.former],
        unmet=[(one, titles.get(one.name, one.name)) for one in found.unmet],
        misleading=[_line(one, found, titles) for one in found.only_dismissed],
        packs=[(pack.id, _said(pack.title)) for pack in packs],
        sorts=SORTS,
        percent=percent,
        dismissal=post_words.dismissal,
    )


@allowed("learning.view")
def recount() -> Response:
    """Ask the worker to count now instead of at its next turn."""
    try:
        wiring().queue.put_once(DUTY)
        toast(gettext("Counting. The page shows the new figures when you load it again."))
    except Unavailable:
        toast(
            gettext("The queue does not answer: counting goes on at its next turn."), kind="warning"
        )
    return redirect(url_for("rules.learning"), code=303)


def _line(record: RuleRecord, found: Report, titles: Mapping[str, str]) -> Line:
    shares = record.shares(found.months)
    return Line(record, titles.get(record.name, record.name), bars(shares))


def _narrowed(records: Sequence[RuleRecord]) -> list[RuleRecord]:
    pack, sort = request.args.get("pack", ""), request.args.get("sort", "need")
    some = [one for one in records if not pack or one.pack == pack]
    if sort == "share":
        some.sort(key=lambda one: (one.share.value is None, one.share.value, one.name))
    elif sort == "decisions":
        some.sort(key=lambda one: (-one.share.total, one.name))
    elif sort == "name":
        some.sort(key=lambda one: one.name)
    return some


def _titles(packs: Sequence[Pack]) -> dict[str, str]:
    """Rule name -> what it is, in the language of the page."""
    found = {}
    for pack in packs:
        found[pack.id] = _said(pack.title)
        rules: tuple[Signal | Combination, ...] = (*pack.signals, *pack.combinations)
        found.update({f"{pack.id}/{one.id}": _said(one.why) for one in rules})
    return found


def _said(sentence: Words) -> str:
    return sentence.vi if is_vietnamese() else sentence.en
