"""What is written in the pictures of a page (chữ trong ảnh), where a reader is installed."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.capture.model import Capture
from foundation.files import FileStore
from search.pictures.reading import MOST_SECONDS, Reader, find_reader
from search.watch import CaptureFile

LITTLE_TEXT = 40
"""A page with less text than this, in characters, may say what it says in a picture."""
READABLE = frozenset({"image/png", "image/jpeg", "image/webp"})


def with_words(capture: Capture, files: FileStore) -> Capture:
    """The capture with one more file, `ocr`: the text of the page's pictures.

    Of the screenshot too where the page has little text of its own. Without a reader, and where nothing is
    read, the capture is as it was.
    """
    reader = find_reader()
    if reader is None or capture.unchanged:
        return capture
    pictures = [one.data for one in capture.pictures if one.media_type in READABLE]
    if len(capture.text.strip()) < LITTLE_TEXT:
        pictures += capture.views
    text = _read(reader, pictures)
    if not text:
        return capture
    data = text.encode("utf-8", "replace")
    file = CaptureFile("ocr", files.put(data), "text/plain; charset=utf-8", len(data))
    stored = replace(
        capture.files,
        files=(*capture.files.files, file),
        detail={**capture.files.detail, "reader": reader.version},
    )
    return replace(capture, files=stored, picture_text=text)


def _read(reader: Reader, pictures: Sequence[bytes]) -> str:
    left, found = MOST_SECONDS, list[str]()
    for picture in pictures:
        if left <= 1:
            break
        text, took = reader.read(picture, left)
        left -= took
        if text and text not in found:
            found.append(text)
    return "\n\n".join(found)
