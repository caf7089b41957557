"""What a post said at which time (phiên bản), and which version a capture shows. Pure: rows in, versions out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from search.models import PostRow, PostVersion

RUN = 3
"""Words in a row that are looked for together, so that single common words prove nothing."""
ENOUGH = 0.6
"""Below this share of its runs of words, a version is not what a page shows."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a post. When an edit was made is not known, only when the wording before was last seen."""

    number: int
    """1 is the oldest."""
    title: str
    text: str
    content_key: str
    since: datetime
    """Of the first version: when it was first seen. Of others: the version before was there until then."""
    last_seen: datetime
    current: bool

    @property
    def body(self) -> str:
        return f"{self.title}\n{self.text}" if self.title else self.text


def versions_of(post: PostRow, before: Sequence[PostVersion]) -> tuple[Version, ...]:
    """All wordings of a post, the oldest first; `before` are its stored versions in any order."""
    found: list[Version] = []
    since = post.seen_at
    for row in sorted(before, key=lambda one: one.id):
        number = len(found) + 1
        found.append(
            Version(
                number, row.title, row.text, row.content_key, since, row.seen_until, current=False
            )
        )
        since = row.seen_until
    last = Version(
        len(found) + 1,
        post.title,
        post.text,
        post.content_key,
        since,
        post.last_seen_at,
        current=True,
    )
    return (*found, last)


def shown_in(versions: Sequence[Version], page: str) -> Version | None:
    """The version that the text of a page shows; None where it shows none, or cannot be told which.

    Where the words of one version all stand in another too, as after a sentence was added, the longer counts.
    """
    runs = _runs(page)
    shares = [(_share(one, runs), len(one.body), one) for one in versions]
    best = max((share for share, _, _ in shares), default=0.0)
    likely = [(size, one) for share, size, one in shares if share == best]
    if best < ENOUGH or (best < 1 and len(likely) > 1):
        return None
    longest = [one for size, one in likely if size == max(size for size, _ in likely)]
    return longest[0] if len(longest) == 1 else None


def at_time(versions: Sequence[Version], at: datetime) -> Version | None:
    """The version that was there at a moment; None where two may have been."""
    possible = [
        one
        for index, one in enumerate(versions)
        if (index == 0 or at > versions[index - 1].last_seen)
        and (index + 1 == len(versions) or at <= versions[index + 1].last_seen)
    ]
    return possible[0] if len(possible) == 1 else None


def _share(version: Version, page: set[tuple[str, ...]]) -> float:
    runs = _runs(version.body)
    return len(runs & page) / len(runs) if runs else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    size = min(RUN, len(words)) or 1
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}
