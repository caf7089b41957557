"""Why a post is dismissed (lý do bỏ qua): one table for the key, the code and the word."""

from dataclasses import dataclass

from foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class DismissReason:
    """One reason: its digit on the keyboard, its code in the rows, its word as a msgid.

    `note`: the reason says nothing by itself, so a note must be given. `help`: the post is not put
    away at all, it moves to the lane of people who need help.
    """

    key: int
    code: str
    label: str
    note: bool = False
    help: bool = False


REASONS = (
    DismissReason(1, "not_lure", "Not a lure"),
    DismissReason(2, "honest_recruiter", "Honest recruiter"),
    DismissReason(3, "warning_or_news", "Warning or news"),
    DismissReason(4, "duplicate", "Duplicate"),
    DismissReason(5, "wrong_place", "Another province's affair"),
    DismissReason(6, "old", "Too old"),
    DismissReason(7, "needs_help", "A victim asks for help", help=True),
    DismissReason(8, "other", "Other, with a note", note=True),
)
_BY_CODE = {reason.code: reason for reason in REASONS}


def reason_of(code: str, note: str = "") -> DismissReason:
    """The reason of that code; InvalidInput when unknown, or when the note it needs is missing."""
    reason = _BY_CODE.get(code)
    if reason is None:
        raise InvalidInput(
            f"{code!r} is no reason to dismiss a post",
            about="reason",
            key="error.triage.no_such_reason",
        )
    if reason.note and not note.strip():
        raise InvalidInput(
            "this reason needs a note", about="note", key="error.triage.reason_needs_note"
        )
    return reason


def label_of(code: str) -> str:
    """The msgid of a code, for history; the code itself where the table no longer has it."""
    reason = _BY_CODE.get(code)
    return reason.label if reason else code
