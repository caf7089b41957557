"""How times, names and texts are written on the pages."""

import html
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from crawler.practice.content.shapes import ZONE

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_STEPS = ((86_400, "ngày"), (3_600, "giờ"), (60, "phút"))


def clean(text: str) -> str:
    """Text that XML may carry: one kind of line end, no control characters, trimmed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def paragraphs(text: str) -> list[str]:
    """The text cut at blank lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def as_html(text: str) -> str:
    """The text as HTML source, for feeds that carry HTML as text."""
    parts = (html.escape(part).replace("\n", "<br>") for part in paragraphs(text))
    return "".join(f"<p>{part}</p>" for part in parts)


def iso(moment: datetime) -> str:
    """``2026-11-20T19:05:00+07:00``."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def exact(moment: datetime) -> str:
    """``19:05 20/11/2026``."""
    return f"{moment.astimezone(ZONE):%H:%M %d/%m/%Y}"


def ago(moment: datetime) -> str:
    """``3 giờ trước``."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for step, unit in _STEPS:
        if seconds >= step:
            return f"{int(seconds // step)} {unit} trước"
    return "vừa xong"


def rfc822(moment: datetime) -> str:
    """The date of an RSS item."""
    return format_datetime(moment.astimezone(ZONE))


def initials(name: str) -> str:
    """Two letters for the round picture of a member."""
    words = [word for word in re.split(r"[^\w]+", name) if word and word[0].isalpha()]
    return "".join(word[0] for word in words[-2:]).upper() or "?"


def colour(handle: str) -> int:
    """One of eight colours, always the same for one member."""
    return zlib.crc32(handle.encode()) % 8


FILTERS: dict[str, Callable[..., Any]] = {
    "paragraphs": paragraphs,
    "as_html": as_html,
    "iso": iso,
    "exact": exact,
    "ago": ago,
    "rfc822": rfc822,
    "initials": initials,
    "colour": colour,
}
