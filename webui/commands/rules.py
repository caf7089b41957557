"""Commands for those who write rules: scan texts, check packs. They need no database."""

import json
import sys
import time
from pathlib import Path
from typing import TextIO

import click

from foundation.errors import InvalidInput


@click.group("rules")
def rules_command() -> None:
    """Rule packs: scan texts with them, check them."""


@rules_command.command("scan")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--pack", "packs", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--flagged", is_flag=True, help="Print flagged texts only.")
def rules_scan(file: TextIO, packs: tuple[Path, ...], *, flagged: bool) -> None:
    """Judge JSONL lines {"id", "text"} from FILE or - ; one JSON result a line."""
    from search.rules.lab import ScanError, scan
    from search.rules.matcher import Matcher
    from search.rules.pack import load_pack, shipped_packs

    matcher = Matcher(tuple(load_pack(path) for path in packs) or shipped_packs())
    started, seen, hit = time.monotonic(), 0, 0
    try:
        for result in scan(file, matcher):
            seen += 1
            hit += result["flagged"]
            if result["flagged"] or not flagged:
                click.echo(json.dumps(result, ensure_ascii=False))
    except ScanError as error:
        raise InvalidInput(f"{file.name}: {error}", about="file") from error
    seconds = time.monotonic() - started
    click.echo(f"{seen} texts, {hit} flagged, {seconds:.2f} s", err=True)


@rules_command.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def rules_check(files: tuple[Path, ...]) -> None:
    """Check pack FILES, or those that are shipped: schema, names, patterns, examples."""
    from search.rules.pack import PackError, load_pack, shipped_packs

    failed = 0
    for file in files:
        try:
            pack = load_pack(file)
        except PackError as error:
            failed += 1
            click.echo(f"{error}", err=True)
        else:
            click.echo(f"{file}: {pack.id}, {len(pack.signals)} signals, whole")
    for pack in () if files else shipped_packs():
        click.echo(f"{pack.id}: {len(pack.signals)} signals, whole")
    if failed:
        sys.exit(1)
