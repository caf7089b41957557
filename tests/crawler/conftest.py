"""Fixtures of the crawler's tests: a deployment in a folder, a site that lists posts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An empty deployment of this test's own."""
    made = Office(tmp_path)
    yield made
    made.close()
