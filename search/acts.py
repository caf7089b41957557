"""What may be done with the rules, and by whom; wiring collects it into the one permission table."""

from foundation.permissions import EVERYBODY, acts

ACTS = acts({"rule.view": EVERYBODY})
