"""What can be set for one page."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """The zone has to exist."""
    if config["timezone"] in available_timezones():
        return ()
    detail = {"value": config["timezone"]}
    return (FieldProblem("timezone", "“%(value)s” is no time zone.", detail),)


FORM = Form(
    options=(
        Option("text", "Text", OptionKind.SELECTOR, help="Empty: the main text is looked for."),
        Option(
            "javascript",
            "The posts are made by JavaScript",
            OptionKind.FLAG,
            help="Each page is shown by a browser (Chromium) first: slower, and only where it is needed.",
            default=False,
        ),
        Option(
            "timezone",
            "Time zone of the site",
            help="For times that do not say theirs.",
            default="Asia/Ho_Chi_Minh",
        ),
    ),
    check=check,
)
