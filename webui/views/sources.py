"""Nguồn: where posts come from; adding and changing sources, starting a run."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from crawler import alerts, service_runs, service_sources, trial
from crawler.first_look import FirstLook, first_look, problems_of
from crawler.quota import used
from crawler.service_care import CareInput, note_site, set_care
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way, free
from crawler.sources.forms import FieldError, FormProblems
from search.models import Source
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.standing import BASIS
from webui.templating import render
from webui.views import post_words, source_watch, source_words
from webui.views.source_form import (
    VALUES,
    Tried,
    Typed,
    cited,
    form,
    given,
    judged,
    meter,
    typed_again,
)
from webui.views.source_list import lines, state_of

bp = Blueprint("sources", __name__, url_prefix="/sources")


@bp.get("")
@allowed("source.view")
def index() -> str:
    """All sources of one's unit; filters stand in the address."""
    kind, words = request.args.get("kind", ""), request.args.get("q", "").casefold().split()
    found = [
        line
        for line in lines(session(), actor())
        if kind in ("", line.source.kind)
        and all(word in f"{line.source.name} {line.source.address}".casefold() for word in words)
    ]
    return render(
        "sources/index.html",
        lines=found,
        kinds=KINDS,
        source_words=source_words,
        post_words=post_words,
    )


@bp.get("/new")
@allowed("source.manage")
def new() -> str:
    """Choose a kind, then fill its form."""
    kind = KINDS.get(request.args.get("kind", ""))
    if kind is None:
        ways = [one for one in KINDS.values() if one.way != Way.HAND]
        return render(
            "sources/kinds.html", kinds=ways, source_words=source_words, wrong="", look=None
        )
    defaults = {option.name: option.default for option in kind.form.options}
    return form(
        kind,
        Typed({"platform": kind.platform or "website", "every_minutes": 60}, defaults, BASIS),
        None,
    )


@bp.post("/find")
@allowed("source.manage")
def find() -> str | tuple[str, int]:
    """A pasted address: what it is, its first posts, and the form of its kind as far as it can be filled."""
    typed, kind = request.form.get("address", ""), request.form.get("kind", "")
    try:
        look = first_look(typed, wiring().settings, kind=kind, meters=meter)
    except FieldError as error:
        return _not_found(str(gettext(error.message)) % error.detail, None), 422
    except FormProblems as error:
        return _not_found("; ".join(source_words.problem(one) for one in error.problems), None), 422
    if look.taken is None or look.trial is None:
        return _not_found("", look)
    values = {
        "name": look.found.title or look.taken.guess.address.partition("//")[2].rstrip("/"),
        "address": look.taken.guess.address,
        "platform": look.platform,
        "every_minutes": look.every_minutes,
    }
    found = replace(look.trial, problems=problems_of(look))
    tried = Tried(found, judged(found), look.found, look.taken.why)
    return form(KINDS[look.taken.guess.kind], Typed(values, look.options, BASIS), None, tried)


def _not_found(wrong: str, look: FirstLook | None) -> str:
    """Back to the address, with what is wrong with it or what stood in the way."""
    ways = [one for one in KINDS.values() if one.way != Way.HAND]
    return render(
        "sources/kinds.html", kinds=ways, source_words=source_words, wrong=wrong, look=look
    )


@bp.post("/new")
@allowed("source.manage")
def create() -> Response | tuple[str, int]:
    """Save the source; on an error the form comes back as it was typed."""
    kind = service_sources.kind_of(request.form.get("kind", ""))
    try:
        with writing() as opened:
            source = service_sources.create_source(opened, actor(), given(kind), at=now())
            noted = request.form.get("noted_robots", ""), request.form.get("noted_terms", "")
            note_site(opened, source.id, *noted)
    except FormProblems as error:
        return form(kind, typed_again(error), None), 422
    toast(gettext("The source %(name)s was added.", name=source.name))
    return redirect(url_for("sources.show", source_id=source.id))


@bp.post("/try")
@allowed("source.manage")
def try_out() -> str | tuple[str, int]:
    """The form as typed, with the first posts as they would be stored; nothing is saved."""
    kind = service_sources.kind_of(request.form.get("kind", ""))
    number = request.form.get("source", 0, type=int)
    source = service_sources.get_source(session(), actor(), number) if number else None
    try:
        asked = given(kind)
        address, platform, config = service_sources.readable(asked)
    except FormProblems as error:
        return form(kind, typed_again(error), source), 422
    settings = wiring().settings
    found = trial.try_source(kind, address, platform, config, settings, meter=meter(kind))
    typed = Typed(request.form, request.form, tuple(asked.legal_basis))
    return form(kind, typed, source, Tried(found, judged(found)))


@bp.get("/<int:source_id>")
@allowed("source.view")
def show(source_id: int) -> str:
    """One source: what it is for, how it is read, its runs."""
    source = service_sources.get_source(session(), actor(), source_id)
    return _shown(source, {})


def _shown(source: Source, problems: Mapping[str, str]) -> str:
    kind = KINDS[source.kind]
    runs = service_runs.list_runs(session(), actor(), source.id, limit=30)
    return render(
        "sources/show.html",
        source=source,
        kind=kind,
        state=state_of(session(), source),
        runs=runs,
        watch=source_watch.watch(session(), actor(), source, runs, now()),
        typed=request.form,
        problems=problems,
        basis=[cited(one) for one in source.legal_basis],
        source_words=source_words,
        post_words=post_words,
        crawled=kind.way == Way.CRAWL,
        quota=_quota(kind),
    )


def _quota(kind: Kind) -> dict[str, int] | None:
    """Units of the day's quota that are spent, where requests of the kind cost some."""
    if kind.cost is free:
        return None
    spent = used(session(), kind.credential, now())
    return {"used": spent, "limit": wiring().settings.youtube_quota}


@bp.get("/<int:source_id>/edit")
@allowed("source.manage")
def edit(source_id: int) -> str:
    source = service_sources.get_source(session(), actor(), source_id)
    values = {name: getattr(source, name) for name in VALUES}
    typed = Typed(values, source.config, tuple(source.legal_basis))
    return form(KINDS[source.kind], typed, source)


@bp.post("/<int:source_id>/edit")
@allowed("source.manage")
def update(source_id: int) -> Response | tuple[str, int]:
    source = service_sources.get_source(session(), actor(), source_id)
    kind = KINDS[source.kind]
    try:
        with writing() as opened:
            service_sources.update_source(opened, actor(), source_id, given(kind), at=now())
    except FormProblems as error:
        return form(kind, typed_again(error), source), 422
    toast(gettext("Saved."))
    return redirect(url_for("sources.show", source_id=source_id))


@bp.post("/<int:source_id>/active")
@allowed("source.manage")
def switch(source_id: int) -> Response:
    """Pause the schedule or take it up again; posts and runs stay."""
    active = request.form.get("active") == "yes"
    with writing() as opened:
        service_sources.set_active(opened, actor(), source_id, active=active, at=now())
    toast(gettext("The source is active again.") if active else gettext("The source is paused."))
    return redirect(url_for("sources.show", source_id=source_id))


@bp.post("/<int:source_id>/run")
@allowed("run.start")
def run_now(source_id: int) -> Response:
    """Crawl now, whatever the schedule says."""
    with writing() as opened:
        run = service_runs.start_run(opened, actor(), source_id, at=now())
    return redirect(url_for("runs.show", run_id=run.id))


@bp.post("/<int:source_id>/care")
@allowed("source.manage")
def care(source_id: int) -> Response | tuple[str, int]:
    """Set the source's budget of a day, its hours and what must be found in it."""
    source = service_sources.get_source(session(), actor(), source_id)
    names = ("day_requests", "day_megabytes", "hour_from", "hour_to", "canary")
    wanted = CareInput(
        **{name: request.form.get(name, "") for name in names},
        newest=request.form.get("newest") == "on",
    )
    try:
        with writing() as opened:
            set_care(opened, actor(), source_id, wanted, at=now())
    except FormProblems as error:
        return _shown(source, {one.field: source_words.problem(one) for one in error.problems}), 422
    toast(gettext("Saved."))
    return redirect(url_for("sources.show", source_id=source_id))


@bp.post("/alerts/<int:alert_id>/end")
@allowed("source.manage")
def end_alert(alert_id: int) -> Response:
    """End an alert with a reason; it stays quiet until a run no longer shows it."""
    with writing() as opened:
        alert = alerts.end_alert(
            opened, actor(), alert_id, request.form.get("reason", ""), at=now()
        )
        source_id = alert.source_id
    toast(gettext("The alert has ended."))
    return redirect(url_for("sources.show", source_id=source_id))
