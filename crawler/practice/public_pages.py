"""What every visitor sees: lists, members, posts, comments, the login page."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from crawler.practice.paging import page_of
from crawler.practice.site import ShownPost, Site
from crawler.practice.state import Visibility

pages = Blueprint("public", __name__)
Answer = str | AnyResponse | tuple[str, int]

_GONE: dict[Visibility, tuple[str, int]] = {
    Visibility.DELETED: ("removed.html", 410),
    Visibility.HIDDEN: ("unavailable.html", 403),
}


def the_site() -> Site:
    """The site of the running application."""
    site: Site = current_app.extensions["practice_site"]
    return site


@pages.get("/")
def home() -> Answer:
    """Newest first."""
    return render_template("list.html", page=page_of(the_site().listed()), heading="Mới nhất")


@pages.get("/nhom/<slug>")
def group(slug: str) -> Answer:
    """The posts of a group; a closed one asks strangers to log in."""
    found = the_site().groups.get(slug)
    if found is None:
        abort(404)
    if found.closed:
        return _to_login()
    page = page_of(the_site().listed(group=slug))
    return render_template("list.html", page=page, heading=found.name, group=found)


@pages.get("/nguoi/<handle>")
def person(handle: str) -> Answer:
    """A member with everything they have published."""
    found = the_site().people.get(handle)
    if found is None:
        abort(404)
    page = page_of(the_site().listed(author=handle))
    return render_template("list.html", page=page, heading=found.name, person=found)


@pages.get("/bai/<int:post_id>")
def post(post_id: int) -> Answer:
    """A post with its comments: 410 once deleted, 403 while hidden, login for members only."""
    found = the_site().post(post_id) or abort(404)
    return _refusal(found) or render_template("post.html", post=found)


@pages.get("/bai/<int:post_id>-<_slug>")
def post_by_slug(post_id: int, _slug: str) -> Answer:
    """The readable address leads to the lasting one."""
    return redirect(url_for("public.post", post_id=post_id), 301)


@pages.get("/binh-luan/<int:comment_id>")
def comment(comment_id: int) -> Answer:
    """One comment by itself, with a link to the post that it stands under."""
    post, found = the_site().comment(comment_id) or abort(404)
    if refusal := _refusal(post):
        return refusal
    if found.visibility in _GONE:
        return _gone(found.visibility)
    return render_template("comment.html", post=post, comment=found)


@pages.route("/dang-nhap", methods=["GET", "POST"])
def login() -> Answer:
    """A login page that answers 200, as most do; nobody has an account."""
    return render_template("login.html", tried=request.method == "POST")


@pages.get("/gioi-thieu")
def about() -> Answer:
    """What this site is."""
    return render_template("about.html")


@pages.get("/robots.txt")
def robots() -> Response:
    """What crawlers are asked to leave alone."""
    return Response(render_template("robots.txt"), mimetype="text/plain")


def refused(error: HTTPException) -> tuple[str, int]:
    """A page for an address that leads nowhere."""
    return render_template("unknown.html", error=error), error.code or 500


def _refusal(post: ShownPost) -> Answer | None:
    if post.visibility in _GONE:
        return _gone(post.visibility)
    return _to_login() if post.for_members else None


def _gone(visibility: Visibility) -> tuple[str, int]:
    template, status = _GONE[visibility]
    return render_template(template), status


def _to_login() -> AnyResponse:
    values: dict[str, Any] = {"tiep": request.path}
    return redirect(url_for("public.login", **values), 302)
