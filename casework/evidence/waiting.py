"""Whether a package is to be made, asked every few seconds, without what making one needs."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from casework.evidence.models_packages import EvidencePackage, PackageState


def unfinished() -> ColumnElement[bool]:
    """What asks for work: to be made, or rows of custody that are still to be written."""
    return or_(
        EvidencePackage.state == PackageState.WAITING,
        (EvidencePackage.state == PackageState.DONE)
        & (
            (EvidencePackage.exported_item_id < EvidencePackage.last_item_id)
            | (
                EvidencePackage.handed_over_at.is_not(None)
                & (EvidencePackage.handed_item_id < EvidencePackage.last_item_id)
            )
        ),
    )


def waits(session: Session) -> bool:
    """Whether a package is to be made, or its custody to be written."""
    return session.scalar(select(EvidencePackage.id).where(unfinished()).limit(1)) is not None
