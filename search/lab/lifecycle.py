"""What may become of a revision of a rule pack (bản sửa bộ quy tắc): a table that pages and services read.

Two persons for whatever changes the live rules: who wrote, changed or proposed a text does not approve it,
and who asked for a pack to be retired does not retire it. Going back to an older revision is proposing it
again.
"""

from foundation.lifecycle import Lifecycle, Step
from foundation.people import Role
from search.lab.models import RevisionState as S

KIND = "rule"
WRITERS = frozenset({Role.INSPECTOR, Role.POLICE, Role.ADMINISTRATOR})
"""Who writes rules and proposes them."""
APPROVERS = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Who lets them count: never the one who wrote them."""
_WROTE = ("create", "import", "edit", "propose")
_ALL = WRITERS | APPROVERS

REVISION = Lifecycle(
    KIND,
    S.DRAFT,
    (
        Step(S.DRAFT, "edit", S.DRAFT, WRITERS),
        Step(S.DRAFT, "propose", S.PROPOSED, WRITERS, needs=("reason",)),
        Step(S.DRAFT, "discard", S.DISCARDED, WRITERS),
        Step(S.DISCARDED, "restore", S.DRAFT, WRITERS),
        Step(S.PROPOSED, "recall", S.DRAFT, WRITERS),
        Step(S.PROPOSED, "return", S.DRAFT, APPROVERS, needs=("reason",)),
        Step(S.PROPOSED, "shadow", S.SHADOW, _ALL),
        Step(S.SHADOW, "end_shadow", S.PROPOSED, _ALL),
        Step(S.SHADOW, "return", S.DRAFT, APPROVERS, needs=("reason",)),
        Step(S.PROPOSED, "approve", S.LIVE, APPROVERS, not_same_as=_WROTE),
        Step(S.SHADOW, "approve", S.LIVE, APPROVERS, not_same_as=_WROTE),
        Step(S.LIVE, "ask_retire", S.LEAVING, WRITERS, needs=("reason",), destructive=True),
        Step(S.LEAVING, "stay", S.LIVE, _ALL),
        Step(
            S.LEAVING, "retire", S.RETIRED, APPROVERS, not_same_as=("ask_retire",), destructive=True
        ),
        Step(S.LIVE, "replace", S.REPLACED, frozenset()),
        Step(S.LEAVING, "replace", S.REPLACED, frozenset()),
        Step(S.REPLACED, "propose", S.PROPOSED, WRITERS, needs=("reason",)),
        Step(S.RETIRED, "propose", S.PROPOSED, WRITERS, needs=("reason",)),
    ),
)
"""`replace` is the system's own: it happens to what was live when another revision goes live."""
