"""What can be set for pages read by selectors, and presets for sites of a known make."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind
from crawler.sources.html_list.presets import PRESETS

MODES = (
    ("list", "The posts stand on the list itself"),
    ("detail", "The list leads to pages that hold the posts"),
    ("both", "Posts on the list, and more (comments) on the pages it leads to"),
)
_FIELDS = (
    ("item", "Entry", "What surrounds one post, e.g. article.post"),
    ("link", "Link to the post", "Its lasting address; inside the entry. Attribute: a::attr(href)"),
    ("title", "Title", ""),
    ("text", "Text", "Empty: the whole entry"),
    ("author", "Author", ""),
    ("author_link", "Link to the author", ""),
    ("time", "Time", "Reads datetime or title of the element, else its text"),
)


def _selectors(prefix: str, place: str) -> tuple[Option, ...]:
    return tuple(
        Option(f"{prefix}_{name}", f"{place}: {label}", OptionKind.SELECTOR, help=help_text)
        for name, label, help_text in _FIELDS
    )


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """What each way of reading needs."""
    problems = []
    if not config["list_item"] and not config["list_link"]:
        problems.append(FieldProblem("list_item", "This field is required."))
    if config["mode"] != "list" and not config["list_link"]:
        problems.append(
            FieldProblem("list_link", "Needed to get from the list to the pages of the posts.")
        )
    if config["timezone"] not in available_timezones():
        problems.append(
            FieldProblem("timezone", "“%(value)s” is no time zone.", {"value": config["timezone"]})
        )
    return tuple(problems)


FORM = Form(
    options=(
        Option("mode", "Where the posts are", OptionKind.CHOICE, default="list", choices=MODES),
        *_selectors("list", "List"),
        Option("next", "Link to the next page of the list", OptionKind.SELECTOR),
        Option(
            "sections",
            "Links to sections",
            OptionKind.SELECTOR,
            help="Forums within a forum: each is read as a list of its own.",
        ),
        Option("pages", "List pages at most", OptionKind.NUMBER, default=20, low=1, high=10_000),
        *_selectors("detail", "Page"),
        Option("detail_next", "Link to the next page of a thread", OptionKind.SELECTOR),
        Option(
            "detail_pages",
            "Pages of a thread at most",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
        Option(
            "max_pages",
            "Pages of one run at most",
            OptionKind.NUMBER,
            help="Lists and threads together.",
            default=2000,
            low=1,
            high=100_000,
        ),
        Option(
            "javascript",
            "The posts are made by JavaScript",
            OptionKind.FLAG,
            help="Each page is shown by a browser (Chromium) first: slower, and only where it is needed.",
            default=False,
        ),
        Option(
            "wait_for",
            "Wait for",
            OptionKind.SELECTOR,
            help="With JavaScript: what is on the page once its posts are. Empty: the entry.",
        ),
        Option(
            "timezone",
            "Time zone of the site",
            help="For times that do not say theirs.",
            default="Asia/Ho_Chi_Minh",
        ),
    ),
    presets=PRESETS,
    check=check,
)
