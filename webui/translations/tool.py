"""`python -m webui.translations.tool extract|check|compile`.

extract writes messages.pot from the source and vi/LC_MESSAGES/messages.po filled from parts/*.tsv (both are
made, not committed). check fails when a message has no Vietnamese, a part says something no page says any
more, two parts disagree, or placeholders differ. compile writes messages.mo.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from webui.translations.catalogue import (
    LANGUAGE,
    Entry,
    build,
    compile_parts,
    mo_file,
    placeholders,
    read_parts,
)

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parent
ROOMS = ("webui", "casework", "crawler", "search", "foundation")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
SIMPLE = ("_", "_l", "gettext", "lazy_gettext", "gettext_noop", "N_", "Message")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(SIMPLE),
    **dict.fromkeys(("ngettext", "lazy_ngettext", "_n"), (1, 2)),
}
OPTIONS = {
    "**/templates/**.html": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
}


def extract(root: Path = SOURCE.parent) -> Catalog:
    """Every message of the source, with where it stands."""
    catalogue = Catalog(project="rasoat", charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(
            root / room,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            directory_filter=_is_source,
        )
        for filename, line, message, _comments, _context in found:
            catalogue.add(message, locations=[(f"{room}/{filename}", line)])
    return catalogue


def _is_source(path: object) -> bool:
    return Path(str(path)).name not in {
        "node_modules",
        "vendor",
        "__pycache__",
        "parts",
        "migrations",
    }


def _messages(catalogue: Catalog) -> Iterator[tuple[str, str, str]]:
    """(singular, plural or "", where) of each message."""
    for message in catalogue:
        if not message.id:
            continue
        singular, plural = message.id if isinstance(message.id, tuple | list) else (message.id, "")
        where = ", ".join(f"{name}:{line}" for name, line in message.locations[:2])
        yield str(singular), str(plural), where


def literals(root: Path = SOURCE.parent) -> set[str]:
    """Every string that stands in our Python: rooms below webui know no gettext, and hand out English."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update(
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
    return found


def problems(
    catalogue: Catalog, entries: list[Entry], elsewhere: AbstractSet[str] = frozenset()
) -> list[str]:
    """What is wrong with the translations, one sentence each; empty when all is well.

    `elsewhere` are strings that may be said too, though no gettext stands around them.
    """
    used = {singular: (plural, where) for singular, plural, where in _messages(catalogue)}
    said: dict[str, Entry] = {}
    found = []
    for entry in entries:
        before = said.setdefault(entry.singular, entry)
        if before.translation != entry.translation:
            found.append(
                f"{entry.where}: says {entry.translation!r}, {before.where} says {before.translation!r}"
            )
        if entry.singular not in used and entry.singular not in elsewhere:
            found.append(f"{entry.where}: stale, nothing says {entry.singular!r} any more")
        elif used.get(entry.singular, (entry.plural,))[0] != entry.plural:
            plural = used[entry.singular][0]
            wanted = f"{entry.singular} || {plural}" if plural else entry.singular
            found.append(f"{entry.where}: the source has another plural; write {wanted!r} first")
        if placeholders(entry.plural or entry.singular) != placeholders(entry.translation):
            found.append(f"{entry.where}: placeholders differ in {entry.singular!r}")
    found += [
        f"{where}: no Vietnamese for {singular!r}"
        for singular, (_, where) in used.items()
        if singular not in said
    ]
    return found


def _extract() -> int:
    catalogue, entries = extract(), read_parts(FOLDER)
    with (FOLDER / "messages.pot").open("wb") as file:
        write_po(file, catalogue, sort_by_file=True)
    target = mo_file(FOLDER).with_suffix(".po")
    target.parent.mkdir(parents=True, exist_ok=True)
    filled = build(entries)
    filled.update(catalogue, no_fuzzy_matching=True)
    with target.open("wb") as file:
        write_po(file, filled, sort_by_file=True, ignore_obsolete=True)
    missing = sum(1 for each in filled if each.id and not each.string)
    print(f"{len(catalogue)} messages, {missing} without {LANGUAGE}")
    return 0


def _check() -> int:
    found = problems(extract(), read_parts(FOLDER), literals())
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"translations: {len(found)} problems" if found else "translations: complete")
    return 1 if found else 0


def _compile() -> int:
    print(compile_parts(FOLDER))
    return 0


ACTIONS: dict[str, Callable[[], int]] = {"extract": _extract, "check": _check, "compile": _compile}


def main(arguments: list[str]) -> int:
    """Do what the one argument names; 2 for an unknown one."""
    action = ACTIONS.get(arguments[0]) if len(arguments) == 1 else None
    if action is None:
        print(__doc__, file=sys.stderr)
        return 2
    return action()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
