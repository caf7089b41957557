"""Who may read the legal catalogue: everybody who works here."""

from foundation.permissions import EVERYBODY, acts

ACTS = acts({"law.view": EVERYBODY})
