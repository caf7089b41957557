"""Parts of a case that people add and change: subjects, tasks, documents."""

from datetime import date, datetime

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from casework.cases import service, subjects, tasks
from casework.cases.models import Document
from casework.cases.subjects import SubjectData
from casework.evidence.service import recognise
from casework.privacy.masking import unmask
from foundation.errors import InvalidInput
from webui.given import day as read_day
from webui.given import moment as read_moment
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.templating import render
from webui.views import case_words

bp = Blueprint("case_parts", __name__, url_prefix="/cases/<int:case_id>")


@bp.post("/subjects")
@allowed("subject.edit")
def add_subject(case_id: int) -> Response:
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        subjects.add_subject(opened, actor(), case, _subject(), at=now())
    toast(gettext("Subject added."))
    return _back(case_id)


@bp.post("/subjects/<int:subject_id>")
@allowed("subject.edit")
def edit_subject(case_id: int, subject_id: int) -> Response:
    """Change a subject; a victim's only on the page that has it unmasked."""
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        row = subjects.get_subject(opened, case, subject_id)
        subjects.edit_subject(opened, actor(), case, row, _subject(), at=now())
    toast(gettext("Saved."))
    return _back(case_id)


@bp.post("/subjects/<int:subject_id>/remove")
@allowed("subject.edit")
def remove_subject(case_id: int, subject_id: int) -> Response:
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        row = subjects.get_subject(opened, case, subject_id)
        subjects.remove_subject(opened, actor(), case, row, at=now())
    undo = url_for("case_parts.restore_subject", case_id=case_id, subject_id=subject_id)
    toast(gettext("Subject taken out."), undo_url=undo)
    return _back(case_id)


@bp.post("/subjects/<int:subject_id>/restore")
@allowed("subject.edit")
def restore_subject(case_id: int, subject_id: int) -> Response:
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        row = subjects.get_subject(opened, case, subject_id)
        subjects.restore_subject(opened, actor(), case, row, at=now())
    return _back(case_id)


@bp.post("/subjects/<int:subject_id>/unmask")
@allowed("subject.unmask")
def unmask_subject(case_id: int, subject_id: int) -> str:
    """A victim's data in clear, for this one answer: it asks for a reason and is in the audit log."""
    reason = request.form.get("reason", "")
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        row = subjects.get_subject(opened, case, subject_id)
        shown = unmask(opened, actor(), row, reason, at=now())
    return render("cases/subject.html", case=case, subject=shown, case_words=case_words)


@bp.post("/tasks")
@allowed("task.edit")
def add_task(case_id: int) -> Response:
    given = request.form
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        tasks.add_task(
            opened,
            actor(),
            case,
            given.get("title", ""),
            at=now(),
            assignee_id=given.get("assignee", type=int),
            due_at=_moment(given.get("due", "")),
        )
    toast(gettext("Task added."))
    return _back(case_id)


@bp.post("/tasks/<int:task_id>/<act>")
@allowed("task.edit")
def step_task(case_id: int, task_id: int, act: str) -> Response:
    """finish, drop (with a reason), undo."""
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        task = tasks.get_task(opened, case, task_id)
        reason = request.form.get("reason", "")
        tasks.step_task(opened, actor(), task, act, at=now(), reason=reason)
    undo = url_for("case_parts.step_task", case_id=case_id, task_id=task_id, act="undo")
    toast(str(case_words.action(f"task:{act}")), undo_url="" if act == "undo" else undo)
    return _back(case_id)


@bp.post("/documents")
@allowed("case.edit")
def add_document(case_id: int) -> Response:
    """Put a scan or a file into the case: PDF or picture."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("no file was chosen", key="error.evidence.media_type")
    data = upload.stream.read()
    media_type, _role = recognise(data)
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        service.add_document(
            opened,
            actor(),
            case,
            wiring().files,
            data,
            kind="upload",
            title=request.form.get("title", "").strip() or upload.filename,
            filename=upload.filename,
            media_type=media_type,
            at=now(),
        )
    toast(gettext("Document added."))
    return _back(case_id)


@bp.get("/documents/<int:document_id>")
@allowed("document.view")
def document(case_id: int, document_id: int) -> Response:
    """The file itself, always as a download."""
    case = service.get_case(session(), actor(), case_id)
    row = (
        session()
        .scalars(select(Document).where(Document.id == document_id, Document.case_id == case.id))
        .first()
    )
    if row is None:
        abort(404)
    response = make_response(wiring().files.get(row.digest))
    response.headers["Content-Type"] = row.media_type
    response.headers.set("Content-Disposition", "attachment", filename=row.filename)
    return untrusted(response)


def _subject() -> SubjectData:
    given = request.form
    return SubjectData(
        role=given.get("role", ""),
        kind=given.get("kind", ""),
        name=given.get("name", "").strip(),
        account=given.get("account", "").strip(),
        phone=given.get("phone", "").strip(),
        id_number=given.get("id_number", "").strip(),
        address=given.get("address", "").strip(),
        born_on=_day(given.get("born_on", "")),
        note=given.get("note", "").strip(),
    )


def _day(text: str) -> date | None:
    """yyyy-mm-dd as a browser's date field sends it, or dd/mm/yyyy as people type it."""
    if not text.strip():
        return None
    try:
        return read_day(text)
    except ValueError:
        raise InvalidInput(f"no such day: {text}", key="error.date", value=text) from None


def _moment(text: str) -> datetime | None:
    """A day and time of the office's zone; a day alone is due at its end of work."""
    if not text.strip():
        return None
    try:
        found = read_moment(text)
    except ValueError:
        raise InvalidInput(f"no such time: {text}", key="error.date", value=text) from None
    return found if "T" in text else found.replace(hour=17)


def _back(case_id: int) -> Response:
    return redirect(url_for("cases.show", case_id=case_id))
