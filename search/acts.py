"""What may be done with the rules, and by whom; wiring collects it into the one permission table."""

from foundation.permissions import EVERYBODY, acts
from search.lab.lifecycle import APPROVERS, WRITERS

ACTS = acts(
    {
        "rule.view": EVERYBODY,
        "rule.write": WRITERS,
        "rule.shadow": WRITERS | APPROVERS,
        "rule.approve": APPROVERS,
        "rule.rejudge": APPROVERS,
    }
)
