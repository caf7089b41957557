"""Cuts a list into pages of twenty by the ``trang`` parameter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import abort, request, url_for

PER_PAGE = 20
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; ``previous`` and ``next`` are addresses or empty."""

    items: Sequence[Item]
    number: int
    last: int
    total: int
    previous: str
    next: str


def asked_page() -> int:
    """The page number in the address; nonsense is a page that does not exist (404)."""
    value = request.args.get("trang", "1")
    if not (value.isascii() and value.isdigit() and int(value[:6]) >= 1 and len(value) <= 6):
        abort(404)
    return int(value)


def page_of(items: Sequence[Item], **address: str) -> Page[Item]:
    """The page that was asked for; 404 past the last one."""
    number = asked_page()
    last = max(1, -(-len(items) // PER_PAGE))
    if number > last:
        abort(404)
    return Page(
        items=items[(number - 1) * PER_PAGE : number * PER_PAGE],
        number=number,
        last=last,
        total=len(items),
        previous=_address(number - 1, address) if number > 1 else "",
        next=_address(number + 1, address) if number < last else "",
    )


def _address(number: int, address: dict[str, str]) -> str:
    values = {**(request.view_args or {}), **address}
    if number > 1:
        values["trang"] = str(number)
    return url_for(request.endpoint or "public.home", **values)
