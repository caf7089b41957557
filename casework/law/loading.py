"""YAML files of the catalogue, with the line of every key, so that an error can say where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from foundation.errors import InvalidInput


class CatalogueError(InvalidInput):
    """The catalogue has faults; `problems` names file, line, entry and field of each."""

    key = "error.law_catalogue"

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems), about=problems[0] if problems else "")


@dataclass(frozen=True)
class RawEntry:
    """One entry as written: its section, its fields, and where it stands."""

    section: str
    id: str
    data: Mapping[str, Any]
    file: Path
    line: int
    lines: Mapping[str, int]

    def where(self, key: str = "") -> str:
        """File, line and entry, for an error message; the line of the field when it is known."""
        top = key.split(".", 1)[0].split("[", 1)[0]
        field = f": {key}" if key else ""
        return f"{self.file.name}:{self.lines.get(top, self.line)}: {self.section} {self.id}{field}"


def read_folder(folder: Path) -> list[RawEntry]:
    """Every entry of every *.yaml in a folder, in the order of the file names."""
    problems: list[str] = []
    entries = [
        entry for file in sorted(folder.glob("*.yaml")) for entry in _read_file(file, problems)
    ]
    if problems:
        raise CatalogueError(problems)
    return entries


def _read_file(file: Path, problems: list[str]) -> Iterator[RawEntry]:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{file.name}: is not readable YAML: {error}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        problems.append(f"{file.name}:1: must hold sections such as `provisions:`")
        return
    for name, section in root.value:
        yield from _read_section(file, str(name.value), section, problems)


def _read_section(
    file: Path, name: str, section: yaml.Node, problems: list[str]
) -> Iterator[RawEntry]:
    if not isinstance(section, yaml.SequenceNode):
        problems.append(f"{file.name}:{_line(section)}: {name} must be a list of entries")
        return
    for node in section.value:
        if isinstance(node, yaml.MappingNode):
            yield from _read_entry(file, name, node, problems)
        else:
            problems.append(f"{file.name}:{_line(node)}: an entry of {name} must be a group")


def _read_entry(
    file: Path, section: str, node: yaml.MappingNode, problems: list[str]
) -> Iterator[RawEntry]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if key.value in lines:
            problems.append(f"{file.name}:{_line(key)}: {section}: {key.value} stands twice")
        lines[str(key.value)] = _line(key)
    try:
        data = _construct(node)
    except (yaml.YAMLError, ValueError) as error:
        problems.append(f"{file.name}:{_line(node)}: {section}: {error}")
        return
    if not isinstance(data.get("id"), str) or not data["id"]:
        problems.append(f"{file.name}:{_line(node)}: {section}: an entry without an id")
        return
    yield RawEntry(section, data["id"], data, file, _line(node), lines)


def _construct(node: yaml.MappingNode) -> dict[str, Any]:
    loader = yaml.SafeLoader("")
    try:
        return {str(k): v for k, v in loader.construct_mapping(node, deep=True).items()}
    finally:
        loader.dispose()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
