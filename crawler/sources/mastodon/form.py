"""What can be set for a Mastodon server; an address of one of its pages says all of it itself."""

from collections.abc import Mapping
from typing import Any

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind

READS = (
    ("address", "What the address shows (@account, tags/…, public)"),
    ("tag", "A hashtag"),
    ("public", "The public timeline of the server"),
    ("account", "One account"),
)


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Whatever the address does not say has to be said."""
    if config["read"] in {"tag", "account"} and not config["of"]:
        return (FieldProblem("of", "This field is required."),)
    return ()


FORM = Form(
    options=(
        Option("read", "What is read", OptionKind.CHOICE, default="address", choices=READS),
        Option(
            "of",
            "Hashtag or account",
            help="Without # and @. Not needed where the address shows it.",
        ),
        Option(
            "local",
            "Only what was written on this server",
            OptionKind.FLAG,
            default=False,
        ),
        Option("replies", "Read replies too", OptionKind.FLAG, default=True),
        Option(
            "pages",
            "Pages at most, of 40 posts each",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
    ),
    check=check,
)
