"""What every view asks for: who acts, a session to read, one transaction to write, the page to answer with.

A view reads through `session()`, writes inside `with writing() as session:` (committed once at its end,
rolled back when anything raises), names its act with `@allowed("room.verb")`, `@signed_in` or `@public`, and
answers with `render(...)`. An app with a route that carries none of the three does not start.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, abort, current_app, g, request
from flask import session as cookie
from flask.views import View
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from foundation.people import Actor, User

if TYPE_CHECKING:
    from webui.wiring import Wiring

EXTENSION = "rasoat"
LONGEST_TOAST = 300
"""Toasts wait in the cookie, which a browser drops whole when it grows past four kilobytes."""
PUBLIC = "*public"
SIGNED_IN = "*signed-in"
_GUARD = "__rasoat_act__"
F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Shell:
    """What one app knows: its wiring, the act of each endpoint, and how to tell who is asking."""

    wiring: "Wiring"
    acts: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    """The page areas that are installed."""
    identify: Callable[[], User | None] = lambda: None
    login_endpoint: str = "security.login"


def shell(app: Flask | None = None) -> Shell:
    """The shell of this app (of the app of this request when none is given)."""
    return cast("Shell", (app or current_app).extensions[EXTENSION])


def wiring() -> "Wiring":
    """Services, settings, clock and database of this deployment."""
    return shell().wiring


def now() -> datetime:
    """The present moment, aware, UTC; the deployment's clock, which the demo can move."""
    return wiring().clock.now()


# --- who asks -----------------------------------------------------------------------------------------


def set_identifier(
    app: Flask, identify: Callable[[], User | None], login_endpoint: str = ""
) -> None:
    """Told once by webui.accounts: how to find the person of a request, and where people log in."""
    shell(app).identify = identify
    if login_endpoint:
        shell(app).login_endpoint = login_endpoint


def user() -> User | None:
    """The person who is logged in, or None. Read once in a request; do not change it through this."""
    if "rasoat_user" not in g:
        g.rasoat_user = shell().identify()
    return cast("User | None", g.rasoat_user)


def maybe_actor() -> Actor | None:
    """The actor of this request, or None when nobody is logged in."""
    if "rasoat_actor" not in g:
        person = user()
        g.rasoat_actor = person.actor() if person is not None and person.active else None
    return cast("Actor | None", g.rasoat_actor)


def actor() -> Actor:
    """The actor of this request; Unauthorized (401) when nobody is logged in."""
    found = maybe_actor()
    if found is None:
        raise Unauthorized
    return found


def forget_actor() -> None:
    """After logging in or out: ask again who this is."""
    for name in ("rasoat_user", "rasoat_actor"):
        g.pop(name, None)


def may(act: str) -> bool:
    """Whether the person may do this act: what pages ask before they offer it."""
    found = maybe_actor()
    return found is not None and wiring().permissions.allows(found, act)


# --- the database -------------------------------------------------------------------------------------


def session() -> Session:
    """The read session of this request, opened at first use and closed at its end. Never commits."""
    if "rasoat_reading" not in g:
        g.rasoat_reading = wiring().database.reading()
        g.rasoat_session = g.rasoat_reading.__enter__()
    return cast("Session", g.rasoat_session)


@contextmanager
def writing() -> Iterator[Session]:
    """One write transaction: committed once at the end, rolled back when anything raises.

    Nothing slow inside: on SQLite nobody else can write meanwhile. RuntimeError when nested, since the
    inner one would wait for the outer one for ever.
    """
    if g.get("rasoat_writing", False):
        raise RuntimeError("writing() inside writing(): pass the session on instead")
    g.rasoat_writing = True
    try:
        with wiring().database.writing() as opened:
            yield opened
    finally:
        g.rasoat_writing = False
    if "rasoat_session" in g:
        g.rasoat_session.rollback()  # so that what is read next is what was just written


def close_session(_error: BaseException | None = None) -> None:
    """At the end of each request."""
    reading = g.pop("rasoat_reading", None)
    g.pop("rasoat_session", None)
    if reading is not None:
        reading.__exit__(None, None, None)


# --- what a route allows ------------------------------------------------------------------------------


def allowed(act: str) -> Callable[[F], F]:
    """This view is the act `room.verb` of the permission table; stands directly above the function."""

    def mark(view: F) -> F:
        setattr(view, _GUARD, act)
        return view

    return mark


def public(view: F) -> F:
    """This view is for everybody, logged in or not."""
    setattr(view, _GUARD, PUBLIC)
    return view


def signed_in(view: F) -> F:
    """This view is for everybody who is logged in, whatever the role: one's own settings, alerts."""
    setattr(view, _GUARD, SIGNED_IN)
    return view


def guards_of(view: Callable[..., Any]) -> dict[str, str]:
    """HTTP method -> act of one view ("*" stands for all methods of a function); missing ones are absent."""
    view_class: type[View] | None = getattr(view, "view_class", None)
    if view_class is None:
        act = getattr(view, _GUARD, None)
        return {"*": act} if act else {}
    found = {}
    for method in view_class.methods or ():
        handler = getattr(view_class, method.lower(), None)
        act = getattr(handler, _GUARD, None) or getattr(view_class, _GUARD, None)
        if act:
            found[method] = act
    return found


def check_guards(app: Flask, exempt: frozenset[str]) -> None:
    """Every route must say what it allows, with a declared act; RuntimeError lists those that do not.

    `exempt` are endpoints and blueprints (as "name.*") that guard themselves.
    """
    problems = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in exempt or f"{rule.endpoint.partition('.')[0]}.*" in exempt:
            shell(app).acts[rule.endpoint] = PUBLIC
            continue
        guards = guards_of(app.view_functions[rule.endpoint])
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for method in sorted(methods):
            act = guards.get("*") or guards.get(method)
            if act is None:
                problems.append(
                    f"{rule.endpoint} ({method} {rule}) says neither @allowed nor @public"
                )
            elif act not in {PUBLIC, SIGNED_IN} and act not in shell(app).wiring.permissions:
                problems.append(
                    f"{rule.endpoint} ({method} {rule}): no room declares the act {act}"
                )
            else:
                shell(app).acts[f"{rule.endpoint}:{method}"] = act
                shell(app).acts.setdefault(rule.endpoint, act)
    if problems:
        raise RuntimeError("routes that nobody guards: " + "; ".join(problems))


def enforce_guard() -> None:
    """Before each request: 401 when somebody must log in, Forbidden when the role may not."""
    if request.endpoint is None:
        return
    acts = shell().acts
    method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
    act = acts.get(f"{request.endpoint}:{method}") or acts.get(request.endpoint)
    if act is None:  # a route added after the check; refused rather than open
        abort(404)
    if act == PUBLIC:
        return
    found = actor()
    if act != SIGNED_IN:
        wiring().permissions.require(found, act)


# --- answers ------------------------------------------------------------------------------------------


def toast(text: str, *, undo_url: str = "", kind: str = "success") -> None:
    """Say what was done on the page that comes next; with `undo_url` (a POST) a button takes it back.

    `kind`: success, info, warning or danger.
    """
    cookie["toasts"] = [
        *cookie.get("toasts", []),
        {"text": str(text)[:LONGEST_TOAST], "undo": undo_url, "kind": kind},
    ][-5:]


def take_toasts() -> list[dict[str, str]]:
    """The toasts that wait to be shown; each is shown once."""
    return cast("list[dict[str, str]]", cookie.pop("toasts", []))


def is_fragment() -> bool:
    """Whether htmx asks for a piece of the page, not for the page (a history visit wants the page)."""
    headers = request.headers
    return (
        "HX-Request" in headers
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )
