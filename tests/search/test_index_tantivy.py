"""What only the embedded index must do: several processes on one folder, and a machine that dies."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.index import IndexBusy, IndexDocument, IndexUnavailable
from search.index.tantivy import TantivyIndex
from search.query import Query, parse

ROOT = Path(__file__).resolve().parents[2]
MAKE_DOC = """
from datetime import UTC, datetime
from pathlib import Path
from search.index import IndexDocument
from search.index.tantivy import TantivyIndex
from search.query import Query
NOW = datetime(2026, 11, 20, tzinfo=UTC)
def doc(id, text="a"):
    return IndexDocument(id, text, text, 1, "Trang", "forum", "low", 1, "lure", "new", (), "", (),
                         False, None, None, NOW, NOW, 1)
"""


def doc(id_: int, text: str = "a") -> IndexDocument:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return IndexDocument(
        id_, text, text, 1, "Trang", "forum", "low", 1, "lure", "new", (), "", (),
        False, None, None, now, now, 1,
    )  # fmt: skip


def process(code: str, folder: Path) -> subprocess.Popen[str]:
    """Another process with the same library; it reads lines and answers lines."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", MAKE_DOC + textwrap.dedent(code), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def tell(other: subprocess.Popen[str], line: str = "go") -> str:
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdin.write(line + "\n")
    other.stdin.flush()
    return other.stdout.readline().strip()


def end(other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    for pipe in (other.stdin, other.stdout):
        if pipe is not None:
            pipe.close()


def ids(index: TantivyIndex) -> list[int]:
    return sorted(index.search(Query(size=500), unit_ids=None).ids)


def folders(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.is_dir()]


def test_a_second_writer_is_told_at_once_that_there_is_one(tmp_path: Path) -> None:
    first = TantivyIndex.open_writer(tmp_path)
    with pytest.raises(IndexBusy, match="another process is writing"):
        TantivyIndex.open_writer(tmp_path)
    first.close()
    TantivyIndex.open_writer(tmp_path).close()


def test_a_writer_stays_the_only_one_through_a_rebuild(tmp_path: Path) -> None:
    first = TantivyIndex.open_writer(tmp_path)
    first.switch(first.begin_rebuild())
    with pytest.raises(IndexBusy):
        TantivyIndex.open_writer(tmp_path)
    first.close()


def test_another_process_sees_commits_and_a_switch_without_opening_again(tmp_path: Path) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    writer.upsert([doc(1)])
    reader = process(
        """
        import sys
        index = TantivyIndex.open_reader(Path(sys.argv[1]))
        for line in sys.stdin:
            index.refresh()
            print(sorted(index.search(Query(), unit_ids=None).ids))
        """,
        tmp_path,
    )
    try:
        assert tell(reader) == "[1]"
        writer.upsert([doc(2)])
        assert tell(reader) == "[1, 2]"
        rebuild = writer.begin_rebuild()
        rebuild.upsert([doc(7)])
        assert tell(reader) == "[1, 2]"
        writer.switch(rebuild)
        assert tell(reader) == "[7]"
        writer.upsert([doc(8)])
        assert tell(reader) == "[7, 8]"
    finally:
        end(reader)
        writer.close()


def test_what_was_acknowledged_survives_the_death_of_the_writer(tmp_path: Path) -> None:
    writer = process(
        """
        import sys
        index = TantivyIndex.open_writer(Path(sys.argv[1]))
        for number, line in enumerate(sys.stdin):
            index.upsert(doc(number * 10 + i) for i in range(10))
            print(number)
            if line.strip() == "rebuild":
                handle = index.begin_rebuild()
                handle.upsert([doc(999)])
                handle.commit()
                print("rebuilding")
        """,
        tmp_path,
    )
    try:
        assert tell(writer) == "0"
        with pytest.raises(IndexBusy):
            TantivyIndex.open_writer(tmp_path)
        assert tell(writer, "rebuild") == "1"
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "rebuilding"
        assert len(folders(tmp_path)) == 2
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    finally:
        end(writer)
    after = TantivyIndex.open_writer(tmp_path)
    assert ids(after) == list(range(20))
    assert len(folders(tmp_path)) == 1  # the unfinished rebuild is gone
    after.close()


def test_the_old_folder_is_gone_after_a_switch_and_a_late_reader_still_answers(
    tmp_path: Path,
) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    writer.upsert([doc(1)])
    reader = TantivyIndex.open_reader(tmp_path)
    assert ids(reader) == [1]
    rebuild = writer.begin_rebuild()
    rebuild.upsert([doc(2)])
    writer.switch(rebuild)
    assert len(folders(tmp_path)) == 1
    assert ids(reader) in ([1], [2])  # within its second it may still show the old one
    reader.refresh()
    assert ids(reader) == [2]
    writer.close()


def test_a_lost_folder_is_said_and_a_rebuild_brings_it_back(tmp_path: Path) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    writer.upsert([doc(1)])
    writer.close()
    for name in folders(tmp_path):
        shutil.rmtree(tmp_path / name)
    writer = TantivyIndex.open_writer(tmp_path)
    with pytest.raises(IndexUnavailable):
        writer.search(Query(), unit_ids=None)
    assert writer.needs_rebuild()
    rebuild = writer.begin_rebuild()
    rebuild.upsert([doc(3)])
    writer.switch(rebuild)
    assert ids(writer) == [3]
    assert not writer.needs_rebuild()
    writer.close()


def test_a_folder_lost_under_the_writer_refuses_writes_until_it_is_rebuilt(tmp_path: Path) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    writer.upsert([doc(1)])
    for name in folders(tmp_path):
        shutil.rmtree(tmp_path / name)
    with pytest.raises(IndexUnavailable):
        writer.upsert([doc(2)])
    assert writer.needs_rebuild()
    writer.switch(writer.begin_rebuild())
    writer.upsert([doc(3)])
    writer.refresh()
    assert ids(writer) == [3]
    writer.close()


@pytest.mark.parametrize("nonsense", ["", "{", '{"folder": 3}', "[]", '{"folder": "../../etc"}'])
def test_a_damaged_pointer_is_no_index_and_is_mended_by_the_next_writer(
    tmp_path: Path, nonsense: str
) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    writer.upsert([doc(1)])
    writer.close()
    (tmp_path / "CURRENT").write_text(nonsense)
    reader = TantivyIndex.open_reader(tmp_path)
    assert reader.versions is None
    assert not reader.health().ok
    mended = TantivyIndex.open_writer(tmp_path)
    assert ids(mended) == ids(reader) == []
    assert mended.needs_rebuild()  # or nobody would know that post 1 is missing
    mended.close()


def test_ties_of_relevance_outlive_a_merge(tmp_path: Path) -> None:
    writer = TantivyIndex.open_writer(tmp_path)
    for start in range(0, 300, 20):
        writer.upsert(doc(id_, "việc") for id_ in range(start, start + 20))
    writer.refresh()
    query = Query(text=parse("việc").text, size=50)
    before = writer.search(query, unit_ids=None).ids
    rebuild = writer.begin_rebuild()
    rebuild.upsert(doc(id_, "việc") for id_ in reversed(range(300)))
    writer.switch(rebuild)
    writer.refresh()
    assert writer.search(query, unit_ids=None).ids == before == list(range(299, 249, -1))
    writer.close()
