"""In CI nothing is skipped: there a test that would be is a failure that says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import pytest

def test_skips():
    pytest.skip("no server here")

@pytest.mark.skipif(True, reason="never on this machine")
def test_is_skipped():
    raise AssertionError

@pytest.fixture
def absent():
    pytest.skip("no such thing")

def test_with_a_fixture_that_skips(absent):
    raise AssertionError

@pytest.mark.xfail(reason="known", strict=True)
def test_known_to_fail():
    raise AssertionError

def test_passes():
    pass
"""


def run(folder: Path, value: str) -> str:
    conftest = Path(__file__).parents[1] / "conftest.py"
    (folder / "test_some.py").write_text(CODE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", str(folder),
         "-c", os.devnull, "-p", "no:cacheprovider", str(folder / "test_some.py")],
        env={**os.environ, "RASOAT_NO_SKIP": value}, cwd=conftest.parents[1],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.net
def test_a_skipped_test_fails_where_nothing_may_be_skipped(tmp_path: Path) -> None:
    said = run(tmp_path, "1")
    assert "1 passed, 1 xfailed" in said
    assert "failed" in said
    for reason in ("no server here", "never on this machine", "no such thing"):
        assert reason in said
    assert " skipped" not in said.splitlines()[-1]


@pytest.mark.net
def test_elsewhere_it_is_only_skipped(tmp_path: Path) -> None:
    assert "1 passed, 3 skipped, 1 xfailed" in run(tmp_path, "")
