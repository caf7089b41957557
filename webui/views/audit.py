"""Nhật ký hệ thống: who did what, and whether the log is whole."""

from dataclasses import asdict

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from foundation import audit
from foundation.audit import AuditEvent, Head, Verification
from foundation.errors import IntegrityError
from foundation.people import User
from webui.accounts.audit_log import Asked, actions, kind_word, read
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render

bp = Blueprint("audit", __name__)
SIZES = (25, 50, 100)
PROBLEMS = {
    "missing": _l("Event %(at)s is missing: somebody deleted it from the database."),
    "changed": _l("Event %(at)s was changed after it was written."),
    "not_anchored": _l(
        "Event %(at)s is not the one whose digest was kept outside the database: the log was rewritten."
    ),
    "cut_tail": _l("The end of the log was cut off: event %(at)s was known outside the database."),
    "anchors": _l("The file of digests kept outside the database was damaged."),
}


def _number(name: str, default: int) -> int:
    raw = request.args.get(name, "")
    return max(int(raw), 1) if raw.isdecimal() and len(raw) < 10 else default


@bp.get("/audit")
@allowed("audit.view")
def index() -> str:
    """The log, newest first; what is asked stands in the address."""
    given = {name: request.args.get(name, "").strip() for name in asdict(Asked())}
    page, size = _number("page", 1), min(_number("size", 50), SIZES[-1])
    lines, total = read(session(), Asked(**given), page=page, size=size)
    return render(
        "audit/index.html",
        lines=lines,
        total=total,
        page=page,
        size=size,
        sizes=SIZES,
        people=[
            tuple(row) for row in session().execute(select(User.id, User.name).order_by(User.name))
        ],
        actions=actions(session()),
        head=audit.read_head(session()),
        unsealed=_unsealed(),
        anchored=_anchored(),
    )


@bp.get("/audit/subject/<kind>/<subject_id>")
@allowed("audit.view")
def subject(kind: str, subject_id: str) -> str:
    """The last events of one thing, as a fragment for the page of that thing."""
    lines, total = read(session(), Asked(subject=f"{kind}:{subject_id}"), size=20)
    return render(
        "audit/subject.html",
        lines=lines,
        total=total,
        kind=kind_word(kind),
        subject=f"{kind}:{subject_id}",
    )


@bp.post("/audit/verify")
@allowed("audit.verify")
def verify() -> Response:
    """Walk the whole chain, say what was found, and record that it was looked at."""
    found = audit.verify(wiring().database, wiring().audit_anchor)
    with writing() as opened:
        result = {"ok": found.ok, "checked": found.checked, "kind": found.kind}
        audit.record(opened, actor(), "audit:verify", found.head.sequence, at=now(), **result)
    toast(told(found), kind="success" if found.ok else "danger")
    return redirect(url_for("audit.index"), code=303)


def told(found: Verification) -> str:
    """The finding in words."""
    if found.ok:
        whole = gettext(
            "The audit log is whole: %(checked)s events were checked, %(unsealed)s wait to be sealed.",
            checked=found.checked,
            unsealed=found.unsealed,
        )
        return str(whole)
    why = str(PROBLEMS[found.kind]) % {"at": found.broken_at}
    broken = gettext(
        "The audit log is BROKEN. %(why)s Change nothing, and tell the head of the office.", why=why
    )
    return str(broken)


def _unsealed() -> int:
    waiting = select(func.count()).where(AuditEvent.sequence.is_(None))
    return session().scalar(waiting) or 0


def _anchored() -> Head | None:
    try:
        *_, last = audit.read_anchors(wiring().audit_anchor)
    except (ValueError, IntegrityError):
        return None
    return last
