"""From the fields of the form to a post, and the check of a screenshot."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from crawler.sources.addresses import canonical
from crawler.sources.forms import FieldProblem, FormProblems
from crawler.sources.manual.form import FORM
from crawler.sources.markup import tidy
from crawler.sources.times import parse_time
from foundation.clock import OFFICE_ZONE
from search.post import Author, Platform, Post

MAX_SCREENSHOT_BYTES = 15 * 2**20
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person entered: the post, the media type of the screenshot (empty: none), how it became known."""

    post: Post
    screenshot_type: str
    how: str = ""


def read(given: Mapping[str, Any], screenshot: bytes = b"") -> Entered:
    """The post that the fields make; FormProblems names each field that cannot be taken.

    A post without an address gets `urn:rasoat:entered:` and the digest of its text, so that the same text
    entered twice is the same post.
    """
    config = FORM.read(given)
    problems = []
    posted_at = parse_time(config["posted_at"], OFFICE_ZONE) if config["posted_at"] else None
    if config["posted_at"] and posted_at is None:
        problems.append(
            FieldProblem("posted_at", "“%(value)s” is not a time.", {"value": config["posted_at"]})
        )
    media_type = image_type(screenshot)
    if screenshot and not media_type:
        problems.append(FieldProblem("screenshot", "This is not a PNG, JPEG or WebP picture."))
    if len(screenshot) > MAX_SCREENSHOT_BYTES:
        problems.append(
            FieldProblem("screenshot", "The picture is larger than %(limit)s MB.", {"limit": 15})
        )
    if problems:
        raise FormProblems(tuple(problems))
    text = tidy(config["text"])
    url = canonical(config["url"]) if config["url"] else address_of(text)
    author_url = canonical(config["author_url"]) if config["author_url"] else ""
    handle = urlsplit(author_url).path.strip("/").rpartition("/")[2]
    post = Post(
        url=url,
        text=text,
        title=tidy(config["title"]).replace("\n", " "),
        platform=Platform(config["platform"] or Platform.OTHER.value),
        author=Author(tidy(config["author"]), handle, author_url),
        posted_at=posted_at,
    )
    return Entered(post, media_type, config["how"])


def address_of(text: str) -> str:
    """The address of a text that was published nowhere with an address: its own digest."""
    return f"urn:rasoat:entered:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def image_type(data: bytes) -> str:
    """The media type that the first bytes tell, or an empty string."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((name for head, name in _SIGNATURES.items() if data.startswith(head)), "")
