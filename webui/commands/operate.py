"""Commands of the operator's hands: migrate, audit, index, doctor, backup, restore."""

import os
import sys

import click

from foundation import audit
from webui.wiring import build_from_env


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest revision and make the first administrator."""
    from webui import migrate
    from webui.accounts import first_administrator

    wiring = build_from_env()
    if migrate.upgrade(wiring.database):
        click.echo(f"database: now at revision {migrate.head()}")
    with wiring.database.writing() as session:
        told = first_administrator(session, wiring, os.environ)
    if told:
        click.echo(told)


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
