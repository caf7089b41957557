"""Danh mục chứng cứ: everything that was captured or brought, found again, and checked as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from casework.cases.models import Case
from casework.evidence import checking, listing, masked
from casework.evidence.models import EvidenceItem
from crawler.reasons import translated
from foundation import audit
from foundation.clock import OFFICE_ZONE
from foundation.database import Database
from foundation.people import Actor
from search.post import Availability
from webui import formats, nav
from webui.given import day
from webui.nav import NavItem
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.tables import MARK, csv_lines
from webui.templating import render
from webui.views import post_words

EXPORTED_AT_ONCE = 500
bp = Blueprint("evidence_list", __name__, url_prefix="/evidence")
ORIGINS = (
    ("crawler", _l("captured by the crawler")),
    ("officer", _l("brought by hand")),
    ("citizen", _l("sent by a citizen")),
    ("agency", _l("sent by another agency")),
)
nav.add_place(
    NavItem("evidence_list.index", _l("Evidence"), "camera", act="evidence.view"),
    after="cases.index",
)


@bp.get("/")
@allowed("evidence.view")
def index() -> str:
    """A page of evidence, newest first; what is asked stands in the address."""
    wanted, problem = _wanted()
    found = listing.listed(session(), actor(), wanted, after=request.args.get("after", ""))
    shown = listing.cases_of(session(), found.items)
    return render(
        "evidence/index.html",
        found=found,
        total=listing.count(session(), actor(), wanted),
        cases=shown,
        of_case=shown.get(wanted.case_id or 0),
        check=checking.latest(session()),
        asked={name: value for name, value in request.args.items() if name != "after" and value},
        problem=problem,
        origins=ORIGINS,
        states=[(one.value, post_words.word(post_words.SEEN, one)) for one in Availability],
        post_words=post_words,
    )


@bp.post("/check-all")
@allowed("evidence.check")
def check_all() -> Response:
    """Have every stored file read again; goes on in the background."""
    with writing() as opened:
        checking.ask_check(opened, actor(), at=now())
    toast(gettext("All evidence is being read again; you can go on working."), kind="info")
    return redirect(url_for("evidence_list.index"), code=303)


@bp.get("/check-all")
@allowed("evidence.view")
def check_progress() -> str | Response:
    """How far the check of everything is; asked each second while it goes on."""
    if not is_fragment():
        return redirect(url_for("evidence_list.index"))
    return render("evidence/index.html", "check", check=checking.latest(session()))


@bp.app_template_filter("told_look")
def told_look(text: str) -> str:
    """What a look showed, or why there was none, in the reader's language."""
    return translated(text, gettext)


@bp.get("/export.csv")
@allowed("evidence.export")
def export() -> FlaskResponse:
    """Everything that the filters of the list show, as a table; that it was taken is in the audit log.

    The notes, which say who brought a file, are not in it; nor is what gives away a victim or an informant.
    """
    wanted, _problem = _wanted()
    total = listing.count(session(), actor(), wanted)
    with writing() as opened:
        audit.record(opened, actor(), "evidence:list_export", "list", at=now(), items=total)
    pieces = _table(wiring().database, actor(), wanted, _words())
    response = FlaskResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="chung-cu.csv")
    return untrusted(response)


@dataclass(frozen=True, slots=True)
class _Words:
    """What the table says, in the reader's language: it is sent when the request is over."""

    heads: tuple[str, ...]
    origins: Mapping[str, str]
    seen: Mapping[str, str]


def _words() -> _Words:
    heads = (
        "ID", gettext("Captured"), gettext("Page"), gettext("Address"), gettext("Origin"),
        gettext("What was seen"), gettext("Case"), gettext("Files"), "SHA-256",
    )  # fmt: skip
    seen = {one.value: str(post_words.word(post_words.SEEN, one)) for one in Availability}
    return _Words(heads, {name: str(word) for name, word in ORIGINS}, seen)


def _table(database: Database, who: Actor, wanted: listing.Wanted, words: _Words) -> Iterator[str]:
    """The rows as CSV, a page of the list at a time; with a mark, so that spreadsheets read it as UTF-8."""
    yield MARK + csv_lines([words.heads])
    after = ""
    while True:
        with database.reading() as opened:
            found = listing.listed(opened, who, wanted, after=after, page=EXPORTED_AT_ONCE)
            cases = listing.cases_of(opened, found.items)
            lines = masked.lines(opened, found.items)
        yield csv_lines(_cells(item, lines[item.id], cases, words) for item in found.items)
        if not (after := found.after):
            return


def _cells(
    item: EvidenceItem, line: masked.Line, cases: Mapping[int, Case], words: _Words
) -> tuple[str, ...]:
    case = cases.get(item.case_id or 0)
    return (
        str(item.id),
        formats.moment(item.captured_at, seconds=True),
        line.title,
        line.url,
        words.origins.get(item.origin, item.origin),
        words.seen.get(item.availability, item.availability),
        case.number if case else "",
        str(len(item.files)),
        item.manifest_digest,
    )


def _midnight(given: date) -> datetime:
    return datetime.combine(given, time(), OFFICE_ZONE)


def _wanted() -> tuple[listing.Wanted, str]:
    """What is asked, and what of it could not be read."""
    given, problem = request.args, ""
    days = {}
    for name in ("since", "until"):
        written = given.get(name, "").strip()
        try:
            days[name] = _midnight(day(written)) if written else None
        except ValueError:
            days[name], problem = None, gettext("A day is written as dd/mm/yyyy.")
    until = days["until"]
    return (
        listing.Wanted(
            text=given.get("q", ""),
            origin=given.get("origin", ""),
            availability=given.get("seen", ""),
            case_id=given.get("case", type=int),
            since=days["since"],
            until=until + timedelta(days=1) if until else None,
        ),
        problem,
    )
