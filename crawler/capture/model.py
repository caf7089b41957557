"""What a visit brings: one exchange for each resource, the page as it was shown, and the capture itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from foundation.errors import Unavailable
from search.watch import CaptureFiles
from search.watch import KnownCapture as Known

__all__ = ["Capture", "CaptureFailed", "Exchange", "Headers", "Known", "Shown", "Visit"]
Headers = tuple[tuple[str, str], ...]


class CaptureFailed(Unavailable):
    """The browser could not show the page; nothing is said about the page itself."""

    key = "crawler.capture_failed"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture: what was stored, and the rendered page for whoever judges it."""

    files: CaptureFiles
    html: str
    text: str
    picture_text: str = ""
    """What was read from pictures (đọc từ ảnh); empty where no reader is installed."""
    pictures: tuple["Shown", ...] = ()
    views: tuple[bytes, ...] = ()
    """The first screenshots, for whoever reads them."""
    unchanged: bool = False
    """Shows the same as the capture that was known: its files are those, none was stored anew."""


def sound(value: Any) -> Any:
    """A text, or every text within, as UTF-8 can write it and PostgreSQL keeps it."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, Mapping):
        return {key: sound(one) for key, one in value.items()}
    if isinstance(value, list):
        return [sound(one) for one in value]
    return value


@dataclass(slots=True)
class Exchange:
    """One request of the page and the answer to it, as the browser sent and received them."""

    url: str
    method: str
    sent_at: datetime
    kind: str = ""
    """Document, Image, Script ... as Chromium says."""
    frame: str = ""
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int = 0
    reason: str = ""
    headers: Headers = ()
    protocol: str = ""
    body: bytes | None = None
    """After content-encoding was undone; None: not had."""
    missing: str = ""
    """Why the body, or a part of it, is not there; empty: it is whole."""
    redirect: bool = False

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that the page showed: its address, its bytes as received, and their type."""

    url: str
    data: bytes
    media_type: str
    alt: str = ""


@dataclass(slots=True)
class Visit:
    """Everything one visit brought; empty where the page did not let it be had."""

    url: str
    final_url: str = ""
    status: int | None = None
    title: str = ""
    html: str = ""
    text: str = ""
    screenshots: list[tuple[bytes, int, int]] = field(default_factory=list)
    """PNG, first and last pixel row."""
    page_height: int = 0
    exchanges: list[Exchange] = field(default_factory=list)
    images: list[Mapping[str, Any]] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    overlays: list[str] = field(default_factory=list)
    """Texts of what lies over the page: consent banners among them."""
    certificates: list[bytes] = field(default_factory=list)
    """DER, the server's first."""
    security: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """dialogs, popups, downloads, sockets, navigations that the page tried."""
    notes: list[dict[str, Any]] = field(default_factory=list)
    """What went beyond a limit or did not work: {"what", ...}."""

    @property
    def main(self) -> Exchange | None:
        """The answer that the shown page came from."""
        documents = self.documents
        return documents[-1] if documents else None

    @property
    def documents(self) -> list[Exchange]:
        """The chain of answers of the page itself: redirects, then what it led to."""
        return [one for one in self.exchanges if one.frame == "main" and one.status]

    @property
    def unanswered(self) -> bool:
        """Whether the page did not say what it shows."""
        return any(
            note["what"] in {"no_html", "no_text", "html_as_received"} for note in self.notes
        )

    def make_sound(self) -> None:
        """Halves of characters and zeros, which a page can write and no database stores, are replaced."""
        self.final_url, self.title = sound(self.final_url), sound(self.title)
        self.html, self.text = sound(self.html), sound(self.text)
        self.videos, self.overlays = sound(self.videos), sound(self.overlays)
        self.images = sound(self.images)

    def note(self, what: str, **detail: Any) -> None:
        found = sound({"what": what, **detail})
        if found not in self.notes:
            self.notes.append(found)
