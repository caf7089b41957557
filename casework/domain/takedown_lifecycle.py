"""What may become of a takedown request (yêu cầu gỡ bỏ) and of each of its addresses, as tables."""

from enum import StrEnum

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role


class RequestState(StrEnum):
    """How far a request is (tình trạng yêu cầu gỡ bỏ)."""

    DRAFT = "draft"  # dự thảo
    SUBMITTED = "submitted"  # chờ duyệt
    APPROVED = "approved"  # đã duyệt, chờ gửi
    SENT = "sent"  # đã gửi, đang theo dõi
    DONE = "done"  # đã gỡ xong
    REFUSED = "refused"  # không duyệt
    WITHDRAWN = "withdrawn"  # đã rút


class ItemState(StrEnum):
    """What is known of one address (tình trạng từng đường dẫn).

    GONE was seen gone twice but lacks a capture from before or after; only REMOVED is proven.
    """

    PENDING = "pending"  # chưa kiểm tra
    ONLINE = "online"  # còn hiển thị
    GONE_ONCE = "gone_once"  # không còn thấy, lần một
    GONE = "gone"  # không còn thấy, thiếu bản chụp
    REMOVED = "removed"  # đã gỡ, có chứng minh
    EDITED = "edited"  # đã sửa nội dung
    RESTRICTED = "restricted"  # bị hạn chế xem
    UNCLEAR = "unclear"  # chưa xem được


DRAFTERS = frozenset({Role.INSPECTOR, Role.POLICE})
APPROVERS = frozenset({Role.APPROVER})
HOLDERS = frozenset({Role.POLICE})
SYSTEM_ONLY: frozenset[Role] = frozenset()

OPEN = (RequestState.DRAFT, RequestState.SUBMITTED, RequestState.APPROVED, RequestState.SENT)
BEFORE_SENDING = OPEN[:3]
_S = RequestState

REQUEST = Lifecycle(
    "takedown",
    _S.DRAFT,
    (
        Step(_S.DRAFT, "edit", _S.DRAFT, DRAFTERS),
        Step(_S.DRAFT, "submit", _S.SUBMITTED, DRAFTERS, needs=("legal_basis", "items")),
        Step(_S.SUBMITTED, "recall", _S.DRAFT, DRAFTERS),
        Step(
            _S.SUBMITTED,
            "approve",
            _S.APPROVED,
            APPROVERS,
            not_same_as=("draft", "edit", "submit"),
            needs=("legal_basis", "items"),
        ),
        Step(_S.SUBMITTED, "return", _S.DRAFT, APPROVERS, needs=("reason",)),
        Step(_S.SUBMITTED, "refuse", _S.REFUSED, APPROVERS, needs=("reason",), destructive=True),
        Step(_S.REFUSED, "redraft", _S.DRAFT, DRAFTERS, needs=("reason",)),
        Step(_S.APPROVED, "unapprove", _S.SUBMITTED, APPROVERS, needs=("reason",)),
        Step(_S.APPROVED, "send", _S.SENT, DRAFTERS, needs=("proof",)),
        Step(_S.SENT, "renotice", _S.SENT, DRAFTERS, needs=("proof",)),
        Step(_S.SENT, "answer", _S.SENT, DRAFTERS, needs=("answer",)),
        Step(_S.DONE, "answer", _S.DONE, DRAFTERS, needs=("answer",)),
        Step(_S.SENT, "finish", _S.DONE, SYSTEM_ONLY),
        Step(_S.SENT, "close", _S.DONE, APPROVERS, needs=("reason",), destructive=True),
        Step(_S.DONE, "reopen", _S.SENT, DRAFTERS, needs=("reason",)),
        *(
            Step(
                state,
                "withdraw",
                _S.WITHDRAWN,
                DRAFTERS | APPROVERS,
                needs=("reason",),
                destructive=True,
            )
            for state in OPEN
        ),
        Step(_S.WITHDRAWN, "restore", _S.DRAFT, DRAFTERS),
        Step(_S.WITHDRAWN, "resume", _S.SENT, DRAFTERS),
        *(Step(state, "hold", state, HOLDERS, needs=("reason",)) for state in OPEN),
        *(Step(state, "release", state, HOLDERS) for state in OPEN),
    ),
)

ITEM = Lifecycle(
    "takedown_item",
    ItemState.PENDING,
    (
        Step(source, f"seen_{target}", target, SYSTEM_ONLY)
        for source in ItemState
        for target in ItemState
        if source != target
    ),
)
