"""Who belongs together, decided in memory from what was looked up: joins, merges, and where they stop. Pure.

A post is known here by its id; one that is not stored yet by a number below zero. So is a campaign.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

FULL = 1000
"""A campaign of so many posts takes no more near copies and shared contacts, and merges into none that would
be larger: a chain of copies of copies, or of numbers, must not glue strangers together. Exact copies may
always join, they say the very same."""


class Reason(StrEnum):
    """Why a post belongs to a campaign, or two campaigns became one."""

    FIRST = "first"  # with this one it began
    COPY = "copy"  # the same text
    NEAR = "near"  # nearly the same text
    CONTACT = "contact"  # the same contact
    SPLIT = "split"  # a person took it out of another campaign
    AGAIN = "again"  # a person took a split back


_STRENGTH = {Reason.COPY: 0, Reason.NEAR: 1, Reason.CONTACT: 2}


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a post to `other`; `share` is the similarity of a near copy, `contact` kind and value."""

    other: int
    reason: Reason
    share: float = 0.0
    contact: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Joined:
    """A post that came into a campaign: `home` is where it would be had nothing been merged."""

    post: int
    home: int
    tie: Tie


@dataclass(frozen=True, slots=True)
class Merged:
    """Two campaigns that one post ties together; the older one stays."""

    kept: int
    gone: int
    post: int
    tie: Tie


@dataclass(slots=True)
class Grouping:
    """Campaigns of posts (`where`: campaign and home), how large they are, which people took apart."""

    where: dict[int, tuple[int, int]]
    sizes: dict[int, int]
    apart: Sequence[tuple[int, int]] = ()
    joined: list[Joined] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    _into: dict[int, int] = field(default_factory=dict)
    _made: int = 0

    def campaign_of(self, post: int) -> int | None:
        """The living campaign of a post as things stand now."""
        found = self.where.get(post)
        return self.living(found[0]) if found else None

    def living(self, campaign: int) -> int:
        while campaign in self._into:
            campaign = self._into[campaign]
        return campaign

    def place(self, post: int, ties: Iterable[Tie]) -> None:
        """Put one post to those it is tied to, the strongest tie first."""
        loose: list[Tie] = []
        for tie in sorted(ties, key=self._order):
            if self.campaign_of(tie.other) is None:
                loose.append(tie)
            elif self.campaign_of(post) is None:
                self._join(post, self.where[tie.other][1], tie)
            else:
                self._merge(post, tie)
        if loose and self.campaign_of(post) is None:
            first = loose.pop(0)
            self._begin(first.other)
            self._join(post, self.where[first.other][1], first)
        for tie in loose:
            if self.campaign_of(post) is not None and self.campaign_of(tie.other) is None:
                back = Tie(post, tie.reason, tie.share, tie.contact)
                self._join(tie.other, self.where[post][1], back)

    def _order(self, tie: Tie) -> tuple[int, float, bool, int, int]:
        campaign = self.campaign_of(tie.other) or 0
        return (_STRENGTH[tie.reason], -tie.share, campaign < 0, abs(campaign), abs(tie.other))

    def _begin(self, post: int) -> None:
        self._made += 1
        self.where[post] = (-self._made, -self._made)
        self.sizes[-self._made] = 1
        self.joined.append(Joined(post, -self._made, Tie(post, Reason.FIRST)))

    def _join(self, post: int, home: int, tie: Tie) -> None:
        campaign = self.campaign_of(tie.other)
        if campaign is None or (tie.reason is not Reason.COPY and self._size(campaign) >= FULL):
            return
        self.where[post] = (campaign, home)
        self.sizes[campaign] = self._size(campaign) + 1
        self.joined.append(Joined(post, home, tie))

    def _merge(self, post: int, tie: Tie) -> None:
        one, other = self.campaign_of(post), self.campaign_of(tie.other)
        if one is None or other is None or one == other or not self._may_merge(one, other):
            return
        kept, gone = sorted((one, other), key=lambda campaign: (campaign < 0, abs(campaign)))
        self._into[gone] = kept
        self.sizes[kept] = self._size(kept) + self._size(gone)
        self.merged.append(Merged(kept, gone, post, tie))

    def _may_merge(self, one: int, other: int) -> bool:
        if self._size(one) + self._size(other) > FULL:
            return False
        split = ({self.living(a), self.living(b)} for a, b in self.apart)
        return all(pair != {one, other} for pair in split)

    def _size(self, campaign: int) -> int:
        return self.sizes.get(campaign, 0)
