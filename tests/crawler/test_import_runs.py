"""The import of a file as a run: counted exactly, gone on with after a stop, the file deleted at its end."""

import io
import json
import signal
from collections.abc import Callable

import pytest

from crawler import import_files, runs
from crawler.models import Run, RunState
from crawler.runner import run
from crawler.service_runs import run_view, start_import
from crawler.sources.forms import FormProblems
from foundation.errors import Conflict, NotAllowedInState
from foundation.people import SYSTEM
from search import ingest
from search.ingest import Ingestor
from search.models import Source
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from tests.crawler.child import KEY, RETENTION
from tests.crawler.office import Office, expired, wait_until
from tests.crawler.words import KEPT_WORD


def csv_of(count: int) -> bytes:
    """So many rows; every fourth is kept, every tenth is bad."""
    lines = ["text,url"]
    for number in range(count):
        kept = KEPT_WORD if number % 4 == 0 else "thường"
        lines.append(
            "," if number % 10 == 9 else f"Dòng {kept} số {number},https://x.example/{number}"
        )
    return "\n".join(lines).encode()


def ask(office: Office, source: Source, data: bytes, **given: object) -> int:
    with office.database.writing() as session:
        return start_import(
            session,
            SYSTEM,
            source.id,
            office.files,
            io.BytesIO(data),
            "tin-bao.csv",
            at=office.clock.now(),
            **given,  # type: ignore[arg-type]
        ).id


def do(office: Office, run_id: int) -> RunState:
    return run(
        run_id, office.database, office.ingestor, office.files, office.clock, office.settings
    )


def counters(found: Run) -> tuple[int, int, int, int, int]:
    return found.posts, found.kept, found.updated, found.not_kept, found.errors


def test_a_file_is_imported_and_its_bad_rows_are_named(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(250))
    assert do(office, run_id) == RunState.DONE
    with office.database.reading() as session:
        view = run_view(session, SYSTEM, run_id, errors=3)
    assert counters(view.run) == (225, 63, 0, 162, 25)
    assert view.errors[0].message == "Line 11 was left out: the text is empty."
    assert view.errors[0].url == "tin-bao.csv"
    assert {post.origin for post in office.posts()} == {"import"}
    assert list(office.files.digests()) == []


def test_importing_the_same_file_again_adds_nothing(office: Office) -> None:
    source = office.source("file")
    do(office, ask(office, source, csv_of(120)))
    again = ask(office, source, csv_of(120))
    do(office, again)
    assert counters(office.load(again)) == (108, 0, 0, 0, 12)
    assert office.load(again).known == 108


def test_rows_that_a_person_vouches_for_are_all_kept(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(40), keep_all=True)
    do(office, run_id)
    assert counters(office.load(run_id)) == (36, 36, 0, 0, 4)


def test_an_import_that_stops_half_way_goes_on_where_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = ask(office, office.source("file"), csv_of(1000))
    real: Callable[..., None] = runs.renew
    calls = iter(range(1000))

    def crash(*args: object, **given: object) -> None:
        if next(calls) == 4:
            raise KeyboardInterrupt
        real(*args, **given)

    monkeypatch.setattr(runs, "renew", crash)
    with pytest.raises(KeyboardInterrupt):
        do(office, run_id)
    monkeypatch.undo()
    half = office.load(run_id)
    assert half.state == RunState.RUNNING
    assert 0 < half.posts < 900
    expired(office, run_id)
    with office.database.writing() as session:
        runs.reap(session, at=office.clock.now())
    assert do(office, run_id) == RunState.DONE
    assert counters(office.load(run_id)) == (900, 250, 0, 650, 100)
    assert len(office.posts()) == 250


@pytest.mark.net
def test_an_import_killed_again_and_again_is_counted_once(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(6_000))
    for target in (300, 1200, 3000):
        child = office.start(run_id)
        wait_until(lambda target=target: office.load(run_id).posts > target)  # type: ignore[misc]
        office.kill(child)
        expired(office, run_id)
        with office.database.writing() as session:
            runs.reap(session, at=office.clock.now())
    child = office.start(run_id)
    wait_until(lambda: office.load(run_id).posts > 4000)
    child.send_signal(signal.SIGTERM)
    office.finish(child)
    if office.load(run_id).state != RunState.DONE:
        office.finish(office.start(run_id))
    assert counters(office.load(run_id)) == (5400, 1500, 0, 3900, 600)
    assert len(office.posts()) == 1500


def test_a_file_without_the_named_column_fails_and_says_which(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(3), config={"text": "Nội dung"})
    assert do(office, run_id) == RunState.FAILED
    assert office.load(run_id).reason_sentence == "The file has no column “Nội dung”."


def test_a_file_that_is_gone_fails_and_says_so(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(3))
    for digest in list(office.files.digests()):
        office.files.delete(digest)
    assert do(office, run_id) == RunState.FAILED
    assert office.load(run_id).reason == "file_missing"


def test_options_for_one_file_are_checked(office: Office) -> None:
    source = office.source("file")
    with pytest.raises(FormProblems, match="khong_co"):
        ask(office, source, csv_of(3), config={"khong_co": "x"})
    with pytest.raises(FormProblems, match="encoding"):
        ask(office, source, csv_of(3), config={"encoding": "ebcdic"})
    crawled = office.source("rss", "https://a.example/rss")
    with pytest.raises(NotAllowedInState):
        ask(office, crawled, csv_of(3))


def test_a_run_is_taken_once(office: Office) -> None:
    run_id = ask(office, office.source("file"), csv_of(3))
    assert do(office, run_id) == RunState.DONE
    with pytest.raises(Conflict):
        do(office, run_id)


def test_json_lines_are_imported_too(office: Office) -> None:
    lines = "\n".join(
        json.dumps({"text": f"{KEPT_WORD} {n}"}, ensure_ascii=False) for n in range(7)
    )
    run_id = ask(office, office.source("file"), lines.encode())
    do(office, run_id)
    assert counters(office.load(run_id)) == (7, 7, 0, 0, 0)


def test_two_imports_of_the_same_bytes_do_not_share_a_stored_file(office: Office) -> None:
    first, size = import_files.put(office.files, io.BytesIO(b"same"))
    second, _ = import_files.put(office.files, io.BytesIO(b"same"))
    assert first != second
    assert size == 4
    with import_files.open_file(office.files, second) as stream:
        assert stream.read() == b"same"


def test_a_large_file_is_judged_by_several_processes_and_counted_alike(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "MANY", 100)
    lure = "tuyển gấp việc nhẹ lương cao sang Campuchia bao vé ib Zalo 0900 000 123"
    rows = [
        "," if number % 10 == 9 else f"{'trời đẹp quá' if number % 4 else lure} {number}"
        for number in range(600)
    ]
    matcher = Matcher(shipped_packs())
    for judges in (0, 2):
        office.ingestor = Ingestor(
            office.database, lambda: matcher, office.clock, KEY, RETENTION, judges=judges
        )
        lines = [
            row if row == "," else f"{row},{judges}-{number}" for number, row in enumerate(rows)
        ]
        run_id = ask(office, office.source("file"), "\n".join(["text,title", *lines]).encode())
        assert do(office, run_id) == RunState.DONE
        assert counters(office.load(run_id)) == (540, 150, 0, 390, 60)
