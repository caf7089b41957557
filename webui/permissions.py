"""Collects the acts that each room declares; the one table is made of them in wiring."""

import importlib
from collections.abc import Iterator, Sequence

from foundation.permissions import ActRule

DECLARERS: tuple[str, ...] = (
    "webui.accounts",
    "crawler.acts",
    "search.acts",
    "search.learning.acts",
    "casework.triage.service",
    "casework.cases.service",
    "casework.evidence.service",
    "casework.sanctions.acts",
    "casework.reports.acts",
    "casework.law.acts",
    "casework.takedowns.service",
    "casework.tips.service",
    "webui.views.system",
    "webui.views.storage",
)
"""Modules with an `ACTS` of their own."""


def declared_acts() -> Iterator[Sequence[ActRule]]:
    for module in DECLARERS:
        yield importlib.import_module(module).ACTS
