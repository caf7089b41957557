"""What a takedown request needs. Moments carry their time zone."""

from dataclasses import dataclass
from datetime import datetime

from casework.documents.heads import Letterhead, Recipients, Signature, given


@dataclass(frozen=True, kw_only=True)
class TakedownItem:
    """One address to be removed: what stands there, when it was seen, what it violates."""

    url: str
    account: str = ""
    quote: str
    captured_at: datetime
    violation: str
    evidence_sha256: str = ""

    def __post_init__(self) -> None:
        given("items", url=self.url, quote=self.quote, violation=self.violation)
        if self.captured_at.tzinfo is None:
            raise ValueError("items.captured_at needs a time zone")


@dataclass(frozen=True, kw_only=True)
class TakedownRequest:
    """Công văn yêu cầu gỡ bỏ. `basis` holds căn cứ lines without the word and the semicolon."""

    letterhead: Letterhead
    summary: str
    addressees: tuple[str, ...]
    basis: tuple[str, ...]
    findings: str
    items: tuple[TakedownItem, ...]
    hours: int
    deadline_basis: str
    lock_request: str = ""
    renotice_of: str = ""
    contact: str
    recipients: Recipients
    signature: Signature

    def __post_init__(self) -> None:
        given("takedown_request", summary=self.summary, contact=self.contact)
        for name in ("addressees", "basis", "items"):
            if not getattr(self, name):
                raise ValueError(f"takedown_request: {name} is empty")
        if self.hours <= 0:
            raise ValueError("takedown_request: hours must be above 0")
