"""Who may do what with sanction files."""

from casework.domain.sanction_lifecycle import SIGNERS, WORKERS
from foundation.people import Role
from foundation.permissions import acts

ACTS = acts(
    {
        "sanction.view": WORKERS | SIGNERS | {Role.REPORT_WRITER},
        "sanction.open": WORKERS,
        "sanction.record": WORKERS,
        "sanction.propose": WORKERS,
        "sanction.remind": WORKERS,
        "sanction.return": SIGNERS,
        "sanction.decide": SIGNERS,
        "sanction.serve": WORKERS,
        "sanction.pay": WORKERS,
        "sanction.enforce": SIGNERS,
        "sanction.flag_crime": WORKERS | SIGNERS,
        "sanction.clear_crime": SIGNERS,
        "sanction.cancel": WORKERS | SIGNERS,
    }
)
