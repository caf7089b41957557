"""What every command does first, and how it shows that it is at work."""

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from foundation.errors import Unavailable
from webui.log_lines import configure_logging

if TYPE_CHECKING:
    from webui.wiring import Wiring


def opened(name: str) -> "Wiring":
    """The deployment's wiring for a command; Unavailable when its database was never made, or is old."""
    from webui import migrate
    from webui.wiring import build_from_env

    wiring = build_from_env(os.environ)
    configure_logging(max_level(wiring.settings.log_level), process=name)
    if not migrate.is_ready(wiring.database):
        raise Unavailable(
            f"the database {wiring.database.engine.url} is not ready",
            about="database",
            remedy="run: rasoat migrate   (rasoat serve does it by itself)",
        )
    return wiring


def max_level(level: str) -> str:
    """A command talks to a person: INFO lines would stand between its own words."""
    return "WARNING" if level == "INFO" else level


class Progress:
    """One line that changes on a terminal; elsewhere a line every few seconds. On standard error."""

    def __init__(self, every_seconds: float = 5.0) -> None:
        self._terminal = sys.stderr.isatty()
        self._every = every_seconds
        self._next = time.monotonic() + every_seconds
        self._width = 0

    def show(self, line: str) -> None:
        if self._terminal:
            click.echo("\r" + line.ljust(self._width), nl=False, err=True)
            self._width = len(line)
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            click.echo(line, err=True)

    def end(self, line: str = "") -> None:
        """The last word: whatever the line was, it is replaced."""
        if self._terminal:
            click.echo("\r" + line.ljust(self._width), nl=bool(line), err=True)
            if not line:
                click.echo("\r", nl=False, err=True)
        elif line:
            click.echo(line, err=True)
        self._width = 0
