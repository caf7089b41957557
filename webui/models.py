"""Every room's rows, imported so that the metadata is whole: for migrations and for tests."""

import importlib

from foundation.database import Base

MODULES = (
    "foundation.audit",
    "foundation.heartbeat",
    "foundation.lifecycle",
    "foundation.models_storage",
    "foundation.outbox",
    "foundation.people",
    "search.models",
    "search.models_campaigns",
    "search.models_index",
    "search.pictures.models",
    "search.lab.models",
    "search.learning.models",
    "crawler.models",
    "casework.triage.models",
    "casework.cases.models",
    "casework.evidence.models",
    "casework.evidence.models_packages",
    "casework.sanctions.models",
    "casework.reports.models",
    "casework.takedowns.models",
    "casework.tips.models",
)

for _module in MODULES:
    importlib.import_module(_module)

metadata = Base.metadata
