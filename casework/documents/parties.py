"""Whom a record or decision is about, and the lines that the official forms give them."""

from dataclasses import dataclass
from datetime import date

from casework.law.model import SubjectKind

BLANK = "…………………"


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person, organisation or household. What is not known yet prints as a dotted blank."""

    kind: SubjectKind
    name: str
    gender: str = ""
    born: date | None = None
    nationality: str = ""
    job: str = ""
    address: str = ""
    identity_number: str = ""
    identity_issued_on: date | None = None
    identity_issued_by: str = ""
    registration_number: str = ""
    registration_issued_on: date | None = None
    registration_issued_by: str = ""
    representative: str = ""
    representative_position: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("party: name is empty")

    @property
    def is_person(self) -> bool:
        return self.kind is not SubjectKind.ORGANISATION

    @property
    def called(self) -> str:
        """What the text calls them: Ông (bà), or Tổ chức."""
        return "ông (bà)" if self.is_person else "tổ chức"

    @property
    def violator(self) -> str:
        return "cá nhân vi phạm" if self.is_person else "người đại diện theo pháp luật của tổ chức"

    @property
    def lines(self) -> tuple[str, ...]:
        """The identity lines of the forms, in their order."""
        return self._person() if self.is_person else self._organisation()

    def _person(self) -> tuple[str, ...]:
        owner = "Chủ hộ kinh doanh" if self.kind is SubjectKind.HOUSEHOLD else "Họ và tên"
        return (
            f"{owner}: {self.name}. Giới tính: {self.gender or BLANK}",
            f"Ngày, tháng, năm sinh: {_day(self.born)}. Quốc tịch: {self.nationality or BLANK}",
            f"Nghề nghiệp: {self.job or BLANK}",
            f"Nơi ở hiện tại: {self.address or BLANK}",
            (
                f"Số định danh cá nhân/CCCD/Hộ chiếu: {self.identity_number or BLANK}; "
                f"ngày cấp: {_day(self.identity_issued_on)}; "
                f"nơi cấp: {self.identity_issued_by or BLANK}"
            ),
        )

    def _organisation(self) -> tuple[str, ...]:
        return (
            f"Tên của tổ chức: {self.name}",
            f"Địa chỉ trụ sở chính: {self.address or BLANK}",
            (
                f"Mã số doanh nghiệp/Số giấy phép: {self.registration_number or BLANK}; "
                f"ngày cấp: {_day(self.registration_issued_on)}; "
                f"nơi cấp: {self.registration_issued_by or BLANK}"
            ),
            (
                f"Người đại diện theo pháp luật: {self.representative or BLANK}. "
                f"Giới tính: {self.gender or BLANK}"
            ),
            f"Chức danh: {self.representative_position or BLANK}",
        )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…/…/……"
