"""Chứng cứ: asking for a capture, what was captured or brought, its custody, the check that it is unchanged."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cases import service as cases
from casework.cases.models import Case
from casework.evidence import custody, service
from casework.evidence.models import EvidenceItem
from casework.triage.service import post_for
from foundation.errors import InvalidInput, NotFound
from search.models import PostRow, Wish
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.templating import render
from webui.views import case_words, post_words

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
SHOWN = {"image/png", "image/jpeg", "image/webp"}


@bp.post("/capture")
@allowed("evidence.capture")
def capture() -> Response | str:
    """Ask the crawler for a capture of a post's address, or of an address given."""
    post_id, url = request.values.get("post", type=int), request.values.get("url", "").strip()
    with writing() as opened:
        post = post_for(opened, actor(), post_id) if post_id else None
        made = service.ask_capture(opened, actor(), post.url if post else url, at=now(), post=post)
    if is_fragment():
        return render("evidence/wish.html", "content", wish=made, item=None, case=None)
    toast(gettext("The page will be captured in a moment."), kind="info")
    return redirect(url_for("evidence.wish", wish_id=made.id))


@bp.get("/wishes/<int:wish_id>")
@allowed("evidence.view")
def wish(wish_id: int) -> str:
    """How far a capture is; asked each second until it is over."""
    row = session().get(Wish, wish_id)
    if row is None or not actor().sees_unit(row.unit_id):
        abort(404)
    items = service.items_for(session(), post_id=row.post_id) if row.post_id else []
    made = next((one for one in items if one.created_at >= row.created_at), None)
    return render("evidence/wish.html", "content", wish=row, item=made, case=_case_of(row))


def _case_of(wish: Wish) -> Case | None:
    """The case that the captured post is in, where whoever asks may open it: the way back."""
    post = session().get(PostRow, wish.post_id) if wish.post_id else None
    if (
        post is None
        or post.case_id is None
        or not wiring().permissions.allows(actor(), "case.view")
    ):
        return None
    case = session().get(Case, post.case_id)
    return case if case is not None and actor().sees_unit(case.unit_id) else None


@bp.get("/<int:item_id>")
@allowed("evidence.view")
def show(item_id: int) -> str:
    """One item: files, digests, custody. That it was looked at is itself a row of custody."""
    with writing() as opened:
        item = service.get_item(opened, actor(), item_id)
        _viewed(opened, item)
    return render(
        "evidence/show.html",
        item=item,
        chain=custody.chain(session(), item),
        broken=custody.problem(session(), item),
        shown=SHOWN,
        case=cases.get_case(session(), actor(), item.case_id) if item.case_id else None,
        case_words=case_words,
        post_words=post_words,
    )


@bp.get("/<int:item_id>/files/<digest>")
@allowed("evidence.view")
def picture(item_id: int, digest: str) -> Response:
    """A picture of the item, to be shown on its page; anything else is only ever downloaded."""
    item = service.get_item(session(), actor(), item_id)
    file = _file(item, digest)
    if file["media_type"] not in SHOWN:
        abort(404)
    response = make_response(wiring().files.get(digest))
    response.headers["Content-Type"] = file["media_type"]
    return untrusted(response)


@bp.post("/<int:item_id>/files/<digest>/download")
@allowed("evidence.export")
def download(item_id: int, digest: str) -> Response:
    """A file of the item as a download; a row of custody says who took it."""
    with writing() as opened:
        item = service.get_item(opened, actor(), item_id)
        file = _file(item, digest)
        custody.add(opened, item, "exported", actor(), at=now(), detail=f"{file['role']} {digest}")
    response = make_response(wiring().files.get(digest))
    response.headers["Content-Type"] = "application/octet-stream"
    extension = {"text/html": "html", "application/json": "json", "text/plain": "txt"}
    name = extension.get(file["media_type"], file["media_type"].partition("/")[2])
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"chung-cu-{item.id}-{file['role']}.{name}"
    )
    return untrusted(response)


@bp.post("/<int:item_id>/check")
@allowed("evidence.check")
def check(item_id: int) -> Response:
    """Read every file again and compare digests and custody."""
    with writing() as opened:
        item = service.get_item(opened, actor(), item_id)
        found = service.check_hashes(opened, actor(), wiring().files, item, at=now())
    if found.ok:
        toast(gettext("All %(count)s files are unchanged.", count=found.checked))
    else:
        problems = "; ".join(found.problems)
        toast(gettext("Not what it was: %(problems)s", problems=problems), kind="danger")
    return redirect(url_for("evidence.show", item_id=item_id))


@bp.post("/bring")
@allowed("evidence.upload")
def bring() -> Response:
    """Keep a file that an officer or citizen brought, with where it comes from."""
    upload, given = request.files.get("file"), request.form
    if upload is None or not upload.filename:
        raise InvalidInput("no file was chosen", key="error.evidence.media_type")
    data = upload.stream.read(service.MAX_UPLOAD + 1)
    case_id, post_id = given.get("case", type=int), given.get("post", type=int)
    with writing() as opened:
        case = cases.get_case(opened, actor(), case_id) if case_id else None
        item = service.bring(
            opened,
            actor(),
            wiring().files,
            data,
            url=given.get("url", ""),
            note=given.get("note", ""),
            at=now(),
            case=case,
            post=post_for(opened, actor(), post_id) if post_id else None,
        )
    toast(gettext("Kept as evidence."))
    if case_id:
        return redirect(url_for("cases.show", case_id=case_id))
    return redirect(url_for("evidence.show", item_id=item.id))


def _file(item: EvidenceItem, digest: str) -> dict[str, str]:
    found = next((file for file in item.files if file["digest"] == digest), None)
    if found is None:
        raise NotFound(f"no file {digest} in evidence {item.id}", about=f"evidence:{item.id}")
    return dict(found)


def _viewed(opened: Session, item: EvidenceItem) -> None:
    """One row for a person's visit: loading the page again within the hour is the same visit."""
    chain = custody.chain(opened, item)
    mine = [row for row in chain if row.act == "viewed" and row.actor_id == actor().user_id]
    if not mine or (now() - mine[-1].at).total_seconds() > 3600:
        custody.add(opened, item, "viewed", actor(), at=now())
