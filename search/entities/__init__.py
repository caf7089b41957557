"""Finds in a post what leads to whoever wrote it, and what it says about the offer."""

from collections.abc import Iterable, Iterator
from datetime import date

from search.entities.ages import ages_in
from search.entities.contacts import handles_in, links_in
from search.entities.departures import departures_in
from search.entities.gazetteer import Place, current, place
from search.entities.mails import mails_in
from search.entities.model import CONTACT_KINDS, FACT_KINDS, Entity, EntityKind
from search.entities.money import accounts_in
from search.entities.phones import phones_in
from search.entities.places import places_in
from search.entities.reading import Reading, read
from search.entities.spoken import spoken_in
from search.entities.wages import wages_in
from search.entities.wallets import wallets_in
from search.text import normalise_spans

__all__ = [
    "CONTACT_KINDS",
    "FACT_KINDS",
    "Entity",
    "EntityKind",
    "Place",
    "contacts",
    "current",
    "extract",
    "place",
]

#: Longer posts are read on their first characters only.
MAX_LENGTH = 100_000


def extract(text: str, *, today: date | None = None) -> tuple[Entity, ...]:
    """Contacts and facts in `text`, in order of place; what one of them covers is not found again.

    A number that is called a bank account is no telephone number. Only a number that names an
    account of a platform or an electronic wallet is found twice: as that account and as a number.
    `today` is the day of the post, from which "tomorrow" and "born in 2008" count. Never raises.
    """
    text = text[:MAX_LENGTH]
    reading, covered = read(text), bytearray(len(text))
    found = _contacts(reading, covered)
    spans = normalise_spans(text)
    for some in (
        departures_in(reading, today),
        ages_in(reading, today),
        wages_in(text, spans),
        places_in(text, spans),
    ):
        found += _taken(some, covered)
    return _sorted(found)


def contacts(text: str) -> tuple[Entity, ...]:
    """Those entities of `extract` that lead to a person (`CONTACT_KINDS`); twice as fast."""
    text = text[:MAX_LENGTH]
    found = _contacts(read(text), bytearray(len(text)))
    return _sorted(entity for entity in found if entity.kind in CONTACT_KINDS)


def _contacts(reading: Reading, covered: bytearray) -> list[Entity]:
    found: list[Entity] = []
    for some in (
        mails_in(reading),
        links_in(reading),
        wallets_in(reading),
        accounts_in(reading),
        handles_in(reading),
        phones_in(reading),
        spoken_in(reading),
    ):
        found += _taken(some, covered)
    return found


def _sorted(found: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(found, key=lambda entity: (entity.start, entity.end, entity.kind)))


def _taken(some: Iterable[Entity], covered: bytearray) -> Iterator[Entity]:
    """Those of `some` that stand on uncovered text, which they cover from then on.

    A number that is found within the account named right before it stays.
    """
    last: Entity | None = None
    for entity in some:
        within = last is not None and last.start <= entity.start and entity.end <= last.end
        twice = within and entity.kind is EntityKind.PHONE
        if twice or not any(covered[entity.start : entity.end]):
            covered[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            last = None if twice else entity
            yield entity
