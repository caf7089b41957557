"""Templates: rendering a page or one block of it, the macros as `ui.name(...)`, icons and static files."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from jinja2 import Environment
from markupsafe import Markup, escape

from webui import formats, words
from webui.requests import is_fragment, may, now, take_toasts

MACROS = ("badges", "times", "figures", "lists", "forms", "acts", "parts")


class Macros:
    """Every macro of templates/macros as an attribute: `{{ ui.risk_badge("high") }}` works anywhere.

    Blocks that htmx fetches alone do not run the imports at the top of their template, so macros are
    global instead of imported.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        for part in MACROS:
            module = self._environment.get_template(f"macros/{part}.html").module
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"no macro {name} in templates/macros")


@lru_cache(maxsize=256)
def _version(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Address of a file in static/, with its digest, so that browsers may keep it for ever."""
    path = Path(str(current_app.static_folder)) / name
    version = _version(path, path.stat().st_mtime_ns) if path.is_file() else "missing"
    return url_for("static", filename=name, v=version)


def icon(name: str, label: str = "", size: str = "") -> Markup:
    """A drawing from icons.txt; without a label it says nothing to a screen reader."""
    described = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon {}" {} focusable="false"><use href="{}#{}"/></svg>').format(
        f"icon-{size}" if size else "", described, asset("vendor/icons.svg"), name.replace("/", "-")
    )


def with_args(**changes: object) -> str:
    """The address of this page with some of its arguments changed; None takes one away."""
    args = request.args.to_dict(flat=False)
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
        else:
            args[name] = [str(value)]
    query = urlencode(args, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def render(template: str, block: str | None = None, **context: Any) -> str:
    """The page; or only its block, when one is named and htmx asks for a fragment.

    Toasts that wait ride along with a fragment. A block sees `context` and the globals, not what the top
    of its template sets.
    """
    if block is None or not is_fragment():
        return render_page(template, context)
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    body = "".join(page.blocks[block](page.new_context(context)))
    return body + current_app.jinja_env.get_template("fragments/toasts.html").render(oob=True)


def render_page(template: str, context: dict[str, Any]) -> str:
    """The whole page, whatever was asked."""
    current_app.update_template_context(context)
    return current_app.jinja_env.get_template(template).render(context)


ACCOUNT_PAGES = (("account.index", _l("My account"), "settings"),)
LOGOUT = "security.logout"


def account_links() -> list[tuple[str, str, str]]:
    """The person's own pages, as far as they are installed: endpoint, label, icon."""
    return [page for page in ACCOUNT_PAGES if page[0] in current_app.view_functions]


def logout_url() -> str:
    """Where to log out (by POST); empty when no login is installed."""
    return url_for(LOGOUT) if LOGOUT in current_app.view_functions else ""


def nothing(value: object) -> object:
    """An en dash for what is not known, so that an empty cell is never mistaken for a fault."""
    return (
        Markup('<span class="text-secondary">–</span>')
        if value in (None, "")
        else escape(str(value))
    )


def init_templates(app: Flask) -> None:
    """Teach the app's templates our globals and filters."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.do")
    env.globals.update(
        ui=Macros(env),
        asset=asset,
        icon=icon,
        draw=icon,
        with_args=with_args,
        may=may,
        now=now,
        words=words,
        formats=formats,
        take_toasts=take_toasts,
        app_endpoints=lambda: current_app.view_functions,
        account_links=account_links,
        logout_url=logout_url,
        app_settings=app.extensions["rasoat"].wiring.settings,
    )
    env.filters.update(
        date=formats.date,
        moment=formats.moment,
        ago=lambda at: formats.ago(at, now()),
        left=lambda due: formats.left(due, now()),
        money=formats.money,
        number=formats.number,
        size=formats.size,
        nothing=nothing,
    )
