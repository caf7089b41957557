"""What can be set for Bluesky; an address of bsky.app says all of it itself."""

from collections.abc import Mapping
from typing import Any

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind

READS = (
    ("address", "What the address shows (bsky.app)"),
    ("search", "Search"),
    ("author", "One account"),
    ("feed", "A feed"),
    ("thread", "One post with its replies"),
)


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Whatever the address does not say has to be said."""
    if config["read"] != "address" and not config["of"]:
        return (FieldProblem("of", "This field is required."),)
    return ()


FORM = Form(
    options=(
        Option("read", "What is read", OptionKind.CHOICE, default="address", choices=READS),
        Option(
            "of",
            "Words, account or address of it",
            help="Words of a search; the handle of an account; at://… of a feed or post. Not needed "
            "where the address is one of bsky.app.",
        ),
        Option("replies", "Read replies too", OptionKind.FLAG, default=True),
        Option(
            "pages",
            "Pages at most, of 100 posts each",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
    ),
    check=check,
)
