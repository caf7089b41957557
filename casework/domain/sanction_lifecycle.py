"""What may become of a sanction file (hồ sơ xử phạt vi phạm hành chính), as a table."""

from enum import StrEnum

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role


class SanctionState(StrEnum):
    """How far a file is (tình trạng hồ sơ xử phạt)."""

    DRAFT = "draft"  # mới lập, chưa có biên bản
    RECORDED = "recorded"  # đã lập biên bản
    EXPLANATION = "explanation"  # chờ giải trình
    EXPLAINED = "explained"  # đã xong giải trình
    PROPOSED = "proposed"  # đã đề xuất, chờ quyết định
    DECIDED = "decided"  # đã ra quyết định
    SERVED = "served"  # đã giao quyết định
    PAID = "paid"  # đã nộp phạt
    ENFORCED = "enforced"  # cưỡng chế
    REMINDED = "reminded"  # nhắc nhở (không phải hình thức xử phạt)
    ELSEWHERE = "elsewhere"  # cơ quan khác đã xử phạt
    CANCELLED = "cancelled"  # đã hủy


class Form(StrEnum):
    """Forms of sanction that a file can end in (hình thức xử phạt)."""

    FINE = "fine"  # phạt tiền
    WARNING = "warning"  # cảnh cáo


class ExplanationOutcome(StrEnum):
    """How the right to explain was used (giải trình, Điều 61)."""

    WRITTEN = "written"  # bằng văn bản
    ORAL = "oral"  # trực tiếp
    WAIVED = "waived"  # không yêu cầu giải trình
    EXPIRED = "expired"  # hết thời hạn


WORKERS = frozenset({Role.INSPECTOR, Role.POLICE})
SIGNERS = frozenset({Role.APPROVER})

_S = SanctionState
BEFORE_DECISION = (_S.DRAFT, _S.RECORDED, _S.EXPLANATION, _S.EXPLAINED, _S.PROPOSED)
BEFORE_PROPOSAL = (_S.DRAFT, _S.RECORDED, _S.EXPLANATION, _S.EXPLAINED)
IN_FORCE = (_S.DECIDED, _S.SERVED, _S.PAID, _S.ENFORCED)
"""States in which a decision stands and counts."""
OPEN = (*BEFORE_DECISION, _S.DECIDED, _S.SERVED, _S.ENFORCED)

SANCTION = Lifecycle(
    "sanction",
    _S.DRAFT,
    (
        Step(_S.DRAFT, "edit", _S.DRAFT, WORKERS),
        Step(_S.DRAFT, "record", _S.RECORDED, WORKERS),
        Step(_S.DRAFT, "elsewhere", _S.ELSEWHERE, WORKERS, needs=("body",)),
        Step(_S.RECORDED, "await_explanation", _S.EXPLANATION, WORKERS),
        Step(_S.EXPLANATION, "explain", _S.EXPLAINED, WORKERS, needs=("outcome",)),
        Step(_S.RECORDED, "propose", _S.PROPOSED, WORKERS),
        Step(_S.EXPLAINED, "propose", _S.PROPOSED, WORKERS),
        Step(_S.PROPOSED, "return", _S.EXPLAINED, SIGNERS, needs=("reason",)),
        Step(
            _S.PROPOSED,
            "decide",
            _S.DECIDED,
            SIGNERS,
            not_same_as=("open", "edit", "record", "explain", "propose"),
            needs=("title", "number"),
            destructive=True,
        ),
        Step(_S.DECIDED, "serve", _S.SERVED, WORKERS, needs=("proof",)),
        Step(_S.SERVED, "pay", _S.SERVED, WORKERS, needs=("receipt",)),
        Step(_S.SERVED, "settle", _S.PAID, WORKERS, needs=("receipt",)),
        Step(_S.SERVED, "enforce", _S.ENFORCED, SIGNERS, needs=("reason",), destructive=True),
        Step(_S.ENFORCED, "pay", _S.ENFORCED, WORKERS, needs=("receipt",)),
        Step(_S.ENFORCED, "settle", _S.PAID, WORKERS, needs=("receipt",)),
        *(Step(each, "remedied", each, WORKERS) for each in (_S.SERVED, _S.PAID, _S.ENFORCED)),
        *(
            Step(each, "remind", _S.REMINDED, WORKERS, needs=("reason",))
            for each in BEFORE_PROPOSAL
        ),
        *(
            Step(each, "flag_crime", each, WORKERS | SIGNERS, needs=("reason",))
            for each in (*BEFORE_DECISION, _S.DECIDED)
        ),
        *(
            Step(each, "clear_crime", each, SIGNERS, needs=("reason",))
            for each in (*BEFORE_DECISION, _S.DECIDED)
        ),
        *(
            Step(each, "cancel", _S.CANCELLED, WORKERS | SIGNERS, needs=("reason",))
            for each in BEFORE_DECISION
        ),
        *(
            Step(
                each,
                "cancel",
                _S.CANCELLED,
                SIGNERS,
                needs=("reason",),
                destructive=True,
            )
            for each in (_S.DECIDED, _S.SERVED, _S.ENFORCED)
        ),
    ),
)
