"""Sanctions in one place: the act, the candidates, the assessment, the checks, the payment."""

from casework.domain.acts import Act, Candidate, applicable_instruments
from casework.domain.amounts import Assessment, assess
from casework.domain.checks import Procedure, Track, check_amount
from casework.domain.findings import Finding, Severity, blocks
from casework.domain.payments import LateInterest, late_interest
from casework.law.model import SubjectKind

__all__ = [
    "Act",
    "Assessment",
    "Candidate",
    "Finding",
    "LateInterest",
    "Procedure",
    "Severity",
    "SubjectKind",
    "Track",
    "applicable_instruments",
    "assess",
    "blocks",
    "check_amount",
    "late_interest",
]
