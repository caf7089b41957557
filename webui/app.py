"""The application factory: `create_app(wiring)` puts security, language, errors and page areas together."""

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask

from foundation.settings import Settings
from webui import views
from webui.assets.build import is_current
from webui.errors import init_errors
from webui.given import init_given
from webui.i18n import LANGUAGES, init_i18n, language
from webui.logs import init_logs, log, request_id
from webui.nav import rail
from webui.requests import (
    EXTENSION,
    Shell,
    check_guards,
    close_session,
    enforce_guard,
    maybe_actor,
    shell,
    user,
)
from webui.security import init_security
from webui.templating import init_templates

if TYPE_CHECKING:
    from webui.wiring import Wiring

SELF_GUARDED = frozenset({"static", "security.*"})
"""Static files are for everybody; the login library guards its own pages."""
HTMX = {
    "allowEval": False,
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
    "refreshOnHistoryMiss": True,
    "selfRequestsOnly": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "error": True},
    ],
}


def create_app(wiring: "Wiring", *, modules: tuple[str, ...] | None = None) -> Flask:
    """The whole web application over one wiring.

    `modules` are the page areas to install, all of webui.views unless a test wants fewer. RuntimeError
    when a route says neither @allowed nor @public; ImportError when a listed area is missing.
    """
    settings: Settings = wiring.settings
    app = Flask("webui", static_folder="static", template_folder="templates")
    app.extensions[EXTENSION] = Shell(wiring)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config["DEMO"] = settings.demo
    init_given(app)
    init_logs(app)
    init_security(app, settings, wiring.secret)
    init_i18n(app)
    init_templates(app)
    init_errors(app)
    app.before_request(enforce_guard)
    app.teardown_appcontext(close_session)
    app.context_processor(_page_context)
    for module in views.MODULES if modules is None else modules:
        install(app, module)
    check_guards(app, SELF_GUARDED)
    if not is_current():
        log.warning("assets are not built, or not up to date", mend="python -m webui.assets.build")
    return app


def install(app: Flask, module: str) -> None:
    """One page area: its `init_app(app)` if it has one, and its blueprint `bp` if it has one."""
    area = import_module(module)
    shell(app).modules.add(module)
    blueprint = getattr(area, "bp", None)
    init = getattr(area, "init_app", None)
    if init is not None:
        init(app)
    if isinstance(blueprint, Blueprint):
        app.register_blueprint(blueprint)
    if init is None and not isinstance(blueprint, Blueprint):
        raise RuntimeError(f"{module} has neither a blueprint `bp` nor init_app(app)")


def _page_context() -> dict[str, Any]:
    return {
        "actor": maybe_actor,
        "person": user,
        "rail": rail,
        "language": language(),
        "languages": LANGUAGES,
        "request_id": request_id,
        "htmx_config": json.dumps(HTMX),
    }
