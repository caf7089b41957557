"""Lượt thu thập: one run as it goes, with every error and why; a saved page for whoever mends the selectors."""

from flask import Blueprint, abort, make_response, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from crawler import service_runs
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.tables import MARK, csv_lines
from webui.templating import render
from webui.views import source_words

bp = Blueprint("runs", __name__, url_prefix="/sources/runs")


@bp.get("/<int:run_id>")
@allowed("source.view")
def show(run_id: int) -> str:
    """The run; while it is not over, its figures are asked for each second."""
    view = service_runs.run_view(session(), actor(), run_id, errors=200)
    block = "live" if is_fragment() else None
    return render("sources/run.html", block, view=view, run=view.run, source_words=source_words)


@bp.post("/<int:run_id>/stop")
@allowed("run.stop")
def stop(run_id: int) -> Response:
    """Ask the run to stop; what it has read stays."""
    with writing() as opened:
        service_runs.stop_run(opened, actor(), run_id, at=now())
    toast(gettext("The run stops after the page it is reading. What was read stays."), kind="info")
    return redirect(url_for("runs.show", run_id=run_id))


@bp.get("/<int:run_id>/pages/<digest>")
@allowed("source.manage")
def page(run_id: int, digest: str) -> Response:
    """A page that could not be read, as it came, as a download."""
    view = service_runs.run_view(session(), actor(), run_id, errors=1000)
    if digest not in {error.saved_page for error in view.errors}:
        abort(404)
    response = make_response(wiring().files.get(digest))
    response.headers["Content-Type"] = "application/octet-stream"
    name = f"run-{run_id}-{digest[:12]}.html"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return untrusted(response)


@bp.get("/<int:run_id>/errors.csv")
@allowed("source.view")
def errors(run_id: int) -> Response:
    """Every error of the run as a table: for an import, each row that was left out and why."""
    view = service_runs.run_view(session(), actor(), run_id, errors=100_000)
    heads = ("time", "address", "step", "reason", "what happened")
    told = source_words.what_went_wrong
    rows = [(one.at.isoformat(), one.url, one.step, one.reason, told(one)) for one in view.errors]
    response = make_response(MARK + csv_lines([heads, *rows]))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"run-{run_id}-errors.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
