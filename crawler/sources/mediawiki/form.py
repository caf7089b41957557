"""What can be set for a wiki."""

from collections.abc import Mapping
from typing import Any

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind

READS = (
    ("talk", "Recent changes of talk pages"),
    ("changes", "Recent changes of all pages"),
    ("page", "The history of one page"),
)


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """One page has to be named."""
    if config["read"] == "page" and not config["title"]:
        return (FieldProblem("title", "This field is required."),)
    return ()


FORM = Form(
    options=(
        Option("read", "What is read", OptionKind.CHOICE, default="talk", choices=READS),
        Option("title", "Title of the page", help="As it stands above the page: Talk:Hà Nội"),
        Option(
            "pages",
            "Pages at most, of 25 changes each",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
    ),
    check=check,
)
