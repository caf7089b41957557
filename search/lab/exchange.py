"""Packs out of an office and into another: a YAML file, or all of them as one zip."""

import io
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from search.lab.drafts import examine_draft, pack_id_of
from search.lab.office import OfficeRules
from search.query import Message
from search.rules.pack import Problem, examine
from search.rules.reading import MAX_LENGTH

MOST_FILES = 200
MOST_BYTES = 20_000_000
#: Entries of a zip bear one date, so that the same packs make the same file.
EPOCH = (1980, 1, 1, 0, 0, 0)
NAMES = (".yaml", ".yml")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)
"""What opening a zip of somebody else's making can raise: broken, encrypted, of an unknown method, cut."""


@dataclass(frozen=True, slots=True)
class Good:
    """A file that is a whole pack in this office; `same` when its text counts already."""

    name: str
    pack: str
    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that cannot be taken, and why, line by line."""

    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What some files hold."""

    good: tuple[Good, ...]
    bad: tuple[Bad, ...]


def as_zip(office: OfficeRules) -> bytes:
    """All packs in force, one YAML file each."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in office.chosen:
            entry = zipfile.ZipInfo(f"{one.pack.id}.yaml", EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, one.text)
    return target.getvalue()


def bring(
    files: Iterable[tuple[str, bytes]],
    office: OfficeRules,
    basis: Container[str] | None = None,
) -> Brought:
    """Read YAML files and zips of them; each is whole in this office, or told with its lines."""
    good: list[Good] = []
    bad: list[Bad] = []
    for name, content in files:
        for inner, data in _opened(name, content):
            found = data if isinstance(data, Bad) else _read(inner, data, office, basis)
            if isinstance(found, Bad):
                bad.append(found)
            else:
                good.append(found)
    return Brought(tuple(good), tuple(bad))


def _read(
    name: str, content: bytes, office: OfficeRules, basis: Container[str] | None
) -> Good | Bad:
    if len(content) > 4 * MAX_LENGTH:
        return _bad(name, Message("it is longer than a rule pack can be"))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _bad(name, Message("it is not UTF-8"), line)
    pack = pack_id_of(text) or _id_inside(text)
    if not pack:
        return Bad(name, examine(text).problems)
    now = office.of(pack)
    if now is not None and now.text == text:
        return Good(name, pack, text, same=True)
    found = examine_draft(text, pack, office, basis)
    return Good(name, pack, text, same=False) if found.whole else Bad(name, found.problems)


def _id_inside(text: str) -> str:
    """The id of a pack that is written in another way than a line of its own."""
    found = examine(text).pack
    return found.id if found else ""


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes | Bad]]:
    """The file itself, or what a zip holds; a zip that is broken or far too large is one bad file."""
    if not content.startswith(b"PK\x03\x04"):
        yield name, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(NAMES)]
            if not entries:
                yield name, _bad(name, Message("there is no YAML file in this zip"))
                return
            if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST_BYTES:
                yield name, _bad(name, Message("this zip holds more than packs can be"))
                return
            for entry in entries:
                with archive.open(entry) as inner:
                    yield f"{name}/{entry.filename}"[-200:], inner.read(4 * MAX_LENGTH + 1)
    except UNREADABLE as error:
        why = {"why": str(error)[:200]}
        yield name, _bad(name, Message("this zip cannot be read: %(why)s", why))


def _bad(name: str, what: Message, line: int = 1) -> Bad:
    return Bad(name, (Problem(line, what),))
