"""Answers of JSON APIs: read with care, entry by entry; and what their errors mean.

A page that is cut gives the entries before the cut. An entry that is not what it should be costs only
itself, and the problem names the step, the entry and the field.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.page import Page, Problem
from crawler.sources.markup import decode, html_to_text, tidy
from crawler.sources.times import parse_time, zone_of
from search.post import Post

MAX_ENTRIES = 5000
BIGGEST = 2**53
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_CLOSES = {"[": "]", "{": "}"}
NOTHING_WRONG = Problem("")
"""Explains an error status that only says that there is nothing more."""


class Shape(ValueError):
    """A field is not what it should be."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def is_json(page: Page) -> bool:
    """Whether an answer is JSON, whatever it calls itself."""
    if "json" in page.content_type.lower():
        return True
    return page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def load(page: Page) -> tuple[Any, list[Problem]]:
    """The JSON of a page; what stands before a cut when it is cut; None when it is none at all."""
    text = decode(page.body, page.content_type)
    try:
        return _loads(text), []
    except ValueError as error:
        words = str(error)[:200]
    except RecursionError:
        return None, [_problem(page, "not_json", error="nested too deep")]
    whole = _closed(text)
    if whole is not None:
        try:
            return _loads(whole), [_problem(page, "json_cut", error=words)]
        except (ValueError, RecursionError):
            pass
    return None, [_problem(page, "not_json", error=words)]


def _loads(text: str) -> Any:
    """Numbers of thousands of digits become None: Python refuses them, and no page means them."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 400 else None)


def _closed(text: str) -> str | None:
    """A cut page, closed after the last whole entry of its outermost list; None when there is none."""
    stack: list[str] = []
    end, closers = -1, ""
    for found in _TOKEN.finditer(text):
        sign = found.group()
        if sign in _CLOSES:
            stack.append(sign)
        elif sign in "]}":
            if not stack:
                return None
            stack.pop()
        elif sign == "," and stack and stack[-1] == "[" and stack.count("[") == 1:
            end, closers = found.start(), "".join(_CLOSES[one] for one in reversed(stack))
    return text[:end] + closers if end > 0 else None


def listed(value: Any, *path: str) -> list[Any]:
    """The list at a path; Shape names the path when something else is there."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise Shape(".".join(path) or "[]")
    return value[:MAX_ENTRIES]


def inside(value: Any, *path: str) -> Any:
    """What lies at a path, or None."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """The object at a path; empty when there is none."""
    found = inside(value, *path)
    return found if isinstance(found, dict) else {}


def said(value: Any, *path: str) -> str:
    """The text at a path; a number becomes its digits, everything else nothing."""
    found = inside(value, *path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def whole(value: Any, *path: str) -> int:
    """The whole number at a path (also written as text); 0 when there is none."""
    found = inside(value, *path)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 16:
        found = int(found)
    good = isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= BIGGEST
    return found if good else 0


class Entry:
    """One entry of a page, and where its faults are told."""

    __slots__ = ("data", "number", "page", "problems")

    def __init__(self, data: Any, number: int, page: Page, problems: list[Problem]) -> None:
        if not isinstance(data, dict):
            raise Shape(f"[{number}]")
        self.data: Mapping[str, Any] = data
        self.number, self.page, self.problems = number, page, problems

    def said(self, *path: str) -> str:
        """The text at a path."""
        return said(self.data, *path)

    def needed(self, *path: str) -> str:
        """The text at a path; Shape when there is none: without it the entry is no post."""
        found = said(self.data, *path).strip()
        if not found:
            raise Shape(".".join(path))
        return found

    def line(self, *path: str) -> str:
        """The text at a path as one line, such as a name."""
        return tidy(self.said(*path)).replace("\n", " ")

    def moment(self, *path: str) -> tuple[datetime | None, str]:
        """The time at a path and the zone it came in; what cannot be read is told, the post is kept."""
        written = self.said(*path).strip()
        if not written:
            return None, ""
        found = parse_time(written, UTC)
        if found is None:
            self.note("bad_time", value=written[:100])
        return found, zone_of(written) if found else ""

    def counts(self, **paths: str) -> dict[str, int]:
        """Counts by name from paths with dots; one that is no count is told and left out."""
        found: dict[str, int] = {}
        for name, path in paths.items():
            value = inside(self.data, *path.split("."))
            if value is None:
                continue
            if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
                value = int(value)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= BIGGEST:
                self.note("bad_number", field=path, value=str(value)[:40])
                continue
            found[name] = value
        return found

    def note(self, reason: str, **detail: Any) -> None:
        """Tell a fault of this entry."""
        step = f"{self.page.fetch.step} entry"
        self.problems.append(
            Problem(reason, self.page.url, step, {"number": self.number, **detail})
        )


Made = Post | Iterable[Post] | None


def posts(
    page: Page, entries: Iterable[Any], make: Callable[[Entry], Made], problems: list[Problem]
) -> list[Post]:
    """The posts that `make` reads; an entry that breaks it is named and left out."""
    found: list[Post] = []
    for number, data in enumerate(entries, 1):
        try:
            made = make(Entry(data, number, page, problems))
        except Exception as error:  # noqa: BLE001 - one broken entry costs only itself
            field = error.field if isinstance(error, Shape) else type(error).__name__
            problems.append(
                Problem(
                    "entry_failed",
                    page.url,
                    f"{page.fetch.step} entry",
                    {"number": number, "field": field},
                )
            )
            continue
        if isinstance(made, Post):
            found.append(made)
        elif made is not None:
            found.extend(made)
    return found


def shape(page: Page, error: Shape) -> Problem:
    """A page that is not what the API promises."""
    return _problem(page, "json_shape", field=error.field, step=page.fetch.step)


def with_query(url: str, **parameters: Any) -> str:
    """The address with these parameters set; None takes one away."""
    parts = urlsplit(url)
    pairs = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in parameters
    ]
    pairs += [(name, str(value)) for name, value in parameters.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(pairs), fragment=""))


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def explained(page: Page, message: str = "") -> Problem:
    """What an error status of an API means, in the API's own words where it gives some."""
    words = tidy(message or _own_words(page)).replace("\n", " ")[:200] or str(page.status)
    if page.status == 429:
        wait = page.headers.get("retry-after", "").strip()[:40] or "?"
        return _problem(page, "api_limit", message=words, wait=wait)
    if page.status == 401:
        return _problem(page, "api_login", message=words)
    if page.status in {404, 410}:
        return _problem(page, "gone", status=page.status)
    if page.status in {403, 451}:
        return _problem(page, "api_forbidden", message=words)
    if page.status >= 500:
        return _problem(page, "api_failed", status=page.status, message=words)
    return _problem(page, "api_refused", status=page.status, message=words)


def _own_words(page: Page) -> str:
    data, _ = load(page)
    for path in (
        ("error", "message"),
        ("message",),
        ("error_description",),
        ("error",),
        ("errors",),
    ):
        found = inside(data, *path)
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = found.get("message") or found.get("info")
        if isinstance(found, str) and found:
            return html_to_text(found)
    return ""


def _problem(page: Page, reason: str, **detail: Any) -> Problem:
    return Problem(reason, page.url, page.fetch.step, detail)


def link_header(page: Page, rel: str) -> str:
    """The address that a Link header names for a relation (RFC 8288), or an empty string."""
    for part in re.split(r",\s*(?=<)", page.headers.get("link", "")):
        found = re.match(r"\s*<([^>]*)>(.*)", part, re.DOTALL)
        if found and re.search(
            rf'rel\s*=\s*"?(?:[^"]*\s)?{re.escape(rel)}(?:\s[^"]*)?"?', found[2]
        ):
            return found[1]
    return ""
