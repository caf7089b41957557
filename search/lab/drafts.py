"""What a draft is worth: everything that is wrong with its text in this office, line by line."""

import re
from collections.abc import Container, Iterator

from search.lab.office import OfficeRules, fits
from search.query import Message
from search.rules.checks import check_examples
from search.rules.matcher import Matcher
from search.rules.model import Pack
from search.rules.pack import Examined, Problem, examine

_PACK_LINE = re.compile(r"^pack:[ \t]*[\"']?([a-z][a-z0-9_-]*)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
LONGEST_ID = 80


def pack_id_of(text: str) -> str:
    """The id that a text names, also when the rest of it cannot be read; "" where it names none."""
    found = _PACK_LINE.search(text)
    return found[1] if found and len(found[1]) <= LONGEST_ID else ""


def examine_draft(
    text: str, pack_id: str, office: OfficeRules, basis: Container[str] | None = None
) -> Examined:
    """Everything that is wrong with a draft of the pack `pack_id`, beside the packs of this office."""
    shared = [pack for pack in office.shared if pack.id != pack_id]
    found = examine(text, shared=shared, basis=basis)
    if found.pack is None or found.problems:
        return found
    problems = tuple(_beside_others(found.pack, pack_id, office, text))
    return Examined(found.pack, problems)


def _beside_others(pack: Pack, pack_id: str, office: OfficeRules, text: str) -> Iterator[Problem]:
    if pack.id != pack_id:
        found = _PACK_LINE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        yield Problem(line, Message("the id of this pack is %(id)s and stays it", {"id": pack_id}))
        return
    others = office.without(pack_id)
    lost = fits(pack, others)
    if lost is not None:
        said: dict[str, str | Message] = {"pack": lost[0], "why": lost[1]}
        yield Problem(1, Message("%(pack)s could no longer run: %(why)s", said))
        return
    yield from _examples_of_others(pack, office)


def _examples_of_others(pack: Pack, office: OfficeRules) -> Iterator[Problem]:
    """Packs that use this one's signals must still hold their own examples."""
    using = [other for other in office.without(pack.id) if pack.id in other.uses]
    if not using:
        return
    matcher = Matcher(office.with_pack(pack))
    for other in using:
        for failure in check_examples(other, matcher):
            said: dict[str, str | Message] = {"pack": other.id, "why": failure.message}
            yield Problem(1, Message("an example of %(pack)s no longer holds: %(why)s", said))
