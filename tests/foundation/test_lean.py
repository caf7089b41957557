"""What is kept out of a process is kept out for a moment only, and what is needed stays."""

import subprocess
import sys

import pytest

from foundation.lean import without


def test_a_library_that_is_kept_out_can_be_imported_afterwards() -> None:
    sys.modules.pop("this", None)
    with without("this"), pytest.raises(ImportError):
        __import__("this")
    assert "this" not in sys.modules


def test_a_library_that_is_there_already_stays() -> None:
    import json

    with without("json"):
        assert __import__("json") is json


def test_the_command_line_starts_without_what_nobody_needs() -> None:
    code = (
        "import webui.cli, sys; import structlog; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'rich', 'pygments', 'twisted', 'scrapy', 'numpy', "
        "'sklearn', 'scipy', 'docx', 'boto3', 'playwright', 'PIL'})); import rich, twisted"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
