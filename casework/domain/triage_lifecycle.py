"""What may become of a flagged post (bài đăng): the table that the queue and its service read."""

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role
from search.models import WorkState

KIND = "post"
DECIDERS = frozenset({Role.INSPECTOR, Role.POLICE})
"""Who flags and dismisses (gắn cờ, bỏ qua)."""
REOPENERS = frozenset({Role.APPROVER})
"""Who takes back another person's decision, or any decision once its ten minutes are over."""

_BOTH = DECIDERS | REOPENERS
_NEW, _KEPT, _DISMISSED = WorkState.NEW, WorkState.KEPT, WorkState.DISMISSED

POST = Lifecycle(
    KIND,
    _NEW,
    (
        Step(_NEW, "keep", _KEPT, DECIDERS),
        Step(_DISMISSED, "keep", _KEPT, DECIDERS),
        Step(_NEW, "dismiss", _DISMISSED, DECIDERS, needs=("reason",)),
        Step(_KEPT, "dismiss", _DISMISSED, DECIDERS, needs=("reason",)),
        Step(_NEW, "route_to_help", _NEW, DECIDERS),
        Step(_KEPT, "undo", _NEW, _BOTH),
        Step(_DISMISSED, "undo", _NEW, _BOTH),
        Step(_NEW, "undo_help", _NEW, _BOTH),
        Step(_KEPT, "undo_keep", _DISMISSED, _BOTH),
        Step(_DISMISSED, "undo_dismiss", _KEPT, _BOTH),
        Step(_DISMISSED, "return", _NEW, frozenset()),
    ),
)
"""`return` is the system's own: a dismissed post that was edited afterwards is looked at again."""

_UNDO = {
    (_KEPT, _NEW): "undo",
    (_DISMISSED, _NEW): "undo",
    (_NEW, _NEW): "undo_help",
    (_KEPT, _DISMISSED): "undo_keep",
    (_DISMISSED, _KEPT): "undo_dismiss",
}


def undo_act(state: str, before: str) -> str:
    """The act that leads from `state` back to `before`; `undo` where there is no such way."""
    return _UNDO.get((WorkState(state), WorkState(before)), "undo")
