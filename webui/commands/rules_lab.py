"""Commands over packs as wholes: test a draft, compare texts, see the history, bring packs out and in."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foundation.clock import office_time
from foundation.errors import InvalidInput
from webui.commands.opening import Progress
from webui.commands.rules_office import (
    FILES,
    SHIPPED,
    needed_wiring,
    office_rules,
    text_of,
)

if TYPE_CHECKING:
    from search.lab.compare import Comparison
    from search.lab.samples import Samples
    from search.rules.judgement import Context
    from webui.wiring import Wiring

LIMITS = (
    "Only what is stored, the samples and the files given can be known here: "
    "what does not match is not kept."
)


@click.command("backtest")
@click.argument("file", type=FILES)
@click.option(
    "--on", "on", multiple=True, help='"stored" for the stored posts, or a JSONL file of samples.'
)
@click.option("--samples", multiple=True, type=FILES, help='JSONL {"id", "text", "label"}.')
@click.option(
    "--texts", multiple=True, type=FILES, help="Texts without labels, one a line or JSONL."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@SHIPPED
def rules_backtest(
    file: Path,
    on: tuple[str, ...],
    samples: tuple[Path, ...],
    texts: tuple[Path, ...],
    *,
    as_json: bool,
    shipped: bool,
) -> None:
    """Test the pack in FILE against the rules that count: what would change, and how right that is.

    Always tested are the pack's own examples. Nothing is stored and nothing is changed.
    """
    from search.lab.compare import Comparison
    from search.lab.samples import own_examples, read_samples, read_texts
    from search.rules.matcher import Matcher
    from search.rules.pack import load_pack

    named = [Path(one) for one in on if one != "stored"]
    missing = [str(path) for path in named if not path.is_file()]
    if missing:
        raise InvalidInput(f"--on takes stored or a file: {missing[0]} is no file", about="on")
    wiring = needed_wiring() if "stored" in on else None
    office = wiring.rules.office if wiring and not shipped else office_rules(shipped=shipped)
    pack = load_pack(file, shared=office.shared)
    before, after = office.matcher, Matcher(office.with_pack(pack))
    comparison = Comparison()
    given = [own_examples(pack)]
    given += [_told(path, read_samples(_lines(path))) for path in (*named, *samples)]
    given += [_told(path, read_texts(_lines(path))) for path in texts]
    for one in (text for some in given for text in some.texts):
        comparison.add(one, before.match(one.text), after.match(one.text))
    for text, context in _stored(wiring) if wiring else ():
        comparison.add(text, before.match(text.text, context), after.match(text.text, context))
    if as_json:
        click.echo(json.dumps(comparison.to_dict()))
    else:
        _print(comparison)


@click.command("diff")
@click.argument("pack")
@click.argument("a", default="shipped")
@click.argument("b", default="live")
def rules_diff(pack: str, a: str, b: str) -> None:
    """What differs in PACK between A and B: a revision's number, "shipped", "live" or a file."""
    from search.lab.diff import unified

    lines = list(unified(_version(pack, a), _version(pack, b), (f"{pack} {a}", f"{pack} {b}")))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"{pack}: {a} and {b} say the same", err=True)


@click.command("history")
@click.argument("pack")
def rules_history(pack: str) -> None:
    """Every revision of PACK and every step of it, newest first."""
    from foundation.lifecycle import history
    from search.lab.lifecycle import KIND
    from search.lab.service import revisions

    wiring = needed_wiring()
    with wiring.database.reading() as session:
        rows = revisions(session, pack)
        if not rows:
            text_of(wiring.rules.office, pack)
            click.echo(f"{pack}: as shipped, never changed here")
        for row in rows:
            author = row.author.name if row.author else "system"
            click.echo(f"{pack} {row.number}  {row.state}  {author}  {row.why}".rstrip())
            for step in reversed(history(session, KIND, row.id)):
                when = office_time(step.at).strftime("%d/%m/%Y %H:%M")
                click.echo(f"    {when}  {step.act:<10} {step.actor_name}  {step.reason}".rstrip())
    wiring.close()


@click.command("export")
@click.argument("pack", required=False)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write."
)
@SHIPPED
def rules_export(pack: str | None, output: Path | None, *, shipped: bool) -> None:
    """Bring PACK out as YAML, or all packs that count as one zip (then -o is needed)."""
    from search.lab.exchange import as_zip

    office = office_rules(shipped=shipped)
    content = text_of(office, pack).encode() if pack else as_zip(office)
    if output is None and not pack:
        raise InvalidInput("a zip wants a file: -o packs.zip", about="output")
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise InvalidInput(f"{output}: {error.strerror}", about="output") from error
        click.echo(f"{output}: {len(content)} bytes", err=True)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILES)
def rules_import(files: tuple[Path, ...]) -> None:
    """Take YAML packs, or zips of them, as drafts; a bad file is told line by line, the good ones are taken.

    Drafts change nothing: a person proposes them on the page Rules and another lets them count.
    """
    from foundation.people import SYSTEM
    from search.lab.exchange import bring
    from search.lab.service import create

    wiring = needed_wiring()
    content = [(str(file), file.read_bytes()) for file in files]
    brought = bring(content, wiring.rules.office, wiring.catalogue.basis_ids())
    with wiring.database.writing() as session:
        for good in brought.good:
            if good.same:
                click.echo(f"{good.name}: {good.pack} counts as it is already")
                continue
            at = wiring.clock.now()
            row = create(session, SYSTEM, good.pack, good.text, at=at, imported=True)
            click.echo(f"{good.name}: {good.pack}, draft {row.number}")
    wiring.close()
    for bad in brought.bad:
        for problem in bad.problems:
            click.echo(f"{bad.name}:{problem}", err=True)
    if brought.bad:
        sys.exit(1)


COMMANDS = (rules_backtest, rules_diff, rules_history, rules_export, rules_import)


def _version(pack: str, name: str) -> str:
    """The text that a word means: a number, shipped, live, or a file."""
    from search.lab.service import numbered
    from search.rules.pack import shipped_text

    if name == "shipped":
        return shipped_text(pack)
    if name == "live":
        return text_of(office_rules(shipped=False), pack)
    if name.isdecimal() and len(name) < 10:
        wiring = needed_wiring()
        with wiring.database.reading() as session:
            return numbered(session, pack, int(name)).text
    if not Path(name).is_file():
        raise InvalidInput(f"{name} is no number, file, shipped or live", about="version")
    return Path(name).read_text(encoding="utf-8", errors="replace")


def _lines(path: Path) -> list[str]:
    from search.lab.samples import lines_of

    return lines_of(path.read_bytes())


def _told(path: Path, samples: "Samples") -> "Samples":
    for problem in samples.bad:
        click.echo(f"{path}:{problem}", err=True)
    return samples


def _stored(wiring: "Wiring") -> Iterator[tuple[Any, "Context"]]:
    from search.lab.stored import count_posts, read_batch
    from search.lab.work import BATCH

    progress, after, done = Progress(), 0, 0
    with wiring.database.reading() as session:
        total = count_posts(session)
    while True:
        with wiring.database.reading() as session:
            batch = read_batch(session, after, BATCH)
        for one in batch:
            yield one.as_text(), one.context
        done += len(batch)
        progress.show(f"{done} of {total} stored posts")
        if len(batch) < BATCH:
            progress.end()
            return
        after = batch[-1].id


def _print(comparison: "Comparison") -> None:
    from search.lab.compare import precision, recall

    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    for name, figures in comparison.sections.items():
        click.echo(
            f"{name}: {figures['seen']} texts, {figures['new']} newly flagged, "
            f"{figures['gone']} no longer, {figures['level']} at another level, "
            f"{figures['both']} as before"
        )
        before, after = figures["before"], figures["after"]
        if sum(after.values()):
            click.echo(
                f"  precision {share(precision(before))} -> {share(precision(after))}, "
                f"recall {share(recall(before))} -> {share(recall(after))} "
                f"({sum(after.values())} with a verdict or label)"
            )
    for one in comparison.examples:
        text = " ".join(one.get("text", f"post {one['id']}").split())
        click.echo(f"  {one['change']:<5} {one['section']} {one['id']}: {text[:160]}")
    click.echo(LIMITS)
