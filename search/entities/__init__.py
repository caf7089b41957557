"""Finds in a post what leads to whoever wrote it, and what it says about the offer."""

from collections.abc import Iterable, Iterator

from search.entities.contacts import handles_in, links_in
from search.entities.mails import mails_in
from search.entities.model import CONTACT_KINDS, FACT_KINDS, Entity, EntityKind
from search.entities.money import accounts_in
from search.entities.phones import phones_in
from search.entities.reading import read
from search.entities.spoken import spoken_in
from search.entities.wallets import wallets_in

__all__ = ["CONTACT_KINDS", "FACT_KINDS", "Entity", "EntityKind", "extract"]

#: Longer posts are read on their first characters only.
MAX_LENGTH = 100_000


def extract(text: str) -> tuple[Entity, ...]:
    """The contacts in `text`, in order of place; what one of them covers is not found a second time.

    A number that is called a bank account is no telephone number. Only a number that names an
    account of a platform or an electronic wallet is found twice: as that account and as a number.
    Never raises.
    """
    text = text[:MAX_LENGTH]
    reading = read(text)
    found: list[Entity] = []
    covered = bytearray(len(text))
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
