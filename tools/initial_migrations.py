"""Makes the initial revisions anew from the models: one for each room. Only until the first release.

    .venv/bin/python tools/initial_migrations.py

After a release a revision is never changed; a new one is made with `alembic revision --autogenerate`, as
docs/developers says. The files of the initial revisions are replaced.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402

import webui.models  # noqa: E402, F401 - makes the metadata whole
from foundation.database import Base, Database  # noqa: E402
from webui import migrate  # noqa: E402

# Beginning of a module's name -> number, name and title of its revision; the longest beginning counts.
ROOMS = {
    "foundation": ("0001", "ground", "People, units, lifecycles, outbox, audit, signs of life"),
    "search": ("0002", "posts", "Sources, posts, campaigns, wishes and observations"),
    "crawler": ("0003", "crawler", "Runs, their errors, the pages still to get"),
    "casework": ("0004", "cases", "Triage, cases, evidence"),
    "casework.takedowns": ("0005", "takedowns", "Takedown requests"),
    "casework.sanctions": ("0006", "sanctions", "Sanctions"),
    "casework.reports": ("0007", "reports", "Reports"),
    "webui": ("0008", "pages", "What the pages keep of their own"),
}


def rooms_of_tables() -> dict[str, str]:
    found = {}
    for mapper in Base.registry.mappers:
        fitting = [room for room in ROOMS if f"{mapper.class_.__module__}.".startswith(f"{room}.")]
        found[str(mapper.local_table.name)] = max(fitting, key=len)
    for name in Base.metadata.tables:
        found.setdefault(
            name, "casework"
        )  # a table without a class of its own joins two of casework
    return found


def config(database: Database, room: str, rooms: dict[str, str]) -> Config:
    def ours(name: str | None) -> bool:
        return rooms.get(name or "", room) == room

    made = migrate.config(database)
    made.attributes["include_name"] = lambda name, kind, _: kind != "table" or ours(name)
    made.attributes["include_object"] = lambda _, name, kind, *__: kind != "table" or ours(name)
    return made


def main() -> None:
    versions = migrate.FOLDER / "versions"
    for file in versions.glob("0*.py"):
        file.unlink()
    rooms = rooms_of_tables()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'x.db'}")
        for room, (number, name, title) in ROOMS.items():
            if room not in rooms.values():
                continue
            made = config(database, room, rooms)
            command.revision(made, message=title, autogenerate=True, rev_id=number)
            written = next(versions.glob(f"{number}_*.py"))
            plain = "".join(line for line in written.open(encoding="utf-8") if "# ###" not in line)
            written.write_text(plain, encoding="utf-8")
            written.rename(versions / f"{number}_{name}.py")
            command.upgrade(migrate.config(database), "head")
        database.dispose()
    ruff = str(ROOT / ".venv" / "bin" / "ruff")
    subprocess.run(
        [ruff, "check", "-q", "--fix", "--ignore=E501", str(versions)], check=True, cwd=ROOT
    )
    subprocess.run([ruff, "format", "-q", str(versions)], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
