"""The operator's acts as JSON, for tests and for the demo."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for

from crawler.practice.operator_acts import Refused, act, add
from crawler.practice.operator_pages import find_comment, find_post, refuse_other_sites
from crawler.practice.public_pages import the_site
from crawler.practice.site import COMMENT, POST, ShownComment, ShownPost
from crawler.practice.visits import Visits
from crawler.practice.words import iso

pages = Blueprint("operator_api", __name__, url_prefix="/quan-tri/api")
pages.before_request(refuse_other_sites)


@pages.errorhandler(Refused)
def refused(problem: Refused) -> tuple[Response, int]:
    """The reason as JSON."""
    return jsonify({"error": str(problem)}), 400


@pages.get("/posts/<int:post_id>")
def show_post(post_id: int) -> Response:
    """How a post stands."""
    return jsonify(_as_json(find_post(post_id)))


@pages.post("/posts/<int:post_id>")
def act_on_post(post_id: int) -> Response:
    """``{"action": "delete|hide|unhide|members|restore|edit|revert", "text": ...}``."""
    find_post(post_id)
    act(the_site(), POST, post_id, _body())
    return jsonify(_as_json(find_post(post_id)))


@pages.post("/posts")
def add_post() -> tuple[Response, int]:
    """``{"author": handle, "group": slug, "title": ..., "text": ...}``; answers 201."""
    post = find_post(add(the_site(), _body()))
    return jsonify(_as_json(post)), 201


@pages.post("/comments/<int:comment_id>")
def act_on_comment(comment_id: int) -> Response:
    """The same acts for a comment."""
    find_comment(comment_id)
    act(the_site(), COMMENT, comment_id, _body())
    _, comment = find_comment(comment_id)
    return jsonify(_as_json(comment))


@pages.get("/visits")
def show_visits() -> Response:
    """Requests since the start, by path and by user agent; operator pages are not counted."""
    return jsonify(_visits().as_json())


@pages.post("/visits/forget")
def forget_visits() -> Response:
    """Start counting anew."""
    _visits().forget()
    return jsonify(_visits().as_json())


def _visits() -> Visits:
    visits: Visits = current_app.extensions["practice_visits"]
    return visits


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("Cần một đối tượng JSON với Content-Type: application/json")
    return body


def _as_json(thing: ShownPost | ShownComment) -> dict[str, Any]:
    return {
        "id": thing.id,
        "url": _address(thing),
        "author": thing.author.handle,
        "visibility": thing.visibility,
        "text": thing.body,
        "posted_at": iso(thing.at),
        "edited_at": iso(thing.edited_at) if thing.edited_at else None,
    }


def _address(thing: ShownPost | ShownComment) -> str:
    if isinstance(thing, ShownPost):
        return url_for("public.post", post_id=thing.id, _external=True)
    return url_for("public.comment", comment_id=thing.id, _external=True)
