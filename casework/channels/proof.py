"""What proves that a request left: checked per channel, the same shape for all."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from foundation.errors import InvalidInput


class ChannelKind(StrEnum):
    """How a request leaves (kênh gửi)."""

    TELEPHONE = "telephone"  # điện thoại
    LETTER = "letter"  # công văn
    MAIL = "mail"  # thư điện tử
    PORTAL = "portal"  # cổng tiếp nhận


@dataclass(frozen=True, slots=True)
class Proof:
    """One sending: to whom, when, and what shows it. The clock starts at `at`."""

    channel: ChannelKind
    recipient: str
    at: datetime
    text: str
    reference: str = ""


def require(value: str, field: str, *, at_least: int = 1) -> str:
    """The value without blanks; InvalidInput names the field when it is missing or too short."""
    cleaned = " ".join(value.split())
    if len(cleaned) < at_least:
        raise InvalidInput(
            f"{field} is missing", about=field, key="error.takedown.proof", missing=[field]
        )
    return cleaned


def require_moment(at: datetime | None, *, earliest: datetime | None, now: datetime) -> datetime:
    """A sending cannot lie in the future, nor before the request was approved."""
    if at is None:
        raise InvalidInput("when?", about="at", key="error.takedown.proof", missing=["at"])
    if at > now or (earliest is not None and at < earliest):
        raise InvalidInput(
            "not between the approval and now", about="at", key="error.takedown.sent_at"
        )
    return at
