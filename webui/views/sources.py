"""Nguồn: where posts come from; adding and changing sources, starting a run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from crawler import alerts, service_runs, service_sources, trial
from crawler.credentials import SETTINGS, is_set
from crawler.discovery import Discovery
from crawler.first_look import FirstLook, first_look, problems_of
from crawler.models import Run
from crawler.quota import Meter, meter_for, used
from crawler.service_care import CareInput, note_site, set_care
from crawler.service_sources import SourceInput
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way, free
from crawler.sources.forms import FieldError, FieldProblem, FormProblems
from foundation.people import Actor
from search.models import Source
from search.post import Platform, Post
from search.rules.judgement import Judgement
from webui.given import whole_or
from webui.nav import TodayItem, today
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.standing import BASIS
from webui.templating import render
from webui.views import post_words, source_watch, source_words

bp = Blueprint("sources", __name__, url_prefix="/sources")
SILENT_RUNS = 3
"""A source whose last runs saw nothing at all, so many in a row, fell silent."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about a source, kept as typed so that nothing is lost on an error."""

    values: Mapping[str, Any]
    options: Mapping[str, Any]
    legal_basis: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a source gave when it was tried: its posts, each with what the rules say."""

    found: trial.Trial
    judged: list[tuple[Post, Judgement | None]]
    site: Discovery | None = None
    """What was found out about the address, when it was pasted."""
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One source as the list shows it."""

    source: Source
    run: Run | None
    state: str
    alerts: int = 0


@today("silent", _l("Sources that need a look"), order=60)
def _silent(opened: Session, who: Actor) -> list[TodayItem]:
    warned = [source_watch.told(opened, one) for one in alerts.open_alerts(opened, who)]
    named = {one.alert.source_id for one in warned}
    found = [
        TodayItem(
            f"{one.alert.source.name}: {one.kind}. {one.sentence}",
            url_for("sources.show", source_id=one.alert.source_id) + "#alerts",
            severity="warning",
        )
        for one in warned
    ]
    return found + [
        TodayItem(line.source.name, url_for("sources.show", source_id=line.source.id))
        for line in lines(opened, who)
        if line.state == "silent" and line.source.id not in named
    ]


def lines(opened: Session, who: Actor) -> list[Line]:
    """Every source with its last run and what that says of it."""
    sources = service_sources.list_sources(opened, who)
    newest = select(func.max(Run.id)).group_by(Run.source_id)
    last = {run.source_id: run for run in opened.scalars(select(Run).where(Run.id.in_(newest)))}
    warned = Counter(one.source_id for one in alerts.open_alerts(opened, who))
    return [Line(one, last.get(one.id), _state(opened, one), warned[one.id]) for one in sources]


def _state(opened: Session, source: Source) -> str:
    if not source.active:
        return "paused"
    seen = opened.scalars(
        select(Run.posts)
        .where(Run.source_id == source.id, Run.state.in_(("done", "failed")))
        .order_by(Run.id.desc())
        .limit(SILENT_RUNS)
    ).all()
    return "silent" if len(seen) == SILENT_RUNS and not any(seen) else "active"


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
    return _form(
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
        look = first_look(typed, wiring().settings, kind=kind, meters=_meter)
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
    tried = Tried(found, _judged(found), look.found, look.taken.why)
    return _form(KINDS[look.taken.guess.kind], Typed(values, look.options, BASIS), None, tried)


def _not_found(wrong: str, look: FirstLook | None) -> str:
    """Back to the address, with what is wrong with it or what stood in the way."""
    ways = [one for one in KINDS.values() if one.way != Way.HAND]
    return render(
        "sources/kinds.html", kinds=ways, source_words=source_words, wrong=wrong, look=look
    )


def _meter(kind: Kind) -> Meter | None:
    return meter_for(kind, wiring().database, wiring().clock, wiring().settings)


def _judged(found: trial.Trial) -> list[tuple[Post, Judgement | None]]:
    """The posts, each with what the rules say."""
    return [(post, wiring().matcher.match(post.body)) for post in found.posts]


@bp.post("/new")
@allowed("source.manage")
def create() -> Response | tuple[str, int]:
    """Save the source; on an error the form comes back as it was typed."""
    kind = service_sources.kind_of(request.form.get("kind", ""))
    try:
        with writing() as opened:
            source = service_sources.create_source(opened, actor(), _given(kind), at=now())
            noted = request.form.get("noted_robots", ""), request.form.get("noted_terms", "")
            note_site(opened, source.id, *noted)
    except FormProblems as error:
        return _form(kind, _typed(error), None), 422
    toast(gettext("The source %(name)s was added.", name=source.name))
    return redirect(url_for("sources.show", source_id=source.id))


@bp.post("/try")
@allowed("source.manage")
def try_out() -> str | tuple[str, int]:
    """The form as typed, with the first posts as they would be stored; nothing is saved."""
    kind = service_sources.kind_of(request.form.get("kind", ""))
    number = request.form.get("source", 0, type=int)
    source = service_sources.get_source(session(), actor(), number) if number else None
    given = _given(kind)
    try:
        address, platform, config = service_sources.readable(given)
    except FormProblems as error:
        return _form(kind, _typed(error), source), 422
    settings = wiring().settings
    found = trial.try_source(kind, address, platform, config, settings, meter=_meter(kind))
    typed = Typed(request.form, request.form, tuple(given.legal_basis))
    return _form(kind, typed, source, Tried(found, _judged(found)))


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
        state=_state(session(), source),
        runs=runs,
        watch=source_watch.watch(session(), actor(), source, runs, now()),
        typed=request.form,
        problems=problems,
        basis=[_basis(one) for one in source.legal_basis],
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
    values = {name: getattr(source, name) for name in _VALUES}
    typed = Typed(values, source.config, tuple(source.legal_basis))
    return _form(KINDS[source.kind], typed, source)


@bp.post("/<int:source_id>/edit")
@allowed("source.manage")
def update(source_id: int) -> Response | tuple[str, int]:
    source = service_sources.get_source(session(), actor(), source_id)
    kind = KINDS[source.kind]
    try:
        with writing() as opened:
            service_sources.update_source(opened, actor(), source_id, _given(kind), at=now())
    except FormProblems as error:
        return _form(kind, _typed(error), source), 422
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
    given = CareInput(
        **{name: request.form.get(name, "") for name in names},
        newest=request.form.get("newest") == "on",
    )
    try:
        with writing() as opened:
            set_care(opened, actor(), source_id, given, at=now())
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


_VALUES = ("name", "address", "platform", "every_minutes", "purpose")


def _given(kind: Kind) -> SourceInput:
    form = request.form
    minutes = form.get("every_minutes", "0")
    known = wiring().catalogue.basis_ids()
    for basis in form.getlist("legal_basis"):
        if basis and basis not in known:  # the crawler does not see the law catalogue
            message = "“%(value)s” is not one of the choices."
            raise FormProblems((FieldProblem("legal_basis", message, {"value": basis}),))
    options: dict[str, Any] = {
        option.name: form.get(option.name, "off" if option.kind == "flag" else "")
        for option in kind.form.options
    }
    options["preset"] = form.get("preset", "")
    return SourceInput(
        name=form.get("name", ""),
        kind=kind.name,
        purpose=form.get("purpose", ""),
        legal_basis=form.getlist("legal_basis"),
        address=form.get("address", ""),
        platform=form.get("platform", ""),
        every_minutes=whole_or(minutes, -1),
        options=options,
    )


def _typed(error: FormProblems) -> Typed:
    return Typed(
        request.form,
        request.form,
        tuple(request.form.getlist("legal_basis")),
        {found.field: source_words.problem(found) for found in error.problems},
    )


def _form(kind: Kind, typed: Typed, source: Source | None, tried: Tried | None = None) -> str:
    return render(
        "sources/form.html",
        kind=kind,
        typed=typed,
        source=source,
        tried=tried,
        platforms=[(one.value, post_words.word(post_words.PLATFORMS, one)) for one in Platform],
        usual_bases=BASIS,
        bases=[_basis(one) for one in sorted(wiring().catalogue.basis_ids())],
        source_words=source_words,
        kinds=KINDS,
        key_wanted=SETTINGS.get(kind.credential, ""),
        key_set=is_set(kind.credential, wiring().settings),
    )


def _basis(basis: str) -> tuple[str, str]:
    """Id of a legal basis and how it is cited."""
    catalogue = wiring().catalogue
    return basis, catalogue.cite(basis) if basis in catalogue.basis_ids() else basis
