"""The documentation is checked: what the program has is named in it, what it links to is there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import pytest

from casework.domain.case_lifecycle import CaseState, TaskState
from casework.domain.report_lifecycle import ReportState
from casework.domain.sanction_lifecycle import SanctionState
from casework.domain.takedown_lifecycle import ItemState, RequestState
from casework.triage.reasons import REASONS
from crawler.sources import KINDS as SOURCE_KINDS
from foundation.people import Role
from foundation.settings import Settings
from search.models import WorkState
from search.query import Sort, parse
from search.query_fields import FIELD_OF
from search.rules.judgement import GROUPS, URGENT, Kind, Level
from search.rules.pack import shipped_packs
from webui.cli import COMMANDS
from webui.formats import key_name

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
USER = DOCS / "user"
LANGUAGES = {"vi": USER, "en": USER / "en"}
PAGES = ("kiem-tra.md", "cong-an.md", "lanh-dao.md", "bao-cao.md", "quan-tri.md", "tim-kiem.md")
NOT_OURS = {"node_modules", ".venv", "var", "screenshots", ".git", ".hypothesis"}
STATES: tuple[type[StrEnum], ...] = (
    WorkState,
    CaseState,
    TaskState,
    RequestState,
    ItemState,
    SanctionState,
    ReportState,
)
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")
KEY_IN_TEMPLATE = re.compile(
    r"(?:data-key=|key=)\"((?:Shift\+)?(?:Key[A-Z]|Slash)(?: Key[A-Z])*)\""
)
QUERY = re.compile(r"^```query$(.*?)^```$", re.MULTILINE | re.DOTALL)


def markdown() -> list[Path]:
    """Every page of the repository."""
    return sorted(
        path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts)
    )


def said(folder: Path) -> str:
    """What all pages of a folder say, folders in it apart."""
    return "\n".join(page.read_text("utf-8") for page in sorted(folder.glob("*.md")))


def guide(language: str) -> str:
    """The user guide in one language."""
    entry = USER / "README.md" if language == "vi" else USER / "en.md"
    pages = [LANGUAGES[language] / name for name in PAGES]
    return "\n".join(page.read_text("utf-8") for page in (entry, *pages))


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", text, flags=re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).casefold()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def targets(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Links to files of the repository: as written, the file, the anchor."""
    for link in LINK.findall(without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        yield link, (page.parent / path).resolve() if path else page, anchor


@pytest.mark.parametrize("page", markdown(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_something(page: Path) -> None:
    lost = [
        link
        for link, target, anchor in targets(page)
        if not target.exists()
        or (anchor and target.suffix == ".md" and anchor not in anchors(target))
    ]
    assert lost == []


def test_every_picture_is_used_and_small() -> None:
    used = {target for page in markdown() for _, target, _ in targets(page)}
    pictures = sorted((DOCS / "images").glob("*"))
    assert pictures
    assert [each.name for each in pictures if each.resolve() not in used] == []
    assert [each.name for each in pictures if each.stat().st_size > 200_000] == []


def test_every_page_of_docs_is_reached_from_the_index() -> None:
    reached, waiting = set[Path](), [DOCS / "README.md", ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting.extend(target for _, target, _ in targets(page) if target.is_file())
    assert [str(page.relative_to(ROOT)) for page in DOCS.rglob("*.md") if page not in reached] == []


def test_every_setting_is_explained() -> None:
    text = (DOCS / "operations/settings.md").read_text("utf-8")
    names = [f"RASOAT_{each.name.upper()}" for each in fields(Settings)]
    assert [name for name in names if not re.search(rf"{name}(?![A-Z_])", text)] == []


def test_no_setting_is_explained_that_does_not_exist() -> None:
    tree = ast.parse((ROOT / "foundation/settings.py").read_text("utf-8"))
    spoken = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    known = {f"RASOAT_{each.name.upper()}" for each in fields(Settings)} | spoken
    text = (DOCS / "operations/settings.md").read_text("utf-8")
    named = set(re.findall(r"RASOAT_[A-Z][A-Z_]*[A-Z]", text))
    assert {name for name in named if name.removesuffix("_FILE") not in known} == set()


def test_every_command_is_explained() -> None:
    text = said(DOCS / "operations")
    assert sorted(name for name in COMMANDS if not re.search(rf"rasoat {name}\b", text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_queue_is_explained(language: str) -> None:
    templates = [
        *(ROOT / "webui/templates/queue").glob("*.html"),
        *(ROOT / "webui/templates/posts").glob("_*.html"),
        ROOT / "webui/templates/fragments/topbar.html",
    ]
    keys = {key for each in templates for key in KEY_IN_TEMPLATE.findall(each.read_text("utf-8"))}
    assert {"KeyF", "KeyD", "KeyU", "Shift+KeyA"} <= keys
    keys |= set(re.findall(r"key=\"(KeyG Key[A-Z])\"", (ROOT / "webui/nav.py").read_text("utf-8")))
    names = {key_name(key).replace("⇧", "Shift+") for key in keys} | {"j", "k", "Enter"}
    shown = set(re.findall(r"<kbd>([^<]+)</kbd>", guide(language)))
    assert sorted(names - shown) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_to_dismiss_has_its_digit_in_the_guide(language: str) -> None:
    text = guide(language)
    assert [
        each.code for each in REASONS if f"<kbd>{each.key}</kbd> | `{each.code}`" not in text
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("states", STATES, ids=lambda states: states.__name__)
def test_every_state_is_explained(states: type[StrEnum], language: str) -> None:
    text = guide(language)
    assert [state.value for state in states if f"`{state.value}`" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_evidence_group_stands_in_the_guide_with_its_word(language: str) -> None:
    text = guide(language)
    lost = [code for code, word in GROUPS.items() if f"| `{code}` | {word[language]} |" not in text]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [Kind, Level, Role, URGENT, SOURCE_KINDS],
    ids=["kinds", "levels", "roles", "urgent", "source-kinds"],
)
def test_what_the_pages_name_is_explained(words: object, language: str) -> None:
    text = guide(language)
    assert [str(word) for word in words if f"`{word}`" not in text] == []  # type: ignore[attr-defined]


def test_every_signal_is_listed_for_rule_writers() -> None:
    text = (DOCS / "rules/README.md").read_text("utf-8")
    signals = [(pack.id, signal.id) for pack in shipped_packs() for signal in pack.signals]
    assert len(signals) > 50
    assert [name for name in signals if f"| `{name[1]}` |" not in text] == []
    assert [code for code in GROUPS if f"| `{code}` |" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_search_is_explained(language: str) -> None:
    text = (LANGUAGES[language] / "tim-kiem.md").read_text("utf-8")
    assert [alias for alias in FIELD_OF if f"`{alias}:`" not in text] == []
    assert [sort.value for sort in Sort if f"`{sort.value}`" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_search_in_the_guide_is_understood(language: str) -> None:
    text = (LANGUAGES[language] / "tim-kiem.md").read_text("utf-8")
    queries = [line for block in QUERY.findall(text) for line in block.strip().splitlines()]
    assert len(queries) >= 10
    assert [
        (query, [str(note) for note in parse(query).notes])
        for query in queries
        if parse(query).notes
    ] == []


def test_both_languages_say_the_same() -> None:
    """The same headings in the same order, the same keys, the same codes, the same pictures."""
    for name in PAGES:
        vietnamese, english = (
            (folder / name).read_text("utf-8") for folder in (LANGUAGES["vi"], LANGUAGES["en"])
        )
        for what in (r"^(#+) ", r"<kbd>([^<]+)</kbd>", r"images/([\w-]+\.png)"):
            assert re.findall(what, vietnamese, re.MULTILINE) == re.findall(
                what, english, re.MULTILINE
            ), f"{name}: {what}"
