"""The command `rasoat`: what a deployment's processes and an operator's hands run."""

import importlib
import sys

import click

import foundation.lean  # before anything imports what it spares us
from foundation.errors import RasoatError

# Each module holds commands; it is imported only when one of its commands is called, so that starting a
# process does not pay for the others.
COMMANDS = {
    "serve": "webui.commands.serve",
    "web": "webui.commands.serve",
    "worker": "webui.commands.serve",
    "indexer": "webui.commands.serve",
    "scheduler": "webui.commands.serve",
    "crawler": "webui.commands.serve",
    "valkey": "webui.commands.serve",
    "crawl": "webui.commands.crawl",
    "sources": "webui.commands.sources",
    "import": "webui.commands.crawl",
    "migrate": "webui.commands.operate",
    "alive": "webui.commands.operate",
    "doctor": "webui.commands.operate",
    "backup": "webui.commands.operate",
    "restore": "webui.commands.operate",
    "audit": "webui.commands.operate",
    "index": "webui.commands.operate",
    "rules": "webui.commands.rules",
    "evidence": "webui.commands.evidence",
    "demo": "webui.commands.demo",
    "practice": "webui.commands.demo",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        module = COMMANDS.get(name)
        if module is None:
            return None
        found = getattr(importlib.import_module(module), f"{name}_command")
        if not isinstance(found, click.Command):
            raise TypeError(f"{module}.{name}_command is not a command")
        return found


@click.command(cls=LazyGroup)
@click.version_option(package_name="rasoat")
def cli() -> None:
    """Rà Soát: find recruitment scams and human trafficking on public pages, and carry each to its end."""


def main() -> None:
    """Run the command; an error of ours is told in one line, without a traceback."""
    foundation.lean.collect_seldom()
    try:
        cli(standalone_mode=True)
    except RasoatError as error:
        click.echo(f"rasoat: {error}", err=True)
        if remedy := error.detail.get("remedy"):
            click.echo(f"  {remedy}", err=True)
        sys.exit(2)
    except Exception as error:
        if not type(error).__module__.startswith(("sqlalchemy.", "redis.")):
            raise
        click.echo(f"rasoat: {str(error).splitlines()[0]}", err=True)
        click.echo("  run: rasoat doctor", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
