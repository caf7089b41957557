"""The operator's pages: edit, hide, delete, restore, add; forms that need no JavaScript.

The site is for practice on one's own machine, so there is no login; requests that a page of
another site makes are refused all the same.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crawler.practice.operator_acts import Refused, act, add, holds
from crawler.practice.paging import page_of
from crawler.practice.public_pages import the_site
from crawler.practice.site import COMMENT, POST, ShownComment, ShownPost
from crawler.practice.state import Visibility

pages = Blueprint("operator", __name__, url_prefix="/quan-tri")
Answer = Response | tuple[str, int]


@pages.before_request
def refuse_other_sites() -> None:
    """Only this site's own pages, and programs, may change anything."""
    here = request.host_url.rstrip("/")
    foreign = request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
    if request.method == "POST" and (foreign or request.headers.get("Origin", here) != here):
        abort(403)


@pages.get("")
def desk() -> str:
    """All posts with their state, searchable."""
    words, wanted = request.args.get("q", "").strip(), request.args.get("trang-thai", "")
    found = [
        post
        for post in the_site().posts()
        if wanted in {"", post.visibility} and (not words or holds(post, words))
    ]
    address = {"q": words, "trang-thai": wanted}
    page = page_of(found, **{name: value for name, value in address.items() if value})
    return render_template(
        "operator/desk.html", page=page, words=words, wanted=wanted, states=list(Visibility)
    )


@pages.get("/bai/<int:post_id>")
def edit_page(post_id: int) -> str:
    """One post with its form and its comments."""
    return render_template("operator/edit.html", post=find_post(post_id))


@pages.post("/bai/<int:post_id>")
def act_on_post(post_id: int) -> Answer:
    """Do what the button says, and come back to the page or list it was on."""
    post = find_post(post_id)
    try:
        act(the_site(), POST, post_id, request.form)
    except Refused as problem:
        return render_template("operator/edit.html", post=post, problem=problem), 400
    if request.form.get("back") == "list":
        back = url_for(".desk", q=request.form.get("q") or None, _anchor=f"bai-{post_id}")
        return redirect(back, 303)
    return redirect(url_for(".edit_page", post_id=post_id), 303)


@pages.post("/binh-luan/<int:comment_id>")
def act_on_comment(comment_id: int) -> Answer:
    """The same for a comment."""
    post, _ = find_comment(comment_id)
    try:
        act(the_site(), COMMENT, comment_id, request.form)
    except Refused as problem:
        return render_template("operator/edit.html", post=post, problem=problem), 400
    back = url_for(".edit_page", post_id=post.id, _anchor=f"binh-luan-{comment_id}")
    return redirect(back, 303)


@pages.get("/them")
def add_page() -> str:
    """The form for a new post."""
    return render_template("operator/add.html", site=the_site(), given={})


@pages.post("/them")
def add_post() -> Answer:
    """Publish it; what was typed stays where something is missing."""
    try:
        post_id = add(the_site(), request.form)
    except Refused as problem:
        given = {"site": the_site(), "given": request.form, "problem": problem}
        return render_template("operator/add.html", **given), 400
    return redirect(url_for(".edit_page", post_id=post_id), 303)


def find_post(post_id: int) -> ShownPost:
    """The post, whatever its visibility, or 404."""
    return the_site().post(post_id) or abort(404)


def find_comment(comment_id: int) -> tuple[ShownPost, ShownComment]:
    """The comment with its post, or 404."""
    return the_site().comment(comment_id) or abort(404)
