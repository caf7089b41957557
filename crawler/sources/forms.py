"""Forms of source kinds: what can be set, how it is asked for, and the check that makes a config of it.

Plain data: a page draws it, a command reads it, a test fills it. Labels are English msgids.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum
from typing import Any

from cssselect import SelectorError
from cssselect.parser import parse as parse_selector

from foundation.errors import InvalidInput


class OptionKind(StrEnum):
    """How an option is asked for."""

    TEXT = "text"
    ADDRESS = "address"
    SELECTOR = "selector"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    AREA = "area"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be set. `choices` are (value, label); labels and help are msgids.

    `low` and `high` bound numbers, `longest` is how many characters a text may have.
    """

    name: str
    label: str
    kind: OptionKind = OptionKind.TEXT
    help: str = ""
    required: bool = False
    default: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 100_000
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class Preset:
    """Values that fit a known kind of site. `seen` is False when nobody saw it at work on a real page."""

    name: str
    label: str
    values: Mapping[str, Any]
    seen: bool = True
    platform: str = ""
    """Where the posts of such a site are published (search.post.Platform), where the make tells it."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: a msgid and what fills it."""

    field: str
    message: str
    detail: Mapping[str, Any] = made_by(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.detail


class FormProblems(InvalidInput):
    """A form that cannot be taken; `problems` names each field and why."""

    key = "sources.form_problems"

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(
            "; ".join(f"{one.field}: {one}" for one in problems),
            fields=[one.field for one in problems],
        )
        self.problems = problems


def no_more(_config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """The check of a form whose fields do not depend on each other."""
    return ()


@dataclass(frozen=True, slots=True)
class Form:
    """The options of one kind of source."""

    options: tuple[Option, ...] = ()
    presets: tuple[Preset, ...] = ()
    check: Callable[[Mapping[str, Any]], tuple[FieldProblem, ...]] = no_more
    """What no single field can tell: returns the problems between fields."""

    def _preset_and(
        self, name: str, given: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], list[FieldProblem]]:
        if name not in {one.name for one in self.presets}:
            message = "“%(value)s” is not one of the choices."
            return given, [FieldProblem("preset", message, {"value": name})]
        own = {key: value for key, value in given.items() if value not in ("", None)}
        return {**self.preset(name).values, **own}, []

    def platform(self, given: Mapping[str, Any]) -> str:
        """Where the posts of a site of the chosen preset are published; empty where no preset tells it."""
        named = str(given.get("preset") or "")
        return next((one.platform for one in self.presets if one.name == named), "")

    def preset(self, name: str) -> Preset:
        """The preset of that name; KeyError when there is none."""
        return next(one for one in self.presets if one.name == name)

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The config that these values make; FormProblems names every field that cannot be taken.

        `preset` names a preset whose values hold where nothing else is given.
        """
        config: dict[str, Any] = {}
        problems: list[FieldProblem] = []
        if name := str(given.get("preset") or ""):
            given, problems = self._preset_and(name, given)
        for option in self.options:
            try:
                config[option.name] = read_option(option, given.get(option.name))
            except FieldError as error:
                problems.append(FieldProblem(option.name, error.message, error.detail))
        problems.extend(self.check(config) if not problems else ())
        if problems:
            raise FormProblems(tuple(problems))
        return config


class FieldError(ValueError):
    """One value that cannot be taken."""

    def __init__(self, message: str, **detail: Any) -> None:
        super().__init__(message % detail)
        self.message = message
        self.detail = detail


def read_option(option: Option, raw: Any) -> Any:
    """The value of one option as the config holds it. An absent flag is off, other absent values default."""
    if option.kind == OptionKind.FLAG:
        return _flag(option.default if raw is None else raw)
    text = "" if raw is None else str(raw).strip()
    if not text:
        if option.required:
            raise FieldError("This field is required.")
        return option.default if raw is None or option.kind == OptionKind.NUMBER else ""
    return _READERS[option.kind](option, text)


def _flag(raw: Any) -> bool:
    return raw if isinstance(raw, bool) else str(raw).lower() in {"1", "true", "on", "yes", "y"}


def _text(option: Option, text: str) -> str:
    if len(text) > option.longest:
        raise FieldError("This is longer than %(limit)s characters.", limit=option.longest)
    return text


def _address(_option: Option, text: str) -> str:
    return read_address(text)


def read_address(text: str) -> str:
    """A whole http(s) address; FieldError says what is wrong with it."""
    from crawler.sources.addresses import absolute

    text = _without_spaces(text)
    whole = absolute("", text)
    if not whole or any(char.isspace() for char in text):
        raise FieldError("This is not a web address: it must begin with http:// or https://.")
    if "@" in whole.partition("//")[2].partition("/")[0]:
        raise FieldError("An address with a user name or password is not taken.")
    return whole


def _without_spaces(text: str) -> str:
    """Spaces behind the host are taken for what they are meant to be: pages of wikis are named with them."""
    scheme, mark, rest = text.strip().partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host}{slash}{path.replace(' ', '%20')}"


def _number(option: Option, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not option.low <= int(text[:9]) <= option.high:
        raise FieldError(
            "A whole number from %(low)s to %(high)s is wanted.", low=option.low, high=option.high
        )
    return int(text)


def _choice(option: Option, text: str) -> str:
    if text not in {value for value, _ in option.choices}:
        raise FieldError("“%(value)s” is not one of the choices.", value=text)
    return text


def _selector(_option: Option, text: str) -> str:
    try:
        parse_selector(text.partition("::attr(")[0])
    except SelectorError as error:
        raise FieldError("This is not a CSS selector (%(error)s).", error=str(error)) from error
    if "::attr(" in text and not text.endswith(")"):
        raise FieldError("An attribute is asked for as selector::attr(name).")
    return text


_READERS: dict[OptionKind, Callable[[Option, str], Any]] = {
    OptionKind.TEXT: _text,
    OptionKind.AREA: _text,
    OptionKind.FILE: _text,
    OptionKind.ADDRESS: _address,
    OptionKind.SELECTOR: _selector,
    OptionKind.NUMBER: _number,
    OptionKind.CHOICE: _choice,
}

FORUM_PAGES = (
    Option("pages", "List pages at most", OptionKind.NUMBER, default=20, low=1, high=1000),
    Option(
        "detail_pages", "Pages of a topic at most", OptionKind.NUMBER, default=20, low=1, high=1000
    ),
)
"""How far a forum that is read by its interface is followed: its lists, and the pages of a topic."""
