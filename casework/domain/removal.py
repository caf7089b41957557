"""Is an address gone? Decided from everything that was seen of it; pure, so that it can be done again.

Two sightings of a removal, a set distance apart, and captures from before and after prove it. A login wall, a
block or no answer say nothing about the post and never count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain.takedown_lifecycle import ItemState
from search.post import Availability

UNSEEN = frozenset({Availability.LOGIN_WALL, Availability.BLOCKED, Availability.UNREACHABLE})
VISIBLE = frozenset({Availability.ONLINE, Availability.EDITED, Availability.MOVED})
SHORTEST = timedelta(seconds=5)
AFTER_DEADLINE = 4
"""An address that stays online is looked at four times less often once the deadline has passed."""
AFTER_REMOVAL = 24
WATCHED_FOR = 30
"""After a removal: so many looks at that distance, then no more."""
_AS_SEEN = {
    Availability.ONLINE: ItemState.ONLINE,
    Availability.EDITED: ItemState.EDITED,
    Availability.MOVED: ItemState.ONLINE,
    Availability.RESTRICTED: ItemState.RESTRICTED,
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """One observation, reduced to what decides."""

    id: int
    availability: Availability
    at: datetime
    captured: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What all sightings together say of one address.

    `first_gone_at`: the first of the sightings that made the removal, which is what a deadline is held
    against. `removed_at`: the sighting that proved it. `reappeared_at`: seen again after a removal.
    """

    state: ItemState = ItemState.PENDING
    before_id: int | None = None
    after_id: int | None = None
    first_gone_id: int | None = None
    first_gone_at: datetime | None = None
    removed_at: datetime | None = None
    reappeared_at: datetime | None = None
    last: Availability | None = None
    last_at: datetime | None = None
    online_at: datetime | None = None
    """When it was last seen with its text, whole or edited."""


def judge(
    sightings: Sequence[Sighting], distance: timedelta, *, has_before: bool = False
) -> Judged:
    """What the sightings, oldest first, say. `has_before`: a capture from before exists elsewhere."""
    run: list[Sighting] = []
    before = visible = last = reappeared = shown = None
    for seen in sightings:
        last = seen
        if seen.availability in UNSEEN:
            continue
        shown = seen
        if seen.availability is Availability.REMOVED:
            run.append(seen)
            continue
        if seen.availability is Availability.RESTRICTED and _twice(run, distance):
            continue  # a removal that was seen twice is not undone by a page that shows nothing
        if seen.availability in VISIBLE:
            visible = seen
            reappeared = seen if _twice(run, distance) else reappeared
            whole = seen.availability is Availability.ONLINE
            before = before or (seen if whole and seen.captured else None)
        run = []
    second = _twice(run, distance)
    after = next((seen for seen in reversed(run) if seen.captured), None)
    proven = second is not None and after is not None and (has_before or before is not None)
    return Judged(
        state=_state(run, second, shown, last, proven=proven),
        before_id=before.id if before else None,
        after_id=after.id if after else None,
        first_gone_id=run[0].id if run else None,
        first_gone_at=run[0].at if run else None,
        removed_at=second.at if second and proven else None,
        reappeared_at=reappeared.at if reappeared and not (second and proven) else None,
        last=last.availability if last else None,
        last_at=last.at if last else None,
        online_at=visible.at if visible else None,
    )


def _twice(run: Sequence[Sighting], distance: timedelta) -> Sighting | None:
    """The sighting that lies far enough from the first of its run, or None."""
    return next((seen for seen in run[1:] if seen.at - run[0].at >= distance), None)


def _state(
    run: Sequence[Sighting],
    second: Sighting | None,
    shown: Sighting | None,
    last: Sighting | None,
    *,
    proven: bool,
) -> ItemState:
    if run:
        if second is None:
            return ItemState.GONE_ONCE
        return ItemState.REMOVED if proven else ItemState.GONE
    if last is None:
        return ItemState.PENDING
    if last.availability in UNSEEN:
        return ItemState.UNCLEAR
    return _AS_SEEN[shown.availability] if shown else ItemState.UNCLEAR


@dataclass(frozen=True, slots=True)
class Clock:
    """What the next look at an address hangs on."""

    sent_at: datetime
    deadline_at: datetime
    state: ItemState
    last_at: datetime | None
    first_gone_at: datetime | None = None
    removed_at: datetime | None = None


def next_look(clock: Clock, distance: timedelta) -> datetime | None:
    """When to look next; None: no more. Never twice at once, always once at the deadline."""
    step = max(distance, SHORTEST)
    last = clock.last_at
    if last is None or last < clock.sent_at:
        return clock.sent_at
    if clock.state is ItemState.REMOVED:
        over = (clock.removed_at or last) + step * AFTER_REMOVAL * WATCHED_FOR
        following = last + step * AFTER_REMOVAL
        return following if following <= over else None
    if clock.state is ItemState.GONE_ONCE and clock.first_gone_at:
        return max(clock.first_gone_at + step, last + SHORTEST)
    if last < clock.deadline_at:
        return min(last + step, clock.deadline_at)
    return last + step * AFTER_DEADLINE
