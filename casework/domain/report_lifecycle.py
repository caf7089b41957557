"""What may become of a period report (báo cáo định kỳ), as a table."""

from enum import StrEnum

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role


class ReportState(StrEnum):
    """How far a report is (tình trạng báo cáo)."""

    DRAFT = "draft"  # dự thảo
    SUBMITTED = "submitted"  # trình duyệt
    ISSUED = "issued"  # đã ban hành
    DISCARDED = "discarded"  # đã bỏ


WRITERS = frozenset({Role.REPORT_WRITER, Role.INSPECTOR})
ISSUERS = frozenset({Role.APPROVER})

_S = ReportState

REPORT = Lifecycle(
    "report",
    _S.DRAFT,
    (
        Step(_S.DRAFT, "edit", _S.DRAFT, WRITERS),
        Step(_S.DRAFT, "submit", _S.SUBMITTED, WRITERS, needs=("figures",)),
        Step(_S.SUBMITTED, "recall", _S.DRAFT, WRITERS),
        Step(_S.SUBMITTED, "return", _S.DRAFT, ISSUERS, needs=("reason",)),
        Step(
            _S.SUBMITTED,
            "issue",
            _S.ISSUED,
            ISSUERS,
            not_same_as=("create", "edit", "submit"),
            needs=("figures", "document"),
            destructive=True,
        ),
        *(
            Step(each, "discard", _S.DISCARDED, WRITERS | ISSUERS, needs=("reason",))
            for each in (_S.DRAFT, _S.SUBMITTED)
        ),
        Step(_S.DISCARDED, "restore", _S.DRAFT, WRITERS),
    ),
)
