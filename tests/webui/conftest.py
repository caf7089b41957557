"""The web application as a fixture."""

import pytest

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.settings import Settings
from tests.support.office import Office, open_office


@pytest.fixture
def office(settings: Settings, database: Database, clock: MovableClock) -> Office:
    """The whole application over empty tables, without people."""
    return open_office(settings, database, clock)
