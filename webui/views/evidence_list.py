"""Danh mục chứng cứ: everything that was captured or brought, found again, and checked as a whole."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from casework.evidence import checking, listing
from foundation.clock import OFFICE_ZONE
from search.post import Availability
from webui import nav
from webui.given import day
from webui.nav import NavItem
from webui.requests import actor, allowed, is_fragment, now, session, toast, writing
from webui.templating import render
from webui.views import post_words

bp = Blueprint("evidence_list", __name__, url_prefix="/evidence")
ORIGINS = (("crawler", _l("captured by the crawler")), ("officer", _l("brought by hand")))
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
    return render(
        "evidence/index.html",
        found=found,
        total=listing.count(session(), actor(), wanted),
        cases=listing.cases_of(session(), found.items),
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
            since=days["since"],
            until=until + timedelta(days=1) if until else None,
        ),
        problem,
    )
