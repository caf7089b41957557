"""`python -m search.evaluation`: measures, prints, writes the page."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search.evaluation.documented import with_figures
from search.evaluation.errors import Faults, faults_of
from search.evaluation.keywords import read_keywords
from search.evaluation.measure import Measured, measure
from search.evaluation.packs import PackError, packs_of
from search.evaluation.page import page_of
from search.evaluation.printed import lines_of
from search.evaluation.samples import SampleError, read_samples
from search.evaluation.tables import Table, as_json, tables
from search.rules.matcher import Matcher

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found."""

    done: Measured
    tables: list[Table]
    faults: Faults


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 where packs or samples cannot be read."""
    given = _parser().parse_args(arguments)
    try:
        run = evaluate(given.samples, given.shared, given.packs, show_held=given.show_held)
    except (PackError, SampleError) as error:
        _tell(str(error))
        return 2
    for table in run.tables:
        print("\n".join(lines_of(table)))
    _print_faults(run.faults)
    _write(given.out, page(run))
    _tell(f"page: {given.out}")
    if given.docs:
        text = given.docs.read_text(encoding="utf-8")
        _write(given.docs, with_figures(text, run.tables, version=run.done.version))
    if given.json:
        content = {table.name: as_json(table) for table in run.tables}
        _write(given.json, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return 0


def evaluate(samples: Path, shared: Path | None, packs: Path | None, *, show_held: bool) -> Run:
    """Measures everything there is. `shared` may be absent. Raises PackError and SampleError."""
    data = shared / "data" if shared is not None and (shared / "data").is_dir() else None
    if data is None:
        _tell("no shared texts: only made-up samples are measured (RASOAT_SHARED or --shared)")
    phrases = (shared or samples) / "phrases.tsv"
    matcher = Matcher(packs_of(packs))
    keywords = read_keywords(_ROOT / "tests/data/keywords.txt", phrases)
    done = measure(matcher, keywords, read_samples(samples), data, _tell)
    return Run(done, tables(done), faults_of(done, matcher, show_held=show_held))


def page(run: Run) -> str:
    """The report page of a run."""
    done = run.done
    return page_of(
        run.tables, run.faults, version=done.version, packs=done.packs, keywords=done.keywords
    )


def _print_faults(faults: Faults) -> None:
    print(f"== Missed {faults.all_missed}, of these held back {faults.held_missed}")
    print(f"== Flagged by mistake {faults.all_flagged}, of these held back {faults.held_flagged}")
    for fault in (*faults.missed, *faults.flagged):
        what = "missed" if fault.missed else "flagged"
        told = " ".join(fault.row.text.split())[:150] if fault.row.ours else ""
        print(f"{what:8} {fault.score:4} {fault.row.id} ({fault.row.kind}) {told}".rstrip())


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m search.evaluation", description=__doc__)
    parser.add_argument("--samples", type=Path, default=_ROOT / "tests/data/samples")
    parser.add_argument(
        "--shared",
        type=Path,
        default=Path(os.environ.get("RASOAT_SHARED") or _ROOT.parent / "shared"),
        help="folder with data/ and phrases.tsv that are not part of the project",
    )
    parser.add_argument("--packs", type=Path, help="a folder of packs instead of those shipped")
    parser.add_argument("--out", type=Path, default=Path("build/evaluation.html"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--docs", type=Path, help="a Markdown page whose figures are renewed")
    parser.add_argument(
        "--show-held",
        action="store_true",
        help="print errors of held-back texts too; not for those who write rules",
    )
    return parser
