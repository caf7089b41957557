"""Which office issues a document, and the symbols of its papers (ký hiệu văn bản)."""

from dataclasses import dataclass
from datetime import date

from casework.documents.heads import Letterhead
from foundation.settings import Settings

UNKNOWN_PLACE = "…………"
_SMALL = {"và", "của", "các"}


@dataclass(frozen=True)
class Office:
    """The body that signs: its superior, its name, its place, its short name (SVHTTDL)."""

    superior: str
    issuer: str
    place: str
    short: str

    @classmethod
    def of(cls, settings: Settings) -> "Office":
        """The office of a deployment, as its settings name it."""
        return cls(
            settings.agency_parent,
            settings.agency_name,
            settings.agency_place or UNKNOWN_PLACE,
            initials(settings.agency_name),
        )

    def letterhead(self, symbol: str, number: int | None, day: date | None) -> Letterhead:
        return Letterhead(
            superior=self.superior,
            issuer=self.issuer,
            symbol=symbol,
            place=self.place,
            number=number,
            day=day,
        )


def initials(name: str) -> str:
    """Sở Văn hóa, Thể thao và Du lịch is SVHTTDL."""
    words = name.replace(",", " ").replace("-", " ").split()
    return "".join(word[0].upper() for word in words if word.casefold() not in _SMALL)
