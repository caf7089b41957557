"""The web application as a fixture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.settings import Settings
from tests.support.office import Office, open_office
from tests.support.people import People
from tests.webui.login import let_tests_log_in
from tests.webui.shell_area import MODULES, ground_wiring
from webui import nav
from webui.app import create_app
from webui.requests import shell


@pytest.fixture
def office(settings: Settings, database: Database, clock: MovableClock) -> Office:
    """The whole application over empty tables, without people."""
    return open_office(settings, database, clock)


@pytest.fixture
def shell_app(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The frame with one small page area, over the ground alone, and nothing that others registered."""
    monkeypatch.setattr(nav, "_TODAY", {})
    monkeypatch.setattr(nav, "_COUNTS", {})
    ground = ground_wiring(tmp_path / "shell", clock)
    yield let_tests_log_in(create_app(ground, modules=MODULES))  # type: ignore[arg-type]
    ground.database.dispose()


@pytest.fixture
def shell_people(shell_app: Flask, clock: MovableClock) -> People:
    """People of the frame's own deployment."""
    return People(shell(shell_app).wiring.database, clock)
