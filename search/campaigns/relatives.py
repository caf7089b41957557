"""What ties each post of a batch to stored posts and to those before it in the batch: copies, contacts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from search.campaigns import lookups
from search.campaigns.contacts import HUB
from search.campaigns.grouping import Reason, Tie
from search.campaigns.lookups import Contact, Known
from search.campaigns.signature import SIMILAR, Signature, jaccard

WINDOW = timedelta(days=30)
"""How long a post is found by its bands. A lure that comes again later is another wave, and exact copies and
shared contacts are found however old they are."""
RENEW = WINDOW / 2
BEARERS = 8
"""A band that so many posts bore since RENEW ago needs no more of them (one, where they say the very same):
the next ones are found by these. Older ones soon leave the window."""
CANDIDATES = 30
"""So many posts are compared with one at most, those that share most bands first,"""
OF_ONE_CAMPAIGN = 3
"""and so many of each campaign: its others are like these."""


@dataclass(frozen=True, slots=True)
class Placing:
    """A post to place: its id, or a number below zero while it has none; the contacts that can tie it."""

    key: int
    text_hash: str
    mark: Signature
    contacts: frozenset[Contact]


class Relatives:
    """Looks everything up at once; then `ties_of` is asked for each post, in order."""

    def __init__(self, session: Session, placings: Sequence[Placing], at: datetime) -> None:
        self._at = at
        stored = [placing.key for placing in placings if placing.key > 0]
        hashes = {one.text_hash for one in placings if one.mark.bands}
        self._copies = lookups.first_copies(session, hashes, stored)
        wanted = {contact for one in placings for contact in one.contacts}
        self._contacts = lookups.posts_of_contacts(session, wanted)
        sharing = {id_ for ids in self._contacts.values() if len(ids) <= HUB for id_ in ids}
        self.known = lookups.known(session, {*stored, *self._copies.values(), *sharing})
        self._look_for_near_copies(session, placings)
        self._batch_hashes: dict[str, int] = {}
        self._batch_contacts: dict[Contact, list[int]] = defaultdict(list)
        self._batch_bands: dict[int, list[int]] = defaultdict(list)
        self._marks: dict[int, Signature] = {}
        self.bearing: dict[int, list[int]] = {}
        """Post -> the bands it is to bear."""

    def _look_for_near_copies(self, session: Session, placings: Sequence[Placing]) -> None:
        bands = {band for one in placings for band in one.mark.bands}
        self._bearers = lookups.posts_of_bands(session, bands)
        ids = {id_ for bearers in self._bearers.values() for id_ in bearers}
        self.known |= lookups.known(session, ids - self.known.keys())
        self._candidates = {
            one.key: self._likeliest(one) for one in placings if one.text_hash not in self._copies
        }
        likely = {id_ for ids in self._candidates.values() for id_ in ids}
        self._shingles = lookups.shingles_of(session, likely)

    def _likeliest(self, placing: Placing) -> list[int]:
        """The stored posts worth comparing with this one."""
        shared = Counter(id_ for band in placing.mark.bands for id_ in self._bearers.get(band, ()))
        of_campaign: Counter[int] = Counter()
        found: list[int] = []
        for id_, _ in sorted(shared.items(), key=lambda pair: (-pair[1], -pair[0])):
            post = self.known.get(id_)
            if post is None or id_ == placing.key or post.seen_at < self._at - WINDOW:
                continue
            if post.campaign is not None:
                of_campaign[post.campaign] += 1
                if of_campaign[post.campaign] > OF_ONE_CAMPAIGN:
                    continue
            found.append(id_)
            if len(found) == CANDIDATES:
                break
        return found

    def ties_of(self, placing: Placing) -> list[Tie]:
        """What ties this post to others; ask in the order of the batch."""
        copy = self._copies.get(placing.text_hash) or self._batch_hashes.get(placing.text_hash)
        found = [*self._near(placing)] if copy is None else [Tie(copy, Reason.COPY)]
        found += self._sharing(placing)
        self._remember(placing)
        return found

    def _near(self, placing: Placing) -> Iterator[Tie]:
        met = {id_: self._shingles.get(id_) for id_ in self._candidates.get(placing.key, ())}
        for band in placing.mark.bands:
            for id_ in self._batch_bands.get(band, ()):
                met[id_] = self._marks[id_].shingles
        for id_, theirs in met.items():
            share = jaccard(placing.mark.shingles, theirs) if theirs else 0.0
            if share >= SIMILAR:
                yield Tie(id_, Reason.NEAR, round(share, 4))

    def _sharing(self, placing: Placing) -> Iterator[Tie]:
        for contact in sorted(placing.contacts):
            others = {*self._contacts.get(contact, ()), *self._batch_contacts.get(contact, ())}
            others.discard(placing.key)
            if len(others) >= HUB:
                continue
            met: set[int] = set()
            for id_ in sorted(others, key=lambda id_: (id_ < 0, abs(id_))):
                post = self.known.get(id_)
                campaign = post.campaign if post else None
                if campaign is None or campaign not in met:
                    yield Tie(id_, Reason.CONTACT, contact=contact)
                if campaign is not None:
                    met.add(campaign)

    def _remember(self, placing: Placing) -> None:
        is_copy = placing.text_hash in self._batch_hashes
        if placing.mark.bands:  # without a word nothing is anybody's copy
            self._batch_hashes.setdefault(placing.text_hash, placing.key)
        for contact in placing.contacts:
            self._batch_contacts[contact].append(placing.key)
        room = 1 if is_copy or placing.text_hash in self._copies else BEARERS
        bands = [band for band in set(placing.mark.bands) if self._bore(band) < room]
        if bands:
            self._marks[placing.key], self.bearing[placing.key] = placing.mark, bands
        for band in bands:
            self._batch_bands[band].append(placing.key)

    def _bore(self, band: int) -> int:
        """How many posts bear a band that will not leave the window soon."""
        count = len(self._batch_bands.get(band, ()))
        if stored := self._bearers.get(band):
            since = self._at - RENEW
            count += sum(
                1 for id_ in stored if id_ in self.known and self.known[id_].seen_at >= since
            )
        return count

    def where(self) -> dict[int, tuple[int, int]]:
        """Campaign and home of every post that was met."""
        return {
            id_: (post.campaign, post.home or post.campaign)
            for id_, post in self.known.items()
            if post.campaign is not None
        }


__all__ = ["Known", "Placing", "Relatives"]
