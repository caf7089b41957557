"""Logging in, and setting a password by a one-time link. The rest is the login library's, in our templates."""

import uuid

from flask import Blueprint, Flask, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation import audit
from foundation.errors import NotFound
from foundation.people import User
from webui.accounts import login, passwords
from webui.accounts.links import PATH, Links
from webui.errors import messages
from webui.requests import now, public, session, toast, wiring, writing
from webui.templating import render

pages = Blueprint("login", __name__)
messages(
    {
        "error.link": _l(
            "This link was used already, is older than 72 hours, or is not whole. "
            "Ask an administrator for a new one."
        )
    }
)


def init_app(app: Flask) -> None:
    """The login library first; the limits once all pages with secrets are there."""
    login.init_app(app)
    app.register_blueprint(pages)
    login.guard_limits(app)


def _whose(opened: Session, token: str) -> User:
    user = Links(wiring().secret).user(opened, token, now())
    if user is None:
        raise NotFound("no such link", about="link", key="error.link")
    return user


@pages.get(f"{PATH}/<token>")
@public
def ask_password(token: str) -> str:
    """The form for a new password."""
    return render("login/set_password.html", user=_whose(session(), token), problems=[])


@pages.post(f"{PATH}/<token>")
@public
def set_password(token: str) -> Response | tuple[str, int]:
    """Take the new password; the link and all sessions of the account end with it."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    user = _whose(session(), token)
    problems = list(passwords.problems(password, user.email, user.name))
    if not problems and password != again:
        problems = [gettext("The two new passwords are not the same.")]
    if problems:
        return render("login/set_password.html", user=user, problems=problems), 422
    hashed = passwords.hashed(password)  # slow on purpose, so not inside the transaction
    with writing() as opened:
        row = _whose(opened, token)
        row.password, row.fs_uniquifier = hashed, uuid.uuid4().hex
        audit.record(opened, row.actor(), "user:password_set", row.id, at=now())
    toast(gettext("The password is set. Log in with it."))
    return redirect(url_for("security.login"), code=303)
