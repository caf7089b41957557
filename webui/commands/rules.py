"""Commands for those who write rules: list, show, scan, try, check, test, compare, bring out and in.

Most need no office: where a data folder with its database exists the office's live rules are used, else,
and with --shipped, the rules that come with the program.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from webui.commands.rules_lab import COMMANDS
from webui.commands.rules_learning import COMMANDS as LEARNING
from webui.commands.rules_office import FILES, SHIPPED, office_rules, text_of

if TYPE_CHECKING:
    from search.rules.judgement import Judgement
    from search.rules.matcher import Matcher


@click.group("rules")
def rules_command() -> None:
    """Rule packs: scan and try texts, check, test and compare packs, bring them out and in."""


@rules_command.command("list")
@SHIPPED
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def rules_list(*, shipped: bool, as_json: bool) -> None:
    """The packs that count, each with its revision, signals and title."""
    office = office_rules(shipped=shipped)
    for one in office.chosen:
        pack = one.pack
        told = {
            "pack": pack.id,
            "version": pack.version,
            "revision": one.number or None,
            "signals": len(pack.signals),
            "shared": pack.shared,
            "title": pack.title.vi,
        }
        whose = f"revision {one.number}" if one.number else "shipped"
        line = (
            f"{pack.id:<16} v{pack.version:<4} {whose:<12} {len(pack.signals):>3}  {pack.title.vi}"
        )
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)
    for lost in office.broken:
        click.echo(f"{lost.pack} revision {lost.number} cannot be used: {lost.why}", err=True)


@rules_command.command("show")
@click.argument("pack")
@SHIPPED
def rules_show(pack: str, *, shipped: bool) -> None:
    """The text of PACK as it counts."""
    click.echo(text_of(office_rules(shipped=shipped), pack), nl=False)


@rules_command.command("scan")
@click.argument("file", type=click.File("rb"))
@click.option("--pack", "packs", multiple=True, type=FILES, help="Judge by these pack files only.")
@click.option("--flagged", is_flag=True, help="Print flagged texts only.")
@SHIPPED
def rules_scan(file: BinaryIO, packs: tuple[Path, ...], *, flagged: bool, shipped: bool) -> None:
    """Judge JSONL lines {"id", "text"} from FILE or - ; one JSON result a line, as they come.

    A line that cannot be read is told with its number and the rest goes on; then the command ends with 1.
    """
    from search.rules.lab import scan, to_json

    matcher = _matcher(packs, shipped=shipped)
    bad: list[Exception] = []

    def tell(error: Exception) -> None:
        if not bad:
            bad.append(error)
        click.echo(f"{file.name}: {error}", err=True)

    started, seen, hit = time.monotonic(), 0, 0
    out = sys.stdout.buffer
    try:
        for result in scan(file, matcher, tell):
            seen += 1
            hit += result["flagged"]
            if result["flagged"] or not flagged:
                out.write(to_json(result))
                out.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    click.echo(f"{seen} texts, {hit} flagged, {time.monotonic() - started:.2f} s", err=True)
    if bad:
        sys.exit(1)


@rules_command.command("try")
@click.argument("text")
@click.option("--platform", default="", help="Where it stands: facebook, telegram ...")
@click.option("--pack", "packs", multiple=True, type=FILES, help="Judge by these pack files only.")
@click.option("--json", "as_json", is_flag=True, help="As scan prints it.")
@SHIPPED
def rules_try(
    text: str, platform: str, packs: tuple[Path, ...], *, as_json: bool, shipped: bool
) -> None:
    """Judge one TEXT (or - for standard input) and say why, with what was met but not counted."""
    from search.rules.judgement import Context
    from search.rules.lab import result_of
    from search.rules.telling import CUT

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    matcher, context = _matcher(packs, shipped=shipped), Context(platform=platform)
    judgement = matcher.match(text, context)
    if as_json:
        click.echo(json.dumps(result_of(judgement)))
        return
    for line in _why(judgement):
        click.echo(line)
    if judgement is None and matcher.too_long(text):
        click.echo(CUT.en)
    counted = {reason.signal for reason in judgement.reasons} if judgement else set()
    for name, spans in sorted(matcher.evidence(text, context).items()):
        if name not in counted:
            words = "” “".join(dict.fromkeys(text[a:b] for a, b in spans))
            click.echo(f"  met, not counted: {name} “{words}”")


@rules_command.command("check")
@click.argument("files", nargs=-1, type=FILES)
@SHIPPED
def rules_check(files: tuple[Path, ...], *, shipped: bool) -> None:
    """Check pack FILES, or those that count: schema, names, patterns, examples, reach. Tells every line."""
    from search.lab.exchange import Bad, bring
    from search.rules.pack import faults_of

    office = office_rules(shipped=shipped)
    failed = [f"{one.pack} revision {one.number}: {one.why}" for one in office.broken]
    brought = bring([(str(file), file.read_bytes()) for file in files], office)
    for good in brought.good:
        click.echo(f"{good.name}: {good.pack}, whole")
    wrong = list(brought.bad)
    for one in () if files else office.chosen:
        problems = tuple(faults_of(one.text, one.pack, office.matcher))
        if problems:
            wrong.append(Bad(f"{one.pack.id}.yaml", problems))
        else:
            click.echo(f"{one.pack.id}: {len(one.pack.signals)} signals, whole")
    failed += [f"{bad.name}:{problem}" for bad in wrong for problem in bad.problems]
    for line in failed:
        click.echo(line, err=True)
    if failed:
        sys.exit(1)


def _why(judgement: "Judgement | None") -> list[str]:
    if judgement is None:
        return ["not flagged"]
    head = f"{judgement.kind} {judgement.level} {judgement.score} ({', '.join(judgement.groups)})"
    urgent = [f"urgent: {', '.join(judgement.urgent)}"] if judgement.urgent else []
    told: dict[str, list[str]] = {}
    for hit in judgement.hits:
        told.setdefault(hit.signal, []).append(hit.text)
    lines = []
    for reason in judgement.reasons:
        words = "” “".join(dict.fromkeys(told.get(reason.signal, ())))
        lines.append(
            f"  {reason.weight:+4d} {reason.signal}: {reason.vi}" + (f" “{words}”" if words else "")
        )
    return [head, *urgent, *lines]


def _matcher(packs: tuple[Path, ...], *, shipped: bool) -> "Matcher":
    from search.rules.matcher import Matcher
    from search.rules.pack import load_pack

    if not packs:
        return office_rules(shipped=shipped).matcher
    office = office_rules(shipped=shipped)
    loaded = [load_pack(path, shared=office.shared) for path in packs]
    lent = {used for pack in loaded for used in pack.uses}
    return Matcher([*(pack for pack in office.shared if pack.id in lent), *loaded])


for _command in (*COMMANDS, *LEARNING):
    rules_command.add_command(_command)
