"""What each document needs, as frozen dataclasses. Money in đồng, days Vietnamese, moments aware."""

from casework.documents.heads import Letterhead, Recipients, Signature
from casework.documents.parties import Party
from casework.documents.report_context import (
    Directive,
    PeriodReport,
    PlatformFigures,
    ReportFigures,
)
from casework.documents.sanction_contexts import (
    ActLine,
    Officer,
    RemedyLine,
    SanctionDecision,
    ViolationRecord,
    Witness,
)
from casework.documents.takedown_context import TakedownItem, TakedownRequest

__all__ = [
    "ActLine",
    "Directive",
    "Letterhead",
    "Officer",
    "Party",
    "PeriodReport",
    "PlatformFigures",
    "Recipients",
    "RemedyLine",
    "ReportFigures",
    "SanctionDecision",
    "Signature",
    "TakedownItem",
    "TakedownRequest",
    "ViolationRecord",
    "Witness",
]
