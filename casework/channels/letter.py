"""A request by letter (công văn): proven by its number and the day it was handed over."""

import re
from datetime import datetime

from casework.channels.proof import ChannelKind, Proof, require, require_moment
from foundation.errors import InvalidInput

_NUMBER = re.compile(r"\d{1,6}(?:/[\w.Đđ-]+)?")


def posted(
    *,
    document_number: str,
    recipient: str,
    how: str,
    posted_at: datetime | None,
    earliest: datetime | None,
    now: datetime,
) -> Proof:
    """The number that the clerk gave (số công văn) and how it went: post, courier, by hand."""
    number = require(document_number, "document_number")
    if not _NUMBER.fullmatch(number):
        raise InvalidInput(
            f"{number} is no number of a letter",
            about="document_number",
            key="error.takedown.document_number",
        )
    at = require_moment(posted_at, earliest=earliest, now=now)
    to = require(recipient, "recipient")
    return Proof(ChannelKind.LETTER, to, at, require(how, "how"), number)


def number_of(document_number: str) -> int | None:
    """734 of `734/SVHTTDL-QLTTBC`."""
    found = re.match(r"\d+", document_number)
    return int(found[0]) if found else None
