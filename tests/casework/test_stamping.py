"""Time stamps by a real authority (OpenSSL): asked for, checked, kept; and what happens when it fails."""

import hashlib
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.evidence import checker, custody, service, stamping
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import TimeStamp
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from tests.casework.package_desk import Desk
from tests.casework.test_package_attacks import forged
from tests.support.people import People
from tests.support.tsa import Authority, authority

pytestmark = [
    pytest.mark.net,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


CUT_OFF = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nx"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa")) as running:
        yield running


@pytest.fixture
def desk(database: Database, files: FolderStore, clock: MovableClock, people: People) -> Desk:
    return Desk(database, files, clock, people)


def asked(tsa: Authority) -> stamping.Authority:
    tsa.broken = False
    return stamping.Authority(tsa.url, tsa.root.read_bytes())


def test_an_item_is_stamped_and_openssl_agrees(desk: Desk, tsa: Authority, tmp_path: Path) -> None:
    with desk.database.reading() as session:
        assert stamping.waits(session, at=desk.clock.now())
    done = stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa))
    assert done == 3
    with desk.database.reading() as session:
        assert not stamping.waits(session, at=desk.clock.now())
        item = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
        assert item is not None
        row = stamping.stamps_of(session, [item.id])[item.id]
        assert custody.chain(session, item)[-1].act == "stamped"
        assert custody.problem(session, item) == ""
    assert row.stamped_at is not None
    assert abs(row.stamped_at - datetime.now(UTC)) < timedelta(minutes=2)
    answer = tmp_path / "answer.tsr"
    answer.write_bytes(desk.files.get(row.token))
    verify = ["openssl", "ts", "-verify", "-in", str(answer), "-digest", item.manifest_digest]
    subprocess.run([*verify, "-CAfile", str(tsa.root)], check=True, capture_output=True)


def test_a_stamped_item_is_packed_with_its_stamp(
    desk: Desk, tsa: Authority, tmp_path: Path
) -> None:
    stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa))
    package = desk.made()
    path = tmp_path / "package.zip"
    path.write_bytes(desk.files.get(package.digest))
    found = checker.check(path)
    assert found.problems == []
    assert (found.stamps, found.notes) == (3, [])
    with zipfile.ZipFile(path) as archive:
        assert "chung-cu/0001/dau-thoi-gian.tsr" in archive.namelist()


def test_a_stamp_of_something_else_is_found_though_all_digests_were_written_anew(
    desk: Desk, tsa: Authority, tmp_path: Path
) -> None:
    """The stamp of another item, or of another package, with custody made to fit."""
    stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa))
    path = tmp_path / "package.zip"
    path.write_bytes(desk.files.get(desk.made().digest))

    def swap(told: dict[str, Any], files: dict[str, bytes]) -> None:
        one, two = (item["time_stamp"] for item in told["items"][:2])
        files[one], files[two] = files[two], files[one]
        for item, stamp in zip(told["items"], (one, two), strict=False):
            row = next(row for row in item["custody"] if row["act"] == "stamped")
            row["detail"] = hashlib.sha256(files[stamp]).hexdigest()

    assert (
        "item 1: its time stamp is that of something else"
        in checker.check(forged(path, swap)).problems
    )


def test_a_clock_that_ran_ahead_is_told_by_the_stamp(
    desk: Desk, tsa: Authority, tmp_path: Path
) -> None:
    desk.clock.move(timedelta(days=3650))
    desk.capture("https://dien-dan.example/sau", 1, "Bài chụp khi đồng hồ chạy nhanh")
    service.take_captures(desk.database, desk.clock)
    stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa))
    path = tmp_path / "package.zip"
    path.write_bytes(desk.files.get(desk.made().digest))
    found = checker.check(path)
    assert found.problems == []
    (note,) = found.notes
    assert "before it was captured: the clock was wrong" in note


def test_stamping_twice_asks_once(desk: Desk, tsa: Authority) -> None:
    stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa))
    before = tsa.asked
    assert stamping.stamp_waiting(desk.database, desk.files, desk.clock, asked(tsa)) == 0
    assert tsa.asked == before


def test_an_authority_that_is_out_of_order_is_asked_again_later(desk: Desk, tsa: Authority) -> None:
    with_roots = asked(tsa)
    tsa.broken = True
    before = tsa.asked
    assert stamping.stamp_waiting(desk.database, desk.files, desk.clock, with_roots) == 0
    assert tsa.asked == before + 1  # not once for each item
    with desk.database.reading() as session:
        row = session.scalars(select(TimeStamp).where(TimeStamp.attempts > 0)).one()
        assert "500" in row.error
        assert row.next_try_at > desk.clock.now()
    tsa.broken = False
    desk.clock.move(timedelta(hours=1))
    assert stamping.stamp_waiting(desk.database, desk.files, desk.clock, with_roots) == 3


@pytest.mark.parametrize("answer", [b"no HTTP at all\r\n\r\n", CUT_OFF])
def test_an_answer_that_is_no_http_is_no_stamp(database_url: str, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def reply() -> None:
            with server.accept()[0] as given:
                given.recv(65536)
                given.sendall(answer)

        told = pool.submit(reply)
        with pytest.raises(stamping.NoStamp, match="does not answer"):
            stamping.ask(stamping.Authority(url), b"x")
        told.result(5)


def test_an_answer_that_another_root_signed_is_no_stamp(
    desk: Desk, tsa: Authority, tmp_path: Path
) -> None:
    with authority(tmp_path) as other:
        mixed = stamping.Authority(tsa.url, other.root.read_bytes())
        with pytest.raises(stamping.NoStamp):
            stamping.ask(mixed, b"evidence")


def test_an_answer_on_other_data_is_no_stamp(desk: Desk, tsa: Authority) -> None:
    stamped = stamping.ask(asked(tsa), b"evidence")
    for trusted in (asked(tsa), stamping.Authority(tsa.url)):
        assert stamping.checked(stamped.answer, b"evidence", trusted) == stamped.at
        with pytest.raises(stamping.NoStamp):
            stamping.checked(stamped.answer, b"Evidence", trusted)
        with pytest.raises(stamping.NoStamp):
            stamping.checked(stamped.answer[:-40], b"evidence", trusted)


def test_nobody_is_asked_where_no_authority_is_configured(desk: Desk) -> None:
    assert stamping.Authority.of("", None) is None
    assert desk.case_id
