"""Captures of a case's addresses through the API: asked for by one call, followed by another."""

from typing import Any

from marshmallow import Schema, fields

from casework.cases import service as cases
from casework.cases.models import Case
from casework.evidence import capturing
from webui.api.building import operation
from webui.requests import actor, now, session, writing


class CaseCapture(Schema):
    """One address of a case, and how far its capture is."""

    post_id = fields.Integer(required=True)
    url = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "waiting, leased, done or failed; empty: not asked for."},
    )
    error = fields.String(required=True)
    evidence_id = fields.Integer(required=True, allow_none=True)
    availability = fields.String(required=True)
    unchanged = fields.Boolean(
        required=True, metadata={"description": "The same as the evidence that was there before."}
    )


class CaseCaptures(Schema):
    """Every address of a case that is on the web."""

    open = fields.Integer(required=True, metadata={"description": "How many are on their way."})
    captures = fields.List(fields.Nested(CaseCapture), required=True)


@operation("/cases/<int:case_id>/captures", CaseCaptures, act="evidence.view", problems=(404,))
def case_captures(case_id: int) -> dict[str, Any]:
    """How far the captures of a case's addresses are."""
    return _told(cases.get_case(session(), actor(), case_id))


@operation(
    "/cases/<int:case_id>/captures",
    CaseCaptures,
    act="evidence.capture",
    method="POST",
    status=202,
    problems=(404, 409, 422),
)
def capture_case(case_id: int) -> dict[str, Any]:
    """Have every address of a case captured; what is on its way is not asked for again."""
    with writing() as opened:
        capturing.ask_case(opened, actor(), cases.get_case(opened, actor(), case_id), at=now())
    return _told(cases.get_case(session(), actor(), case_id))


def _told(case: Case) -> dict[str, Any]:
    lines = capturing.progress(session(), case)
    return {
        "open": sum(one.open for one in lines),
        "captures": [
            {
                "post_id": one.post.id,
                "url": one.post.url,
                "state": one.wish.state if one.wish else "",
                "error": one.wish.last_error if one.wish else "",
                "evidence_id": one.item.id if one.item else None,
                "availability": one.item.availability if one.item else "",
                "unchanged": one.unchanged,
            }
            for one in lines
        ],
    }
