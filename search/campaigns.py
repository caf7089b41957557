"""Campaigns (chùm bài): exact copies by hash, near copies by MinHash bands that are verified by true Jaccard.

64 permutations in 16 bands of 4 rows; the bands live in the database, so all processes see the same ones.
A candidate is believed only when the Jaccard similarity of the three-word shingles is at least 0.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rensa import RMinHash
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from search.models import Campaign, PostBand, PostContact, PostRow
from search.text import normalise

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
SEED = 20_26
SIMILAR = 0.7
MAX_CANDIDATES = 50
HUB = 30
"""A contact in more posts than this says nothing about who belongs together (a shop's number)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The three-word shingles of a folded text, and its 16 band keys."""

    shingles: frozenset[str]
    bands: tuple[bytes, ...]


def shingles(folded: str) -> frozenset[str]:
    words = folded.split()
    if len(words) < 3:
        return frozenset([" ".join(words)]) if words else frozenset()
    return frozenset(" ".join(words[i : i + 3]) for i in range(len(words) - 2))


def signature(folded: str) -> Signature:
    """The signature of a normalised, folded text."""
    parts = shingles(folded)
    if not parts:
        return Signature(parts, ())
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(sorted(parts))
    digest = minhash.digest()
    bands = tuple(
        band.to_bytes(1, "big") + _key(digest[band * ROWS : (band + 1) * ROWS])
        for band in range(BANDS)
    )
    return Signature(parts, bands)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared shingles over all shingles, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def place(session: Session, row: PostRow, mark: Signature, *, at: datetime) -> None:
    """Remember a post's bands and put it into the campaign of its copies, near copies and contacts."""
    session.query(PostBand).filter(PostBand.post_id == row.id).delete(synchronize_session=False)
    relatives = _exact(session, row) or _near(session, row, mark)
    relatives += _by_contact(session, row)
    session.add_all(PostBand(band=band, post_id=row.id) for band in set(mark.bands))
    session.flush()
    if relatives:
        _join(session, [row, *relatives], at=at)


def near_copies(session: Session, row: PostRow, limit: int = 20) -> list[tuple[PostRow, float]]:
    """Posts that say nearly the same, with their similarity, most alike first."""
    mark = signature(normalise(row.body).folded)
    found = [
        (other, jaccard(mark.shingles, shingles(normalise(other.body).folded)))
        for other in _candidates(session, row, mark)
    ]
    alike = [(other, share) for other, share in found if share >= SIMILAR]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def members(session: Session, campaign_id: int) -> Sequence[PostRow]:
    return session.scalars(
        select(PostRow).where(PostRow.campaign_id == campaign_id).order_by(PostRow.id)
    ).all()


def _key(rows: Sequence[int]) -> bytes:
    value = 0
    for row in rows:
        value = (value * 0x9E3779B97F4A7C15 + row + 1) % 2**88
    return value.to_bytes(11, "big")


def _exact(session: Session, row: PostRow) -> list[PostRow]:
    return list(
        session.scalars(
            select(PostRow)
            .where(PostRow.text_hash == row.text_hash, PostRow.id != row.id)
            .order_by(PostRow.id)
            .limit(1)
        )
    )


def _near(session: Session, row: PostRow, mark: Signature) -> list[PostRow]:
    return [
        other
        for other in _candidates(session, row, mark)
        if jaccard(mark.shingles, shingles(normalise(other.body).folded)) >= SIMILAR
    ]


def _candidates(session: Session, row: PostRow, mark: Signature) -> Sequence[PostRow]:
    if not mark.bands:
        return []
    ids = select(PostBand.post_id).where(PostBand.band.in_(mark.bands), PostBand.post_id != row.id)
    return session.scalars(
        select(PostRow).where(PostRow.id.in_(ids)).order_by(PostRow.id.desc()).limit(MAX_CANDIDATES)
    ).all()


def _by_contact(session: Session, row: PostRow) -> list[PostRow]:
    found: list[PostRow] = []
    for kind, value in {(c.kind, c.value) for c in row.contacts if c.kind != "link"}:
        sharing = (
            session.scalars(
                select(PostRow)
                .join(PostContact)
                .where(PostContact.kind == kind, PostContact.value == value, PostRow.id != row.id)
                .order_by(PostRow.id)
                .limit(HUB + 1)
            )
            .unique()
            .all()
        )
        if len(sharing) <= HUB:
            found += sharing
    return found


def _join(session: Session, rows: Sequence[PostRow], *, at: datetime) -> None:
    """One campaign for all: the oldest keeps its id, the others point to it."""
    known = sorted({row.campaign_id for row in rows if row.campaign_id is not None})
    if not known:
        campaign = Campaign(created_at=at)
        session.add(campaign)
        session.flush()
        known = [campaign.id]
    keep, merged = known[0], known[1:]
    for row in rows:
        row.campaign_id = keep
    if merged:
        session.execute(
            update(PostRow).where(PostRow.campaign_id.in_(merged)).values(campaign_id=keep)
        )
        session.execute(update(Campaign).where(Campaign.id.in_(merged)).values(merged_into_id=keep))
    session.flush()
