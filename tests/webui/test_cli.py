"""The commands of an operator's hands: import with bad rows, rules, index, doctor; errors are one line."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.tree import environment, rasoat

SAMPLE = Path(__file__).parents[1] / "data" / "import_sample.csv"
LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, bao vé, ib Zalo 0900 000 123"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A migrated deployment where nothing runs."""
    made = environment(tmp_path_factory.mktemp("cli") / "var", 8000)
    done = rasoat("migrate", env=made)
    assert done.returncode == 0, done.stderr
    assert "first administrator" in done.stdout
    return made


def test_migrating_again_says_the_link_again_until_somebody_used_it(env: dict[str, str]) -> None:
    again = rasoat("migrate", env=env)
    assert "/set-password/" in again.stdout
    assert "revision" not in again.stdout


def test_an_import_takes_the_good_rows_and_names_the_bad_ones(env: dict[str, str]) -> None:
    done = rasoat("import", str(SAMPLE), env=env)
    assert done.returncode == 3, "rows were bad"
    assert "done: 3 posts seen, 2 kept, 0 updated, 0 known, 1 not kept" in done.stdout
    assert "Line 4 was left out: the text is empty." in done.stderr
    assert (
        "Line 5: the time “không rõ” cannot be read; the post was kept without it." in done.stderr
    )
    again = rasoat("import", str(SAMPLE), "--json", env=env)
    told = json.loads(again.stdout)
    assert (told["seen"], told["kept"], told["known"]) == (3, 0, 3)
    assert [row["line"] for row in told["bad_rows"]] == [4, 5]


def test_jsonl_with_columns_of_other_names_comes_from_a_compressed_file_too(
    env: dict[str, str], tmp_path: Path
) -> None:
    import gzip

    file = tmp_path / "posts.jsonl.gz"
    rows = [{"noi_dung": LURE + f" số {n}", "dia_chi": f"https://x.example/{n}"} for n in range(3)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write("\n".join([lines[0], "{not json", *lines[1:]]))
    done = rasoat(
        "import", str(file), "--kind", "jsonl", "--map", "text=noi_dung", "--map", "url=dia_chi",
        "--source", "Nguồn thử", "--json", env=env,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["seen"], told["kept"], told["errors"]) == (3, 3, 1)
    assert told["bad_rows"][0]["line"] == 2
    with sqlite3.connect(Path(env["RASOAT_DATA_DIR"]) / "rasoat.db") as database:
        urls = {row[0] for row in database.execute("SELECT url FROM post")}
        names = {row[0] for row in database.execute("SELECT name FROM source")}
    assert {"https://x.example/0", "https://x.example/2"} <= urls
    assert "Nguồn thử" in names


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--map", "text=không_có"), 1, "The file has no column “không_có”."),
        (("--map", "bogus=x"), 2, "bogus: There is no such field."),
        (("--map", "text"), 2, "--map wants field=column, not 'text'"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_line(
    env: dict[str, str], arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = rasoat("import", str(SAMPLE), *arguments, env=env)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_was_never_made_is_told_with_the_remedy(tmp_path: Path) -> None:
    done = rasoat("import", str(SAMPLE), env=environment(tmp_path / "var", 8000))
    assert done.returncode == 2
    assert "is not ready" in done.stderr
    assert "run: rasoat migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_index_is_rebuilt_by_the_command_itself_where_no_indexer_runs(
    env: dict[str, str],
) -> None:
    before = rasoat("index", "status", env=env)
    done = rasoat("index", "rebuild", "--wait", env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("done: ")
    after = rasoat("index", "status", env=env)
    assert after.returncode == 0
    assert "posts in the search index; 0 changes wait" in after.stdout
    assert before.returncode in {0, 1}


def test_the_log_is_verified_and_a_changed_byte_is_found(env: dict[str, str]) -> None:
    from foundation.settings import Settings
    from webui.schedule import seal_audit
    from webui.wiring import build

    wiring = build(Settings(data_dir=Path(env["RASOAT_DATA_DIR"])))
    while seal_audit(wiring):
        pass
    wiring.close()
    assert "whole; head" in rasoat("audit", "verify", env=env).stdout
    with sqlite3.connect(Path(env["RASOAT_DATA_DIR"]) / "rasoat.db") as database:
        database.execute("UPDATE audit_event SET action = 'user:delete' WHERE sequence = 1")
    broken = rasoat("audit", "verify", env=env)
    assert broken.returncode == 1
    assert "BROKEN: event 1 was changed" in broken.stderr


def test_rules_scan_judges_lines_as_they_come(tmp_path: Path) -> None:
    lines = [json.dumps({"id": 1, "text": LURE}), "", json.dumps({"id": "b", "text": "Trời đẹp"})]
    env = environment(tmp_path / "nothing", 8000)
    done = rasoat("rules", "scan", "-", env=env, stdin="\n".join(lines))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == 1
    assert first["flagged"]
    assert LURE[slice(*first["spans"][0])]
    assert (second["id"], second["flagged"]) == ("b", False)
    assert "2 texts, 1 flagged" in done.stderr
    assert not (tmp_path / "nothing").exists(), "no database is needed"


def test_rules_scan_names_the_line_it_cannot_read(tmp_path: Path) -> None:
    done = rasoat("rules", "scan", "-", env=environment(tmp_path, 8000), stdin='{"id": 1}\n')
    assert done.returncode == 1
    assert "line 1: expected an object" in done.stderr


def test_rules_check_tells_the_place_of_a_fault(tmp_path: Path) -> None:
    env = environment(tmp_path, 8000)
    assert rasoat("rules", "check", env=env).returncode == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\nversion: 1\n", encoding="utf-8")
    done = rasoat("rules", "check", str(bad), env=env)
    assert done.returncode == 1
    assert "bad.yaml:" in done.stderr


def test_every_command_explains_itself(tmp_path: Path) -> None:
    from webui.cli import COMMANDS

    env = environment(tmp_path, 8000)
    listed = rasoat("--help", env=env).stdout
    for name in set(COMMANDS) - {"practice", "alive"}:
        assert f"\n  {name} " in listed, name
    assert rasoat("backup", "--help", env=env).returncode == 0
