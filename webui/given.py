"""What came with a request, before any view reads it: text that every store can hold, numbers that fit a key.

PostgreSQL refuses NUL in text, no database has keys beyond 63 bits, and XML (so every .docx and .xlsx) knows no
control characters. Here they end once, for all views, instead of as an error in the depths.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter, IntegerConverter, PathConverter, ValidationError

from foundation.clock import OFFICE_ZONE

LARGEST = 2**63 - 1
YEARS = range(1900, 2200)
"""Years that an office can mean; others are slips of the finger, and break what is counted from them."""
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what neither a database nor a document can hold."""
    return _UNUSABLE.sub("", text)


def whole(text: str) -> int:
    """A whole number that fits a key; ValueError for anything else, also for thousands of digits."""
    if len(text) > 20:
        raise ValueError("too many digits")
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError("too large")
    return number


def whole_or(text: str, otherwise: int) -> int:
    """The number that was typed, or what it counts as when it is none."""
    try:
        return whole(text)
    except ValueError:
        return otherwise


def day(text: str) -> date:
    """yyyy-mm-dd as a browser's date field sends it, or dd/mm/yyyy as people type it; else ValueError."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return _sane(found)
    raise ValueError(f"no such day: {text[:40]}")


def moment(text: str) -> datetime:
    """A day and time as a browser sends it, in the office's zone; ValueError for what is none."""
    found = datetime.fromisoformat(text.strip())
    _sane(found.date())
    return found.replace(tzinfo=OFFICE_ZONE)


def _sane(found: date) -> date:
    if found.year not in YEARS:
        raise ValueError(f"no year that anybody means: {found.year}")
    return found


class Given(ImmutableMultiDict[str, str]):
    """The fields of a form or an address, cleaned; `type=int` gives only numbers that fit a key."""

    def __init__(
        self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None
    ) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__(
            [
                (clean(name), clean(value) if isinstance(value, str) else value)
                for name, value in pairs
            ]
        )

    def get(  # type: ignore[override] # the overloads of the library, as one
        self,
        key: str,
        default: Any = None,
        type: Callable[[str], Any] | None = None,  # noqa: A002 - the library's name for it
    ) -> Any:
        return super().get(key, default, whole if type is int else type)  # type: ignore[arg-type]

    def getlist(self, key: str, type: Callable[[str], Any] | None = None) -> list[Any]:  # noqa: A002
        return super().getlist(key, whole if type is int else type)  # type: ignore[arg-type]


class OfficeRequest(Request):
    """A request whose fields are `Given`."""

    parameter_storage_class = Given

    @cached_property
    def values(self) -> Given:  # type: ignore[override]
        """Address and form together, the address first."""
        return Given([*self.args.items(multi=True), *self.form.items(multi=True)])


class IntegerInRange(IntegerConverter):
    def to_python(self, value: str) -> int:
        try:
            return int(super().to_python(str(whole(value))))
        except ValueError as error:
            raise ValidationError from error


class _Text(BaseConverter):
    part_isolating = True

    def to_python(self, value: str) -> str:
        if _UNUSABLE.search(value):
            raise ValidationError
        return value


class _Path(PathConverter):
    to_python = _Text.to_python


def init_given(app: Flask) -> None:
    """Before any route is added: ids that no row can have lead nowhere (404)."""
    app.request_class = OfficeRequest
    app.url_map.converters |= {
        "int": IntegerInRange,
        "default": _Text,
        "string": _Text,
        "path": _Path,
    }
