"""What every entry of the catalogue has, and the words that entries use."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """H: the text itself or two agreeing sources; M: one credible source; L: to be verified."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class SubjectKind(StrEnum):
    """Whom an act is held against: cá nhân, tổ chức, hộ kinh doanh."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    HOUSEHOLD = "household"


class Unit(StrEnum):
    """How a period is counted: giờ, ngày làm việc, ngày, tháng, năm."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class OtherKind(StrEnum):
    """The amount for the kind of subject that the decree does not print."""

    HALF = "half"
    DOUBLE = "double"


class Target(StrEnum):
    """Who is asked to remove."""

    CROSS_BORDER = "cross_border"
    DOMESTIC_NETWORK = "domestic_network"
    WEBSITE = "website"
    ACCOUNT_OWNER = "account_owner"
    POSTER = "poster"
    TELECOM = "telecom"


class Channel(StrEnum):
    """How a request may leave: điện thoại, văn bản, phương tiện điện tử."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Anything in the catalogue. `in_force` is the first day, `ended` the last (both inclusive)."""

    id: str
    source: str
    confidence: Confidence = Confidence.HIGH
    in_force: date | None = None
    ended: date | None = None
    note_vi: str = ""
    note_en: str = ""

    def in_force_on(self, day: date) -> bool:
        started = self.in_force is None or self.in_force <= day
        return started and (self.ended is None or day <= self.ended)
