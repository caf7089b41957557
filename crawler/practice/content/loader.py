"""Reads the made-up content from the YAML files beside this module and checks it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml

from crawler.practice.content.shapes import (
    ContentError,
    Evasion,
    Group,
    Kind,
    Person,
    Picture,
    PracticeComment,
    PracticePost,
    Scene,
)

HERE = Path(__file__).parent
Made = TypeVar("Made")
_POST_KEYS = {"id", "author", "group", "title", "body", "kind", "evasion", "picture", "comments"}
_COMMENT_KEYS = {"author", "body", "kind", "evasion"}


@cache
def load_people() -> dict[str, Person]:
    """All members by handle."""
    people = _read(HERE / "people.yaml", lambda row: Person(**row))
    return {person.handle: person for person in people}


@cache
def load_groups() -> dict[str, Group]:
    """All groups by slug, in the order of the menu."""
    groups = _read(HERE / "groups.yaml", lambda row: Group(**row))
    return {group.slug: group for group in groups}


@cache
def load_posts() -> tuple[PracticePost, ...]:
    """All made-up posts by id, each with its true kind and its evasions.

    Raises ContentError where an entry names an unknown author, group or kind, or an id twice.
    """
    files = sorted(HERE.glob("posts_*.yaml"))
    posts = sorted((post for file in files for post in read_posts(file)), key=lambda post: post.id)
    for earlier, later in pairwise(posts):
        if earlier.id == later.id:
            raise ContentError(f"post {later.id} is written twice")
    return tuple(posts)


def read_posts(file: Path) -> Iterator[PracticePost]:
    """The posts of one file; raises ContentError with the name of the file and the post."""
    return _read(file, _post)


def slug_of(text: str) -> str:
    """The first words of a text as an address: ASCII, hyphens, never empty."""
    folded = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    words = re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode().lower())
    return "-".join(words[:8])[:60].strip("-") or "bai-dang"


def _read(file: Path, make: Callable[[dict[str, Any]], Made]) -> Iterator[Made]:
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    for place, row in enumerate(rows, start=1):
        try:
            yield make(row)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            name = row.get("id", place) if isinstance(row, dict) else place
            raise ContentError(f"{file.name}: entry {name}: {error!r}") from error


def _post(row: dict[str, Any]) -> PracticePost:
    _refuse_unknown(row, _POST_KEYS)
    body, title = _text(row["body"]), str(row.get("title", ""))
    comments = enumerate(row.get("comments", ()), start=1)
    return PracticePost(
        id=int(row["id"]),
        slug=slug_of(title or body),
        author=_known(row["author"], load_people()),
        group=_known(row["group"], load_groups()),
        title=title,
        body=body,
        kind=Kind(row["kind"]),
        evasion=_evasion(row),
        picture=_picture(row.get("picture")),
        comments=tuple(_comment(int(row["id"]), place, each) for place, each in comments),
    )


def _comment(post_id: int, place: int, row: dict[str, Any]) -> PracticeComment:
    _refuse_unknown(row, _COMMENT_KEYS)
    return PracticeComment(
        id=post_id * 100 + place,
        post_id=post_id,
        author=_known(row["author"], load_people()),
        body=_text(row["body"]),
        kind=Kind(row.get("kind", "talk")),
        evasion=_evasion(row),
    )


def _picture(row: dict[str, Any] | None) -> Picture | None:
    if row is None:
        return None
    return Picture(scene=Scene(row["scene"]), alt=row["alt"], lines=tuple(row.get("lines", ())))


def _evasion(row: dict[str, Any]) -> tuple[Evasion, ...]:
    return tuple(Evasion(name) for name in row.get("evasion", ()))


def _text(value: object) -> str:
    text = str(value).strip()
    if not text:
        raise ValueError("the text is empty")
    return text


def _known(name: str, names: dict[str, Any]) -> str:
    if name not in names:
        raise ValueError(f"{name!r} is not known")
    return name


def _refuse_unknown(row: dict[str, Any], keys: set[str]) -> None:
    if extra := set(row) - keys:
        raise ValueError(f"unknown keys {sorted(extra)}")
