"""`rasoat rules ...` as a person at a terminal uses it: with an office and without, on good input and bad."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from foundation.clock import MovableClock, SystemClock
from foundation.database import Database
from search.rules.pack import shipped_packs, shipped_text
from tests.search.test_lab_rules import HIT, Lab
from tests.search.test_pack import SOUND
from tests.support.people import People
from tests.support.posts import Posts
from tests.support.tree import environment, rasoat

LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, bao vé, ib Zalo 0900 000 123"
DULL = "Hôm nay trời đẹp, cả nhà đi biển chơi vui quá"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """No office: a data folder that is not there."""
    return environment(tmp_path / "nothing", 8000)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An office with one pack of its own live, and three posts."""
    folder = tmp_path_factory.mktemp("office") / "var"
    made = environment(folder, 8000)
    assert rasoat("migrate", env=made).returncode == 0
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    clock = MovableClock(SystemClock().now() - timedelta(days=1))
    lab = Lab(database, clock, People(database, clock))
    lab.live()
    posts = Posts(database, clock)
    for text in (HIT, LURE, DULL):
        posts(text)
    database.dispose()
    return made


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.yaml"
    file.write_text(SOUND, encoding="utf-8")
    return file


class TestScan:
    def scan(
        self, lines: list[bytes], env: dict[str, str], *more: str
    ) -> tuple[int, list[str], str]:
        done = subprocess.run(
            [sys.executable, "-m", "webui.cli", "rules", "scan", "-", *more],
            input=b"\n".join(lines), capture_output=True, env=env, check=False, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout.decode("utf-8").splitlines(), done.stderr.decode()

    def test_bad_lines_are_told_and_the_rest_goes_on(self, bare: dict[str, str]) -> None:
        good = json.dumps({"id": "a", "text": LURE}).encode()
        bad = [
            b"{",
            b'{"id": 1}',
            b"[1]",
            b'{"id": NaN, "text": "x"}',
            b'"\xff\xfe"',
            b"[" * 50_000,
        ]
        bad.append(b'{"id": ' + b"9" * 5000 + b', "text": "x"}')
        code, out, err = self.scan([good, *bad, good], bare)
        assert code == 1
        assert [json.loads(line)["flagged"] for line in out] == [True, True]
        for number in range(2, 2 + len(bad)):
            assert f"line {number}: " in err
        assert "2 texts, 2 flagged" in err

    def test_half_surrogates_come_out_as_valid_json(self, bare: dict[str, str]) -> None:
        lines = [
            b'{"id": "\\ud800", "text": "\\udfff viec nhe luong cao"}',
            b'\xef\xbb\xbf{"id": null, "text": "\\u0000"}',
            json.dumps({"id": {"a": ["ừ"]}, "text": ""}).encode(),
        ]
        code, out, _ = self.scan(lines, bare)
        assert code == 0
        assert [json.loads(line)["id"] for line in out] == ["\ud800", None, {"a": ["ừ"]}]

    def test_results_come_as_the_lines_come(self, bare: dict[str, str]) -> None:
        command = [sys.executable, "-m", "webui.cli", "rules", "scan", "-"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=bare
        ) as child:
            assert child.stdin
            assert child.stdout
            for number in range(3):
                child.stdin.write(json.dumps({"id": number, "text": LURE}).encode() + b"\n")
                child.stdin.flush()
                assert json.loads(child.stdout.readline())["id"] == number
            child.stdin.close()
            child.stdin = None
            _, err = child.communicate(timeout=60)
        assert b"3 texts" in err

    def test_whoever_reads_may_stop_reading(self, bare: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "many.jsonl"
        file.write_text((json.dumps({"id": 1, "text": LURE}) + "\n") * 3000, encoding="utf-8")
        command = f"{sys.executable} -m webui.cli rules scan {file} | head -1"
        done = subprocess.run(["bash", "-c", command], capture_output=True, env=bare, check=False)
        assert json.loads(done.stdout)["flagged"]
        assert b"Traceback" not in done.stderr

    def test_where_there_is_an_office_its_live_rules_judge_unless_told_otherwise(
        self, env: dict[str, str], bare: dict[str, str]
    ) -> None:
        line = [json.dumps({"id": 1, "text": HIT}).encode()]
        assert json.loads(self.scan(line, env)[1][0])["flagged"]
        assert not json.loads(self.scan(line, env, "--shipped")[1][0])["flagged"]
        assert not json.loads(self.scan(line, bare)[1][0])["flagged"]
        assert not Path(bare["RASOAT_DATA_DIR"]).exists()


class TestWithoutAnOffice:
    def test_the_shipped_packs_are_listed_and_shown(self, bare: dict[str, str]) -> None:
        listed = rasoat("rules", "list", env=bare).stdout
        assert [line.split()[0] for line in listed.splitlines()] == [p.id for p in shipped_packs()]
        rows = rasoat("rules", "list", "--json", env=bare).stdout.splitlines()
        assert {json.loads(row)["revision"] for row in rows} == {None}
        assert rasoat("rules", "show", "organ", env=bare).stdout == shipped_text("organ")
        absent = rasoat("rules", "show", "absent", env=bare)
        assert absent.returncode == 2
        assert "no pack is called absent" in absent.stderr

    def test_a_text_is_tried_with_its_reasons(self, bare: dict[str, str]) -> None:
        done = rasoat("rules", "try", LURE, env=bare)
        assert done.stdout.startswith("lure ")
        assert "việc nhẹ lương cao" in done.stdout
        told = json.loads(rasoat("rules", "try", "-", "--json", env=bare, stdin=DULL).stdout)
        assert told["flagged"] is False

    def test_check_tells_every_line_of_every_file(self, bare: dict[str, str], sample: Path) -> None:
        bad = sample.parent / "bad.yaml"
        text = SOUND.replace("weight: 30", "weight: heavy").replace("version: 3", "version: 0")
        bad.write_text(text, encoding="utf-8")
        done = rasoat("rules", "check", str(sample), str(bad), env=bare)
        assert done.returncode == 1
        assert "sample, whole" in done.stdout
        assert f"{bad}:2: 0 is less than 1" in done.stderr
        assert f"{bad}:12: heavy is not of the kind integer" in done.stderr

    def test_a_draft_is_tested_on_samples_and_texts(
        self, bare: dict[str, str], sample: Path
    ) -> None:
        samples = sample.parent / "samples.jsonl"
        rows = [
            {"id": 1, "text": HIT, "label": "lure"},
            {"id": 2, "text": DULL, "label": "innocent"},
        ]
        samples.write_text("\n".join([*map(json.dumps, rows), "{"]), encoding="utf-8")
        texts = sample.parent / "texts.txt"
        texts.write_text(f"{HIT}\n{DULL}\n", encoding="utf-8")
        done = rasoat(
            "rules", "backtest", str(sample), "--on", str(samples), "--texts", str(texts), env=bare
        )
        assert done.returncode == 0, done.stderr
        assert "samples: 2 texts, 1 newly flagged" in done.stdout
        assert "precision - -> 1.000, recall 0.000 -> 1.000" in done.stdout
        assert "texts: 2 texts, 1 newly flagged" in done.stdout
        assert "what does not match is not kept" in done.stdout
        assert f"{samples}:3: " in done.stderr

    def test_what_needs_an_office_says_so(self, bare: dict[str, str], sample: Path) -> None:
        for words in (
            ("backtest", str(sample), "--on", "stored"),
            ("history", "organ"),
            ("import", str(sample)),
            ("diff", "organ", "1"),
        ):
            done = rasoat("rules", *words, env=bare)
            assert done.returncode == 2, words
            assert "there is no office here" in done.stderr
        assert rasoat("rules", "backtest", str(sample), "--on", "x", env=bare).returncode == 2

    def test_packs_are_brought_out_as_yaml_and_as_a_zip(
        self, bare: dict[str, str], tmp_path: Path
    ) -> None:
        assert rasoat("rules", "export", "organ", env=bare).stdout == shipped_text("organ")
        assert rasoat("rules", "export", env=bare).returncode == 2
        target = tmp_path / "packs.zip"
        assert rasoat("rules", "export", "-o", str(target), env=bare).returncode == 0
        with zipfile.ZipFile(target) as archive:
            assert sorted(archive.namelist()) == sorted(f"{p.id}.yaml" for p in shipped_packs())
            assert archive.read("organ.yaml").decode() == shipped_text("organ")
        nowhere = rasoat("rules", "export", "organ", "-o", str(tmp_path / "no/x.yaml"), env=bare)
        assert (nowhere.returncode, "Traceback" in nowhere.stderr) == (2, False)
        assert "no/x.yaml" in nowhere.stderr


class TestInAnOffice:
    def test_its_own_packs_are_listed_and_their_history_told(self, env: dict[str, str]) -> None:
        assert "revision 1" in rasoat("rules", "list", env=env).stdout
        told = rasoat("rules", "history", "sample", env=env).stdout
        assert told.startswith("sample 1  live  Nguyễn Kiểm Tra")
        assert told.index("approve") < told.index("propose") < told.index("create")
        assert "as shipped" in rasoat("rules", "history", "organ", env=env).stdout

    def test_a_draft_is_tested_on_the_stored_posts(
        self, env: dict[str, str], tmp_path: Path
    ) -> None:
        file = tmp_path / "less.yaml"
        file.write_text(SOUND.replace("xứ lạ", "miền lạ"), encoding="utf-8")
        done = rasoat("rules", "backtest", str(file), "--on", "stored", env=env)
        assert "stored: 3 texts, 0 newly flagged, 1 no longer" in done.stdout, done.stderr
        told = json.loads(
            rasoat("rules", "backtest", str(file), "--on", "stored", "--json", env=env).stdout
        )
        assert told["sections"]["stored"]["gone"] == 1

    def test_texts_are_compared(self, env: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "other.yaml"
        file.write_text(SOUND.replace("weight: 30", "weight: 31"), encoding="utf-8")
        done = rasoat("rules", "diff", "sample", "1", str(file), env=env)
        assert "-    weight: 30\n+    weight: 31\n" in done.stdout
        same = rasoat("rules", "diff", "sample", "1", "live", env=env)
        assert (same.stdout, "say the same" in same.stderr) == ("", True)
        assert rasoat("rules", "diff", "sample", "7", env=env).returncode == 2

    def test_good_files_become_drafts_and_bad_ones_are_told(
        self, env: dict[str, str], tmp_path: Path
    ) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("organ.yaml", shipped_text("organ"))
            archive.writestr("x/sample.yaml", SOUND.replace("version: 3", "version: 8"))
            archive.writestr("bad.yaml", SOUND.replace("weight: 30", "weight: heavy"))
            archive.writestr("readme.txt", "x")
        file = tmp_path / "packs.zip"
        file.write_bytes(content.getvalue())
        done = rasoat("rules", "import", str(file), env=env)
        assert done.returncode == 1
        assert "organ counts as it is already" in done.stdout
        assert "sample, draft 2" in done.stdout
        assert "bad.yaml:12: heavy is not of the kind integer" in done.stderr
        assert "draft" in rasoat("rules", "history", "sample", env=env).stdout
