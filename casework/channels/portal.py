"""A request through the addressee's portal (cổng tiếp nhận): proven by its receipt number."""

from datetime import datetime

from casework.channels.proof import ChannelKind, Proof, require, require_moment
from casework.domain.addresses import is_web_address
from foundation.errors import InvalidInput


def lodged(
    *,
    address: str,
    receipt: str,
    note: str,
    lodged_at: datetime | None,
    earliest: datetime | None,
    now: datetime,
) -> Proof:
    """Where it was entered, and the reference that the portal gave back."""
    where = require(address, "address")
    if not is_web_address(where):
        raise InvalidInput(
            f"{where} is no web address", about="address", key="error.takedown.portal"
        )
    at = require_moment(lodged_at, earliest=earliest, now=now)
    return Proof(ChannelKind.PORTAL, where, at, " ".join(note.split()), require(receipt, "receipt"))
