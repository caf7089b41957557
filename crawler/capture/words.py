"""What is written in the pictures of a page (chữ trong ảnh), where a reader is installed."""

from collections.abc import Sequence

from crawler.capture.model import Shown, Visit
from search.pictures.reading import MOST_SECONDS, Reader, find_reader

LITTLE_TEXT = 200
"""A page with less text than this, in characters, may say what it says in a picture."""
READABLE = frozenset({"image/png", "image/jpeg", "image/webp"})


def read_pictures(visit: Visit, shown: Sequence[Shown]) -> str:
    """The text of the page's pictures, and of its screenshot where the page has little text of its own."""
    reader = find_reader()
    if reader is None:
        return ""
    pictures = [one.data for one in shown if one.media_type in READABLE]
    if len(visit.text.strip()) < LITTLE_TEXT:
        pictures += [picture for picture, _, _ in visit.screenshots[:2]]
    return _read(reader, pictures)


def _read(reader: Reader, pictures: Sequence[bytes]) -> str:
    left, found = MOST_SECONDS, []
    for picture in pictures:
        if left <= 1:
            break
        text, took = reader.read(picture, left)
        left -= took
        if text and text not in found:
            found.append(text)
    return "\n\n".join(found)
