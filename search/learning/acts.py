"""Who sees what decisions say of the rules, and who may act on it; wiring collects it."""

from foundation.people import Role
from foundation.permissions import acts
from search.lab.lifecycle import WRITERS

ACTS = acts(
    {
        "learning.view": WRITERS,
        "learning.train": WRITERS,
        "learning.suggest": WRITERS,
        "learning.switch": {Role.ADMINISTRATOR},
    }
)
