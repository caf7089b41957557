"""What may be done with accounts and the audit log, and by whom."""

from foundation.people import Role
from foundation.permissions import EVERYBODY, acts

ACTS = acts(
    {
        "people.view": [Role.ADMINISTRATOR, Role.APPROVER],
        "people.manage": [Role.ADMINISTRATOR],
        "people.permissions": EVERYBODY,
        "audit.view": [Role.ADMINISTRATOR, Role.APPROVER],
        "audit.verify": [Role.ADMINISTRATOR, Role.APPROVER],
        "me.manage": EVERYBODY,
    }
)
