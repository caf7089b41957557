"""Gói chứng cứ: asking for a package, how far it is, downloading it, recording to whom it was handed."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from flask import Blueprint, redirect, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.cases import service as cases
from casework.evidence import packages, service
from casework.evidence.models_packages import EvidencePackage, PackageState
from casework.evidence.packing import pieces
from foundation import audit
from foundation.errors import NeedsMissing, NotAllowedInState
from foundation.people import User, add_note
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.security import untrusted
from webui.templating import render

bp = Blueprint("packages", __name__, url_prefix="/packages")


@bp.post("/case/<int:case_id>")
@allowed("evidence.export")
def ask(case_id: int) -> Response:
    """Ask for a package of the whole case; the worker makes it."""
    given = request.form
    unmasked = given.get("unmasked") == "1"
    if unmasked:
        wiring().permissions.require(actor(), "evidence.export_unmasked")
    asked = packages.Asked(
        given.get("recipient", ""), given.get("purpose", ""), unmasked, given.get("reason", "")
    )
    try:
        with writing() as opened:
            case = cases.get_case(opened, actor(), case_id)
            row = packages.ask_package(opened, actor(), case, asked, at=now())
    except NeedsMissing as error:
        if "reason" in error.detail.get("missing", ()):  # type: ignore[operator]
            toast(gettext("Say in a few words why the recipient may see victims."), kind="danger")
        else:
            toast(gettext("Say who receives the package."), kind="danger")
        return redirect(url_for("cases.show", case_id=case_id) + "#packages", code=303)
    return redirect(url_for("packages.show", package_id=row.id), code=303)


@bp.get("/<int:package_id>")
@allowed("evidence.export")
def show(package_id: int) -> str:
    """One package: how far it is, its digest, the handover; asked each second while it is made."""
    row = packages.get_package(session(), actor(), package_id)
    people = {row.created_by_id, row.handed_over_by_id} - {None}
    shown: dict[str, Any] = {
        "package": row,
        "case": cases.get_case(session(), actor(), row.case_id),
        "people": {one: session().get_one(User, one).name for one in people if one},
        "making": row.state == PackageState.WAITING,
    }
    if is_fragment():
        return render("evidence/package.html", "progress", **shown)
    return render("evidence/package.html", **shown)


@bp.post("/<int:package_id>/download")
@allowed("evidence.export")
def download(package_id: int) -> Response:
    """The package as a file, in pieces; that it was taken is in the audit log."""
    with writing() as opened:
        row = packages.get_package(opened, actor(), package_id)
        _may_see(row)
        if row.state != PackageState.DONE:
            raise NotAllowedInState("not made yet", about=f"package:{row.id}")
        audit.record(opened, actor(), "evidence:download", row.id, at=now(), root=row.root)
    source = wiring().files.open(row.digest)
    response = FlaskResponse(_sent(source), content_type="application/zip")
    response.call_on_close(source.close)
    response.content_length = row.size
    response.headers.set("Content-Disposition", "attachment", filename=row.filename)
    return untrusted(response)


@bp.post("/<int:package_id>/hand-over")
@allowed("evidence.export")
def hand_over(package_id: int) -> Response:
    """Record who received it; custody of every item tells it."""
    given = request.form
    with writing() as opened:
        row = packages.get_package(opened, actor(), package_id)
        packages.hand_over(
            opened, actor(), row, given.get("to", ""), given.get("note", ""), at=now()
        )
    toast(gettext("The handover is recorded with every item."))
    return redirect(url_for("packages.show", package_id=package_id), code=303)


def _sent(source: BinaryIO) -> Iterator[bytes]:
    with source:
        yield from pieces(source)


def _may_see(row: EvidencePackage) -> None:
    if row.unmasked:
        wiring().permissions.require(actor(), "evidence.export_unmasked")


@bp.post("/item/<int:item_id>/victim")
@allowed("evidence.capture")
def mark(item_id: int) -> Response:
    """Say that an item shows a victim: it then leaves with digests only. Taking that back needs a reason."""
    shows, reason = request.form.get("shows") == "1", request.form.get("reason", "").strip()
    with writing() as opened:
        item = service.get_item(opened, actor(), item_id)
        if not shows and len(reason) < packages.MIN_REASON:
            raise NeedsMissing(
                "say why it shows no victim", about=f"evidence:{item.id}", missing=["reason"]
            )
        item.shows_victim = shows
        act = "evidence:mark_victim" if shows else "evidence:unmark_victim"
        note = add_note(opened, actor(), "evidence", item.id, reason, at=now()) if reason else None
        audit.record(opened, actor(), act, item.id, at=now(), note=note.id if note else None)
    toast(gettext("Marked as showing a victim.") if shows else gettext("The mark is gone."))
    return redirect(url_for("evidence.show", item_id=item_id), code=303)
