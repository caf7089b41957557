"""What may become of a case (vụ việc) and of its tasks (nhiệm vụ): tables that pages and services read."""

from enum import StrEnum

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role


class CaseState(StrEnum):
    """How far a case is (tình trạng vụ việc)."""

    OPEN = "open"  # mới mở
    IN_PROGRESS = "in_progress"  # đang xử lý
    WAITING = "waiting"  # chờ phản hồi
    CLOSED = "closed"  # đã kết thúc


class TaskState(StrEnum):
    """Whether a task is done (tình trạng nhiệm vụ)."""

    TODO = "todo"
    DONE = "done"
    DROPPED = "dropped"


WORKERS = frozenset({Role.INSPECTOR, Role.POLICE})
CLOSERS = WORKERS | {Role.APPROVER}

_OPEN = (CaseState.OPEN, CaseState.IN_PROGRESS, CaseState.WAITING)

CASE = Lifecycle(
    "case",
    CaseState.OPEN,
    (
        Step(CaseState.OPEN, "start", CaseState.IN_PROGRESS, WORKERS),
        Step(CaseState.WAITING, "start", CaseState.IN_PROGRESS, WORKERS),
        Step(CaseState.OPEN, "wait", CaseState.WAITING, WORKERS, needs=("reason",)),
        Step(CaseState.IN_PROGRESS, "wait", CaseState.WAITING, WORKERS, needs=("reason",)),
        *(Step(state, "close", CaseState.CLOSED, CLOSERS, needs=("reason",)) for state in _OPEN),
        Step(CaseState.CLOSED, "reopen", CaseState.IN_PROGRESS, CLOSERS, needs=("reason",)),
    ),
)

TASK = Lifecycle(
    "task",
    TaskState.TODO,
    (
        Step(TaskState.TODO, "finish", TaskState.DONE, CLOSERS),
        Step(TaskState.TODO, "drop", TaskState.DROPPED, CLOSERS, needs=("reason",)),
        Step(TaskState.DONE, "undo", TaskState.TODO, CLOSERS),
        Step(TaskState.DROPPED, "undo", TaskState.TODO, CLOSERS),
    ),
)
