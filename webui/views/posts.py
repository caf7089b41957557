"""One post on a page of its own, and the posts that share a contact."""

from flask import Blueprint, Response, make_response, request

from casework.triage import service
from casework.triage.related import cases_with_contact, posts_with_contact
from foundation.errors import NotFound
from webui.requests import actor, allowed, now, session, wiring
from webui.security import untrusted
from webui.templating import render
from webui.views import post_pictures, post_versions, post_words
from webui.views.post_parts import detail, first_line, link, offered
from webui.views.queue_list import Asked, latest_decision

bp = Blueprint("posts", __name__, url_prefix="/posts")
PAGE = 50
PICTURES = {"image/png", "image/jpeg", "image/webp"}


@bp.get("/<int:post_id>")
@allowed("post.view")
def show(post_id: int) -> str:
    """Everything about one post: text, reasons, contacts, versions, observations, history."""
    who, at = actor(), now()
    post = service.post_for(session(), who, post_id)
    versions = post_versions.versions(session(), who, post, wiring().files)
    shown = detail(session(), who, post, at=at)
    return render(
        "posts/show.html",
        shown=shown,
        title=first_line(post, 80),
        versions=versions.all,
        unsure=versions.unsure,
        elsewhere=post_pictures.elsewhere(session(), who, post),
        read=post_pictures.read(session(), post),
        undoable={each.id for each in shown.decisions if service.may_undo(who, each, at=at)},
        latest=latest_decision(session(), who),
        asked=Asked(),
        me=who,
        post_words=post_words,
        in_queue=False,
        first_line=first_line,
        offered=offered,
        chosen=True,
        colleagues=[],
    )


@bp.get("/contacts/<kind>/<path:value>")
@allowed("post.view")
def contact(kind: str, value: str) -> str:
    """The posts and cases that share a contact (đầu mối liên hệ)."""
    page = max(request.args.get("page", 1, type=int), 1)
    posts, total = posts_with_contact(
        session(), actor(), kind, value, limit=PAGE, offset=(page - 1) * PAGE
    )
    cases = cases_with_contact(session(), actor(), kind, value)
    return render(
        "posts/contact.html",
        kind=kind,
        value=value,
        posts=posts,
        total=total,
        page=page,
        size=PAGE,
        cases=[(case_id, link("cases.show", case_id=case_id)) for case_id in cases],
        first_line=first_line,
        post_words=post_words,
    )


@bp.get("/<int:post_id>/screenshots/<digest>")
@allowed("post.view")
def screenshot(post_id: int, digest: str) -> Response:
    """A captured picture of the post out of our own store; NotFound unless it was captured for this post."""
    post = service.post_for(session(), actor(), post_id)
    shots = detail(session(), actor(), post, at=now()).screenshots
    media_type = next((each.media_type for each in shots if each.digest == digest), "")
    if media_type not in PICTURES:
        raise NotFound(f"no screenshot {digest} of post {post_id}", about=f"post:{post_id}")
    response = make_response(wiring().files.get(digest))
    response.headers["Content-Type"] = media_type
    return untrusted(response)
