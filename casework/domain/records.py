"""Plain mappings read into frozen dataclasses, strictly: every fault is named by its place."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


class RecordFaults(Exception):
    """What is wrong with a mapping: pairs of place (`lock.thresholds[0].days`) and sentence."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{place}: {sentence}" for place, sentence in self.faults))


def read_record(kind: type[Record], data: Mapping[str, Any]) -> Record:
    """`data` as a `kind`; raises RecordFaults that names missing, unknown and wrong fields."""
    faults: list[tuple[str, str]] = []
    made = _record(kind, data, "", faults)
    if faults:
        raise RecordFaults(faults)
    return made  # type: ignore[no-any-return]


def plain(value: Any) -> Any:
    """A record as what JSON can hold: dates in ISO form, enums by value, decimals as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: Any, data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    if isinstance(data, kind):
        return data
    if not isinstance(data, Mapping):
        faults.append((place or kind.__name__, "must be a group of fields"))
        return None
    known = {each.name: each for each in fields(kind)}
    faults += [(_join(place, str(key)), "is not a known field") for key in data if key not in known]
    values: dict[str, Any] = {}
    for name, each in known.items():
        here = _join(place, name)
        if name in data:
            values[name] = _value(_hints(kind)[name], data[name], here, faults)
        elif _needed(each):
            faults.append((here, "is missing"))
    if faults:
        return None
    try:
        return kind(**values)
    except ValueError as error:
        faults.append((place or kind.__name__, str(error)))
        return None


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _value(hint: Any, data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        choices = [each for each in get_args(hint) if each is not type(None)]
        return None if data is None else _value(choices[0], data, place, faults)
    if origin is tuple:
        return _sequence(get_args(hint)[0], data, place, faults)
    if origin in (Mapping, dict) or getattr(origin, "__name__", "") == "Mapping":
        return _mapping(get_args(hint)[1], data, place, faults)
    if is_dataclass(hint):
        return _record(hint, data, place, faults)
    return _scalar(hint, data, place, faults)


def _sequence(hint: Any, data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    if isinstance(data, str) or not isinstance(data, Sequence):
        faults.append((place, "must be a list"))
        return ()
    return tuple(_value(hint, each, f"{place}[{at}]", faults) for at, each in enumerate(data))


def _mapping(hint: Any, data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    if not isinstance(data, Mapping):
        faults.append((place, "must be a group of fields"))
        return {}
    return {
        str(key): _value(hint, each, _join(place, str(key)), faults) for key, each in data.items()
    }


def _scalar(hint: Any, data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member(hint, data, place, faults)
    if hint is Decimal:
        return _decimal(data, place, faults)
    right = isinstance(data, hint)
    if hint is int and isinstance(data, bool):
        right = False
    if hint is date and isinstance(data, datetime):
        right = False
    if not right:
        faults.append((place, f"must be {_WANTED.get(hint, hint.__name__)}, not {data!r}"))
    return data


_WANTED = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    date: "a day (YYYY-MM-DD)",
    datetime: "a moment",
}


def _member(hint: type[Enum], data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    try:
        return hint(data)
    except ValueError:
        allowed = ", ".join(str(each.value) for each in hint)
        faults.append((place, f"must be one of {allowed}, not {data!r}"))
        return None


def _decimal(data: Any, place: str, faults: list[tuple[str, str]]) -> Any:
    try:
        if isinstance(data, (bool, float)):
            raise InvalidOperation  # noqa: TRY301 - binary fractions are not amounts of law
        return Decimal(str(data))
    except InvalidOperation:
        faults.append((place, f"must be a whole number or a quoted decimal, not {data!r}"))
        return None
