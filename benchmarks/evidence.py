"""Ten thousand items of evidence against a thousand: list, search, check of everything, package, survey.

    python benchmarks/evidence.py [--items 10000] [--long 5000]

Each step runs in a process of its own, so that its peak of memory is its own; seconds are those of the processor.
Wanted: a page and a search no more than a few times as long for ten times the items (the count is linear, the page
is not), check, package and survey no more than 15 times as long, memory no more than 1.5 times. Beside it one item
with a custody of 5,000 rows.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
if TYPE_CHECKING:
    from foundation.database import Database
STEPS = (
    "nothing",
    "list",
    "last page",
    "search",
    "check",
    "package",
    "verify",
    "survey",
    "retention",
)
START = datetime(2026, 1, 5, 2, tzinfo=UTC)
PLACES = ("Bavet", "Mộc Bài", "Sihanoukville", "Myawaddy", "Tam giác vàng")


def office(folder: Path):  # type: ignore[no-untyped-def]
    from foundation.settings import Settings
    from webui.wiring import build

    return build(Settings(data_dir=folder, secret_key="k" * 40))


def build(folder: Path, items: int) -> None:
    """An office with a case of so many items, each with three files, a custody of three rows and its audit."""
    from casework.cases.models import Case
    from casework.evidence import custody, service
    from casework.evidence.models import EvidenceItem
    from foundation.people import SYSTEM
    from webui import migrate

    wiring = office(folder)
    migrate.upgrade(wiring.database)
    with wiring.database.writing() as session:
        case = Case(number="VV-1", title="Đo", state="working", opened_at=START, created_at=START)
        session.add(case)
        session.flush()
        case_id = case.id
    for first in range(0, items, 200):
        with wiring.database.writing() as session:
            for number in range(first, min(first + 200, items)):
                at = START + timedelta(minutes=number)
                place = PLACES[number % len(PLACES)]
                files = [
                    {"role": role, "digest": put_fast(folder / "files", data), "media_type": kind,
                     "size": len(data)}
                    for role, kind, data in (
                        ("screenshot", "image/png", f"\x89PNG {number}".encode() * 200),
                        ("html", "text/html", f"<p>Việc làm {place} số {number}</p>".encode() * 20),
                        ("text", "text/plain", f"Việc làm {place} số {number}".encode()),
                    )
                ]  # fmt: skip
                item = EvidenceItem(
                    case_id=case_id,
                    url=f"https://dien-dan.example/bai/{number}",
                    title=f"Tuyển người đi {place}, số {number}",
                    captured_at=at, ended_at=at, origin="crawler", availability="online", status=200,
                    files=files, created_at=at,
                )  # fmt: skip
                service.keep(session, item)
                for act in ("captured", "put_to_case", "viewed"):
                    custody.add(session, item, act, SYSTEM, at=at)


def put_fast(folder: Path, data: bytes) -> str:
    """As the store keeps it, without waiting for the disk."""
    digest = hashlib.sha256(data).hexdigest()
    path = folder / digest[:2] / digest[2:4] / digest
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return digest


def do(folder: Path, step: str) -> None:
    """One step in this process; prints seconds and the peak of memory in MB before and after."""
    from casework.documents.office import Office
    from casework.evidence import checking, listing, packages
    from casework.evidence.models_packages import EvidencePackage, PackageState
    from foundation.people import SYSTEM
    from webui.storage import retention
    from webui.storage.survey import survey

    wiring = office(folder)
    database, files, clock = wiring.database, wiring.files, wiring.clock
    with database.reading() as session:
        listing.count(
            session, SYSTEM, listing.Wanted(text="0")
        )  # the first question is not measured

    def page(text: str = "", after: str = "") -> None:
        with database.reading() as session:
            wanted = listing.Wanted(text=text)
            found = listing.listed(session, SYSTEM, wanted, after=after)
            if len(found.items) < 10:
                raise RuntimeError(f"only {len(found.items)} found")
            listing.count(session, SYSTEM, wanted)
            listing.cases_of(session, found.items)

    def check() -> None:
        with database.writing() as session:
            checking.ask_check(session, SYSTEM, at=clock.now())
        checking.work(database, files, clock)
        with database.reading() as session:
            done = checking.latest(session)
        if done is None or done.broken or done.checked != done.total:
            raise RuntimeError(f"not whole: {done and done.problems[:3]}")

    def package() -> None:
        from casework.cases.models import Case

        with database.writing() as session:
            asked = packages.Asked("Công an tỉnh")
            row = packages.ask_package(
                session, SYSTEM, session.get_one(Case, 1), asked, at=clock.now()
            )
            package_id = row.id
        packages.work(database, files, clock, Office("UBND tỉnh", "Sở", "Tỉnh", "S"))
        with database.reading() as session:
            done = session.get_one(EvidencePackage, package_id)
        if done.state != PackageState.DONE:
            raise RuntimeError(done.error)

    def retain() -> None:
        with database.writing() as session:
            retention.ask(session, SYSTEM, real=False, at=clock.now())
        while retention.work(database, files, clock):
            pass

    ways: dict[str, Callable[[], None]] = {
        "nothing": lambda: None,
        "list": page,
        "last page": lambda: page(after=f"{(START + timedelta(minutes=40)).isoformat()}~41"),
        "search": lambda: page("Myawaddy"),
        "check": check,
        "package": package,
        "verify": lambda: verify(database, folder),
        "survey": lambda: survey(database, files, clock),
        "retention": retain,
    }
    times = 20 if step in {"list", "last page", "search"} else 1
    started = time.process_time()
    for _ in range(times):
        ways[step]()
    seconds = (time.process_time() - started) / times
    print(seconds, peak_mb())


def verify(database: "Database", folder: Path) -> None:
    """The package that the step before made, by the checker that lies in it."""
    from sqlalchemy import select

    from casework.evidence import checker
    from casework.evidence.models_packages import EvidencePackage

    with database.reading() as session:
        done = session.scalars(select(EvidencePackage)).one()
    digest = done.digest
    found = checker.check(folder / "files" / digest[:2] / digest[2:4] / digest, done.root)
    if found.problems or found.items != done.items:
        raise RuntimeError(str(found.problems[:3]))


def peak_mb() -> float:
    """The most memory of this process; getrusage tells that of the one which began it, if that is more."""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def long_chain(folder: Path, rows: int) -> None:
    """One item that was looked at thousands of times: the last row must cost no more than the first ones."""
    from casework.evidence import custody
    from casework.evidence.models import EvidenceItem
    from foundation.people import SYSTEM

    wiring = office(folder)
    took: list[float] = []
    with wiring.database.writing() as session:
        item = session.get_one(EvidenceItem, 1)
        for number in range(rows):
            started = time.process_time()
            custody.add(session, item, "viewed", SYSTEM, at=START + timedelta(seconds=number))
            took.append(time.process_time() - started)
            session.expunge_all()
            item = session.get_one(EvidenceItem, 1)
    first, last = sum(took[:100]) * 10, sum(took[-100:]) * 10
    started = time.process_time()
    with wiring.database.reading() as session:
        wrong = custody.problem(session, session.get_one(EvidenceItem, 1))
    checked = time.process_time() - started
    if wrong:
        raise RuntimeError(wrong)
    print(
        f"custody of {rows} rows: a row takes {first:.2f} ms at first, {last:.2f} ms at the end "
        f"(x{last / first:.2f}); the whole chain is checked in {checked:.2f} s"
    )


def measured(folder: Path, step: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--folder", str(folder), "--step", step],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), float(memory)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--long", type=int, default=5_000)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--step", default="", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.step:
        do(given.folder, given.step)
        return
    with tempfile.TemporaryDirectory() as name:
        few, many = given.items // 10, given.items
        folders = {count: Path(name) / str(count) for count in (few, many)}
        for count, folder in folders.items():
            build(folder, count)
        print(f"{'':<10} {few:>9} {many:>9}  ratio   MB {few:>6} {many:>6}  ratio")
        for step in STEPS:
            (short, small), (long, large) = (
                measured(folders[count], step) for count in (few, many)
            )
            print(
                f"{step:<10} {short * 1000:7.0f}ms {long * 1000:7.0f}ms  x{long / max(short, 1e-6):5.1f}"
                f"     {small:6.0f} {large:6.0f}  x{large / small:.2f}"
            )
        long_chain(folders[few], given.long)


if __name__ == "__main__":
    main()
