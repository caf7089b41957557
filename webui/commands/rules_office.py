"""Whose rules a command uses: the office's where there is an office, else those that come with the program."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from search.lab.office import OfficeRules
    from webui.wiring import Wiring

SHIPPED = click.option("--shipped", is_flag=True, help="Use the rules that come with the program.")
FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


def office_rules(*, shipped: bool) -> "OfficeRules":
    """The office's rules where there is an office, else those shipped. Makes no folder and no file."""
    from search.lab.office import shipped_rules

    wiring = None if shipped else office_wiring()
    if wiring is None:
        return shipped_rules()
    try:
        return wiring.rules.office
    finally:
        wiring.close()


def office_wiring() -> "Wiring | None":
    """The deployment whose data folder or database is named, if it is there and ready."""
    from foundation.settings import Settings
    from webui import migrate
    from webui.wiring import Wiring

    settings = Settings.from_env(os.environ)
    if not settings.database_url and not (settings.data_dir / "rasoat.db").exists():
        return None
    wiring = Wiring(settings)
    if migrate.is_ready(wiring.database):
        return wiring
    wiring.close()
    return None


def needed_wiring() -> "Wiring":
    """The deployment; Unavailable where there is none."""
    found = office_wiring()
    if found is None:
        raise Unavailable(
            "there is no office here: no data folder with a database",
            about="database",
            remedy="name it by RASOAT_DATA_DIR or DATABASE_URL, or run: rasoat migrate",
        )
    return found


def text_of(office: "OfficeRules", pack: str) -> str:
    one = office.of(pack)
    if one is None:
        raise NotFound(f"no pack is called {pack}: see rasoat rules list", about=pack)
    return one.text
