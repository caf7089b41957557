"""What can be set for a sitemap."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """The pattern has to be one, the zone has to exist."""
    problems = []
    try:
        re.compile(config["only"])
    except re.error as error:
        detail = {"value": config["only"], "error": str(error)}
        problems.append(FieldProblem("only", "“%(value)s” is no pattern (%(error)s).", detail))
    if config["timezone"] not in available_timezones():
        problems.append(
            FieldProblem("timezone", "“%(value)s” is no time zone.", {"value": config["timezone"]})
        )
    return tuple(problems)


FORM = Form(
    options=(
        Option(
            "only",
            "Only addresses with this pattern",
            help="A regular expression: /tuyen-dung/",
            longest=200,
        ),
        Option(
            "pages",
            "Pages of one run at most",
            OptionKind.NUMBER,
            help="The newest by what the sitemap says of their last change.",
            default=200,
            low=1,
            high=20_000,
        ),
        Option("title", "Title", OptionKind.SELECTOR, help="Empty: what the page says of itself."),
        Option("text", "Text", OptionKind.SELECTOR, help="Empty: the main text is looked for."),
        Option("author", "Author", OptionKind.SELECTOR),
        Option("time", "Time", OptionKind.SELECTOR),
        Option(
            "timezone",
            "Time zone of the site",
            help="For times that do not say theirs.",
            default="Asia/Ho_Chi_Minh",
        ),
    ),
    check=check,
)
