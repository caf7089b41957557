"""Puts the practice site together."""

from pathlib import Path

from flask import Flask, Response, current_app

from crawler.practice import (
    feeds,
    hazards,
    operator_api,
    operator_pages,
    pictures,
    public_pages,
)
from crawler.practice.site import Site
from crawler.practice.state import State
from crawler.practice.visits import Visits
from crawler.practice.words import FILTERS

_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'"


def create_app(data_path: Path) -> Flask:
    """The practice site with its changes kept in ``data_path`` (made when it is absent).

    Raises ContentError where the written content contradicts itself.
    """
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["practice_site"] = Site(State(data_path))
    app.extensions["practice_visits"] = Visits()
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for module in (public_pages, feeds, pictures, hazards, operator_pages, operator_api):
        app.register_blueprint(module.pages)
    app.before_request(_count)
    app.after_request(_guard)
    app.context_processor(_menu)
    for code in (403, 404, 405):
        app.register_error_handler(code, public_pages.refused)
    return app


def _count() -> None:
    visits: Visits = current_app.extensions["practice_visits"]
    visits.count()


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _menu() -> dict[str, object]:
    site: Site = current_app.extensions["practice_site"]
    return {"menu_groups": list(site.groups.values())}
