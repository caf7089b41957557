"""Every word in a file of a capture, in pieces: pages and what they fetched (WACZ), to the end, however large.

Pictures, videos and PDF are not read; whoever sees a victim in one marks the item on its page.
"""

import codecs
import gzip
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

PIECE, OVERLAP = 2**20, 4096
"""Characters looked through at once, and how many of them are looked at again with what follows."""
_TEXTS = re.compile(
    r"text/|image/svg|application/(json|xml|javascript|x-javascript|x-ndjson|\S*\+(json|xml))"
)
_NO_TEXTS = re.compile(r"(?!image/svg)(image|video|audio|font)/|application/(font|wasm|zip|pdf)")
_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r\n]*)", re.IGNORECASE)
_MOST_HEAD = 2**16


class Unreadable(Exception):
    """A file that should be looked through cannot be: nobody knows what it shows."""


def words(source: BinaryIO, media_type: str, clean: set[str]) -> Iterator[str]:
    """The texts in a file, in pieces; none of a file that has no text. Unreadable for a damaged archive.

    Answers that were read to their end before (`clean`, by their digests) are passed over: a thousand pages of one
    site fetch the same scripts. Whoever finds something stops reading, so what holds it never gets there.
    """
    kind = media_type.lower().strip()
    if "wacz" in kind:
        yield from _of_wacz(source, clean)
    elif _TEXTS.match(kind):
        yield from _decoded(source, None)


def _decoded(source: BinaryIO, left: int | None) -> Iterator[str]:
    """So many bytes as text (all of them: None), each piece with the end of the one before."""
    decoder, before = codecs.getincrementaldecoder("utf-8")("replace"), ""
    while data := source.read(PIECE if left is None else min(PIECE, left)):
        left = None if left is None else left - len(data)
        text = before + decoder.decode(data)
        yield text
        before = text[-OVERLAP:]


def _of_wacz(source: BinaryIO, clean: set[str]) -> Iterator[str]:
    try:
        with tempfile.TemporaryFile() as file:
            shutil.copyfileobj(source, file)
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    with archive.open(name) as entry:
                        yield name
                        yield from _of_entry(name, entry, clean)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise Unreadable(f"the web archive cannot be read: {error}") from error


def _of_entry(name: str, entry: BinaryIO, clean: set[str]) -> Iterator[str]:
    if not name.endswith(".gz"):
        yield from _of_warc(entry, clean) if name.endswith(".warc") else _decoded(entry, None)
        return
    with gzip.GzipFile(fileobj=entry) as plain:
        yield from _of_warc(plain, clean) if name.endswith(".warc.gz") else _decoded(plain, None)  # type: ignore[arg-type]


def _of_warc(source: BinaryIO, clean: set[str]) -> Iterator[str]:
    """Of each record its head and, where it is text, its body (WARC/1.1, ISO 28500)."""
    while line := source.readline(_MOST_HEAD):
        if not line.strip():
            continue
        if not line.startswith(b"WARC/"):
            raise ValueError("no record where one should begin")
        head = _head(source)
        yield str(head)
        left = int(head.get("content-length", "0"))
        if head.get("warc-type") in {"request", "response"}:
            said = b""
            while left and (line := source.readline(min(_MOST_HEAD, left))).strip():
                said, left = said + line, left - len(line)
            left -= len(line) if left else 0
            yield said.decode("utf-8", "replace")
            found = _TYPE.search(b"\r\n" + said)
            if found and _NO_TEXTS.match(found[1].decode("latin-1").strip().lower()):
                _pass_over(source, left)
                continue
        digest = head.get("warc-payload-digest", "")
        if digest in clean:
            _pass_over(source, left)
            continue
        yield from _decoded(source, left)
        clean.update({digest} - {""})


def _head(source: BinaryIO) -> dict[str, str]:
    """The named fields of a record, up to the empty line."""
    head = {}
    while (line := source.readline(_MOST_HEAD)).strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        head[name.strip().lower()] = value.strip()
    return head


def _pass_over(source: BinaryIO, left: int) -> None:
    while left and (data := source.read(min(PIECE, left))):
        left -= len(data)
