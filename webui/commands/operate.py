"""Commands of the operator's hands: migrate, audit, index, doctor, backup, restore."""

import os
import sys

import click
from sqlalchemy import exists, select

from foundation import audit
from foundation.people import User
from webui.log_lines import configure_logging
from webui.wiring import Wiring, build_from_env


@click.command("migrate")
@click.option("--quiet", is_flag=True, help="Say nothing, and make no administrator.")
def migrate_command(*, quiet: bool) -> None:
    """Bring the database to the newest revision and make the first administrator."""
    from webui import migrate

    wiring = build_from_env()
    configure_logging(wiring.settings.log_level, process="migrate")
    if migrate.upgrade(wiring.database) and not quiet:
        click.echo(f"database: now at revision {migrate.head()}")
    if quiet or _has_people(wiring):
        return
    from webui.accounts import first_administrator

    with wiring.database.writing() as session:
        told = first_administrator(session, wiring, os.environ)
    if told:
        click.echo(told)


def _has_people(wiring: Wiring) -> bool:
    """Whether somebody can log in; then there is no first administrator to make."""
    with wiring.database.reading() as session:
        return bool(session.scalar(select(exists().where(User.password.is_not(None)))))


@click.group("audit")
def audit_command() -> None:
    """The audit log."""


@audit_command.command("verify")
def audit_verify() -> None:
    """Check the whole chain, and its head against the anchors outside the database."""
    wiring = build_from_env()
    found = audit.verify(wiring.database, wiring.audit_anchor)
    click.echo(f"checked {found.checked} events, {found.unsealed} not sealed yet")
    if not found.ok:
        click.echo(f"BROKEN: {found.problem}", err=True)
        sys.exit(1)
    click.echo(f"whole; head {found.head.sequence} {found.head.digest}")


@click.group("index")
def index_command() -> None:
    """The search index."""
