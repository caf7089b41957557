"""What the operations pages say must be so: every setting, every link, every command."""

import re
from pathlib import Path

import pytest

from foundation.settings import Settings
from webui import doctor
from webui.cli import COMMANDS

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
PAGES = sorted(FOLDER.glob("*.md"))


def test_every_setting_is_explained_and_nothing_else() -> None:
    text = (FOLDER / "settings.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `(RASOAT_\w+)` \|", text, re.MULTILINE))
    assert explained == {f"RASOAT_{name.upper()}" for name in Settings.__dataclass_fields__}


def test_the_defaults_that_are_told_are_the_defaults() -> None:
    text = (FOLDER / "settings.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `RASOAT_(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    defaults = Settings()
    for name, value in told.items():
        real = getattr(defaults, name.lower())
        if name != "PUBLIC_URL":
            shown = {True: "yes", False: "no"}[real] if isinstance(real, bool) else str(real)
            assert value == shown, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere_and_commands_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([\w./-]+)\)", text):
        assert (page.parent / target).exists(), target
    for command in re.findall(r"\brasoat ([a-z]+)\b", text):
        assert command in COMMANDS, command


def test_every_check_of_the_doctor_is_told() -> None:
    rows = re.findall(r"^\| ([a-z ,]+) \|", (FOLDER / "doctor.md").read_text("utf-8"), re.MULTILINE)
    told = {part.strip() for row in rows for part in row.split(",")}
    assert {part for part, *_ in doctor.CHECKS} <= told


def test_the_pages_are_all_in_the_list() -> None:
    listed = set(re.findall(r"\]\((\w+\.md)\)", (FOLDER / "README.md").read_text("utf-8")))
    assert listed == {page.name for page in PAGES} - {"README.md"}
