"""Who may do what with period reports."""

from casework.domain.report_lifecycle import ISSUERS, WRITERS
from foundation.people import Role
from foundation.permissions import acts

ACTS = acts(
    {
        "report.view": WRITERS | ISSUERS | {Role.POLICE},
        "report.write": WRITERS,
        "report.return": ISSUERS,
        "report.issue": ISSUERS,
        "report.discard": WRITERS | ISSUERS,
    }
)
