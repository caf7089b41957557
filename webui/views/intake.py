"""Báo tin: the public form for citizens, the receipt, and the list of tips for officers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_babel import gettext
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.wrappers import Response

from casework.tips import service
from crawler import service_posts
from crawler.sources.forms import FormProblems
from crawler.sources.manual import parser as manual
from foundation.people import SYSTEM
from search.post import Origin
from webui import standing
from webui.requests import actor, allowed, now, public, session, wiring, writing
from webui.templating import render
from webui.views import source_words
from webui.views.post_parts import first_line

bp = Blueprint("intake", __name__)
MOST_TEXT, MOST_LINE = 20_000, 500
FEWEST = 10
PER_ADDRESS, IN_ALL = parse("5 per 10 minutes"), parse("300 per hour")
TRAP = "website"
"""A field that no person sees; what fills it is a program."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as typed, and what is wrong with it by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """A counter of its own for each app: what one test or process counted is nobody else's."""
    app.extensions["rasoat-intake"] = FixedWindowRateLimiter(MemoryStorage())


@bp.get("/bao-tin")
@public
def new() -> str:
    """The empty form; a page that does not exist where the office does not take tips."""
    _require_open()
    return _form(Typed())


@bp.post("/bao-tin")
@public
def send() -> Response | tuple[str, int]:
    """Take a tip. Nothing is lost on an error; a program that fills every field is thanked and forgotten."""
    _require_open()
    values = {name: value.replace("\0", "")[:MOST_TEXT] for name, value in request.form.items()}
    if values.get(TRAP):
        return render("tips/sent.html", tip=None), 200
    picture = _picture()
    problems = _problems(values, picture)
    if problems:
        return _form(Typed(values, problems)), 422
    if not _within_limits():
        busy = gettext(
            "Too many tips came from your address just now. Wait ten minutes, or call 113."
        )
        return _form(Typed(values, {"": busy})), 429
    try:
        code = _store(values, picture)
    except FormProblems as error:
        told = {found.field: source_words.problem(found) for found in error.problems}
        return _form(Typed(values, told)), 422
    return redirect(url_for("intake.receipt", code=service.shown(code)), code=303)


@bp.get("/bao-tin/<code>")
@public
def receipt(code: str) -> str:
    """The proof of receipt, to be printed: code, time, digest. Not what was sent, which others might read."""
    _require_open()
    return render("tips/sent.html", tip=service.receipt(session(), code), shown=service.shown)


@bp.get("/tips")
@allowed("tip.view")
def index() -> str:
    """The newest tips; one is found by its code."""
    code = request.args.get("code", "")
    return render(
        "tips/index.html",
        tips=service.listed(session(), actor(), code),
        code=code,
        shown=service.shown,
        first_line=first_line,
        is_intact=service.is_intact,
        open=wiring().settings.intake,
        revealed=None,
    )


@bp.post("/tips/<int:tip_id>/contact")
@allowed("tip.contact")
def contact(tip_id: int) -> str:
    """Show for this one answer how the sender may be asked back; the reason is logged."""
    with writing() as opened:
        found = service.get_tip(opened, actor(), tip_id)
        reason = request.form.get("reason", "")
        told = service.contact_of(opened, actor(), found, reason, at=now())
        code = found.code
    return render(
        "tips/index.html",
        tips=service.listed(session(), actor(), code),
        code=service.shown(code),
        shown=service.shown,
        first_line=first_line,
        is_intact=service.is_intact,
        open=wiring().settings.intake,
        revealed=(tip_id, told),
    )


def _store(values: Mapping[str, str], picture: bytes) -> str:
    text, url = values.get("text", ""), values.get("url", "").strip()
    given = {
        "text": text if text.strip() else url,
        "url": url,
        "platform": "other",
        "how": "citizen",
    }
    at = now()
    with writing() as opened:
        source = standing.by_citizens(opened, SYSTEM, at=at)
        post = service_posts.enter_post(
            opened,
            wiring().ingestor,
            wiring().files,
            SYSTEM,
            source.id,
            given,
            at=at,
            screenshot=picture,
            note=values.get("where", "")[:MOST_LINE],
            origin=Origin.CITIZEN,
        )
        received = service.Received(
            text,
            url,
            values.get("where", "")[:MOST_LINE],
            values.get("when", "")[:MOST_LINE],
            values.get("contact", "")[:MOST_LINE],
            hashlib.sha256(picture).hexdigest() if picture else "",
        )
        retention = timedelta(days=wiring().settings.retention_days)
        return service.receive(opened, post, received, at=at, retention=retention).code


def _problems(values: Mapping[str, str], picture: bytes) -> dict[str, str]:
    problems = {}
    if len(values.get("text", "").strip()) < FEWEST and not values.get("url", "").strip():
        problems["text"] = gettext("Write what you saw, or give its address.")
    if values.get("url", "").strip() and not values["url"].strip().startswith(
        ("http://", "https://")
    ):
        problems["url"] = gettext("An address begins with http:// or https://.")
    if picture and not manual.image_type(picture):
        problems["screenshot"] = gettext("Only pictures (PNG, JPEG, WebP) can be sent.")
    if len(picture) > manual.MAX_SCREENSHOT_BYTES:
        problems["screenshot"] = gettext("The picture is larger than 15 MB.")
    return problems


def _picture() -> bytes:
    sent = request.files.get("screenshot")
    if sent is None or not sent.filename:
        return b""
    return sent.stream.read(manual.MAX_SCREENSHOT_BYTES + 1)


def _within_limits() -> bool:
    counter: FixedWindowRateLimiter = current_app.extensions["rasoat-intake"]
    address = request.remote_addr or ""
    return counter.hit(PER_ADDRESS, "tip", address) and counter.hit(IN_ALL, "tip")


def _require_open() -> None:
    if not wiring().settings.intake:
        abort(404)


def _form(typed: Typed) -> str:
    return render("tips/new.html", typed=typed, trap=TRAP)
