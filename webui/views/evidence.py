"""Chứng cứ: asking for a capture, what was captured or brought, its custody, the check that it is unchanged."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cases import service as cases
from casework.cases.models import Case
from casework.evidence import capturing, custody, service
from casework.evidence.brought import MOST_FILES, Bringer, Origin, Upload, bring_files
from casework.evidence.models import EvidenceItem
from casework.evidence.packages import MIN_REASON
from casework.triage.service import post_for
from foundation.errors import InvalidInput, NotFound
from foundation.people import User
from search.models import PostRow, Wish
from webui.given import moment
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.templating import render
from webui.views import case_words, evidence_words, post_words
from webui.views.post_parts import first_line

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
ROWS = 100
"""Rows of custody on an item's page."""
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
        return render(
            "evidence/wish.html", "content", wish=made, item=None, unchanged=False, case=None
        )
    toast(gettext("The page will be captured in a moment."), kind="info")
    return redirect(url_for("evidence.wish", wish_id=made.id))


@bp.get("/wishes/<int:wish_id>")
@allowed("evidence.view")
def wish(wish_id: int) -> str:
    """How far a capture is; asked each second until it is over."""
    row = session().get(Wish, wish_id)
    if row is None or not actor().sees_unit(row.unit_id):
        abort(404)
    item, unchanged = capturing.capture_of_wish(session(), row)
    return render(
        "evidence/wish.html",
        "content",
        wish=row,
        item=item,
        unchanged=unchanged,
        case=_case_of(row),
    )


@bp.post("/cases/<int:case_id>/capture")
@allowed("evidence.capture")
def capture_case(case_id: int) -> Response:
    """Ask for a capture of every address of a case; what waits already is not asked for again."""
    with writing() as opened:
        case = cases.get_case(opened, actor(), case_id)
        asked = capturing.ask_case(opened, actor(), case, at=now())
    toast(
        ngettext("%(num)d page will be captured.", "%(num)d pages will be captured.", len(asked)),
        kind="info",
    )
    return redirect(url_for("evidence.case_captures", case_id=case_id), code=303)


@bp.get("/cases/<int:case_id>/captures")
@allowed("evidence.view")
def case_captures(case_id: int) -> str:
    """How far the captures of a case's addresses are, each with what came of it."""
    case = cases.get_case(session(), actor(), case_id)
    lines = capturing.progress(session(), case)
    return render(
        "evidence/captures.html",
        "progress",
        case=case,
        lines=lines,
        open=sum(one.open for one in lines),
        first_line=first_line,
        post_words=post_words,
    )


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
        # Asked first: whoever may not know of the case has not viewed the item.
        case = cases.get_case(opened, actor(), item.case_id) if item.case_id else None
        _viewed(opened, item)
    rows, rows_in_all = custody.newest(session(), item, ROWS)
    return render(
        "evidence/show.html",
        item=item,
        rows=rows,
        rows_in_all=rows_in_all,
        broken=custody.problem(session(), item),
        shown=SHOWN,
        least_reason=MIN_REASON,
        sightings=service.sightings(session(), item),
        asker=session().get(User, item.created_by_id) if item.created_by_id else None,
        evidence_words=evidence_words,
        case=case,
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
    name = extension.get(file["media_type"].partition(";")[0])
    name = name or file["media_type"].partition("/")[2].partition("+")[0]
    number = [one["digest"] for one in item.files].index(digest) + 1
    filename = f"chung-cu-{item.id}-{number:02}-{file['role']}.{name}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
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
    given = request.form
    uploads = [
        Upload(one.stream.read(service.MAX_UPLOAD + 1), one.filename or "")
        for one in request.files.getlist("file")
        if one.filename
    ]
    if not uploads:
        raise InvalidInput("no file was chosen", key="error.evidence.count", most=MOST_FILES)
    case_id, post_id = given.get("case", type=int), given.get("post", type=int)
    with writing() as opened:
        case = cases.get_case(opened, actor(), case_id) if case_id else None
        item = bring_files(
            opened,
            actor(),
            wiring().files,
            uploads,
            _origin(),
            at=now(),
            case=case,
            post=post_for(opened, actor(), post_id) if post_id else None,
        )
    toast(gettext("Kept as evidence."))
    if case_id:
        return redirect(url_for("cases.show", case_id=case_id))
    return redirect(url_for("evidence.show", item_id=item.id))


def _origin() -> Origin:
    """Where the files come from, as the form says."""
    given = request.form
    try:
        bringer = Bringer(given.get("bringer", "") or Bringer.OFFICER)
    except ValueError:
        raise InvalidInput("who brought it", key="error.evidence.bringer") from None
    seen, seen_at = given.get("seen_at", "").strip(), None
    if seen:
        try:
            seen_at = moment(seen)
        except ValueError:
            raise InvalidInput(f"no such time: {seen}", key="error.date", value=seen) from None
    return Origin(given.get("note", ""), bringer, given.get("url", ""), seen_at)


def _file(item: EvidenceItem, digest: str) -> dict[str, str]:
    found = next((file for file in item.files if file["digest"] == digest), None)
    if found is None:
        raise NotFound(f"no file {digest} in evidence {item.id}", about=f"evidence:{item.id}")
    return dict(found)


def _viewed(opened: Session, item: EvidenceItem) -> None:
    """One row for a person's visit: loading the page again within the hour is the same visit."""
    before = custody.last_viewed(opened, item, actor())
    if before is None or (now() - before).total_seconds() > 3600:
        custody.add(opened, item, "viewed", actor(), at=now())
