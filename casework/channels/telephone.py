"""A request by telephone (điện thoại): proven by a call note."""

from datetime import datetime

from casework.channels.proof import ChannelKind, Proof, require, require_moment


def call_note(
    *,
    number: str,
    spoke_with: str,
    said: str,
    called_at: datetime | None,
    earliest: datetime | None,
    now: datetime,
) -> Proof:
    """Who was called on which number, who answered, what was said (phiếu ghi cuộc gọi)."""
    at = require_moment(called_at, earliest=earliest, now=now)
    answered, note = require(spoke_with, "spoke_with"), require(said, "said", at_least=10)
    return Proof(ChannelKind.TELEPHONE, f"{answered}, {require(number, 'number')}", at, note)
