"""Finds in a post what leads to whoever wrote it: numbers, accounts, addresses, bank accounts."""

from collections.abc import Iterable, Iterator

from search.entities.contacts import handles_in, links_in, mails_in
from search.entities.model import Entity, EntityKind
from search.entities.money import accounts_in, wallets_in
from search.entities.phones import phones_in

__all__ = ["Entity", "EntityKind", "extract"]

#: Longer posts are read on their first characters only.
MAX_LENGTH = 100_000


def extract(text: str) -> tuple[Entity, ...]:
    """The contacts in `text`, in order of place; what one of them covers is not found a second time.

    A number that is called a bank account is no telephone number, one inside a link neither.
    Never raises.
    """
    text = text[:MAX_LENGTH]
    found: list[Entity] = []
    covered = bytearray(len(text))
    for some in (
        mails_in(text),
        links_in(text),
        handles_in(text),
        wallets_in(text),
        accounts_in(text),
        phones_in(text),
    ):
        found += _taken(some, covered)
    return tuple(sorted(found, key=lambda entity: (entity.start, entity.end)))


def _taken(some: Iterable[Entity], covered: bytearray) -> Iterator[Entity]:
    """Those of `some` that stand on uncovered text, which they cover from then on."""
    for entity in some:
        if not any(covered[entity.start : entity.end]):
            covered[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            yield entity
