"""Head and foot that official documents share (Phụ lục I Nghị định 30/2020/NĐ-CP)."""

from dataclasses import dataclass
from datetime import date

from casework.domain.figures import count, official_date


def given(owner: str, **texts: str) -> None:
    """Raises ValueError for the first text that is empty."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{owner}: {name} is empty")


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who issues, number and symbol, place and day. A draft has no number or no day yet.

    `superior` may be empty (a body without one above it); both names as written in a sentence.
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    number: int | None = None
    day: date | None = None
    year: int | None = None

    def __post_init__(self) -> None:
        given("letterhead", issuer=self.issuer, symbol=self.symbol, place=self.place)

    @property
    def number_line(self) -> str:
        """Số: 05/BC-SVHTTDL; blank where the number is not given yet."""
        number = "        " if self.number is None else count(self.number).replace(".", "")
        return f"Số: {number}/{self.symbol}"

    @property
    def place_line(self) -> str:
        """Bắc Sơn, ngày 05 tháng 02 năm 2026; blank where the day is not known yet."""
        if self.day:
            return f"{self.place}, {official_date(self.day)}"
        return f"{self.place}, ngày      tháng      năm {self.year or '        '}"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The lines over the signature (KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC) and the signer's name."""

    heading: tuple[str, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.heading:
            raise ValueError("signature: heading is empty")


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Nơi nhận: lines without dash and semicolon, and where the file copy goes (VT, QLTTBC)."""

    lines: tuple[str, ...]
    archive: str = "VT"
