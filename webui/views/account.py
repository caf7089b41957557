"""Tài khoản của tôi: one's own language, look, password, second factor and sessions."""

import uuid

from flask import Blueprint, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foundation import audit
from foundation.people import User
from webui.accounts import login
from webui.requests import actor, allowed, now, session, toast, writing
from webui.templating import render

bp = Blueprint("account", __name__)


@bp.get("/me")
@allowed("me.manage")
def index() -> str:
    """What the office knows of this person, and what the person may change."""
    return render("account/index.html", user=session().get_one(User, actor().user_id))


@bp.post("/me/end-sessions")
@allowed("me.manage")
def end_sessions() -> Response:
    """End all sessions of this person on all computers, this one too."""
    with writing() as opened:
        user = opened.get_one(User, actor().user_id)
        user.fs_uniquifier = uuid.uuid4().hex
        audit.record(opened, actor(), "user:end_sessions", user.id, at=now())
    login.leave()
    toast(gettext("All your sessions were ended. Log in again."))
    return redirect(url_for("security.login"), code=303)
