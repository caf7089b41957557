"""What can be set for YouTube; an address of youtube.com says most of it itself."""

from collections.abc import Mapping
from typing import Any

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind
from crawler.sources.lately import OPTION

OFFICIAL = "https://www.googleapis.com/youtube/v3"
READS = (
    ("address", "What the address shows (channel, playlist, video, search)"),
    ("search", "Search"),
    ("channel", "A channel"),
    ("playlist", "A playlist"),
    ("video", "One video"),
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
            "Words, channel, playlist or video",
            help="Words of a search; @name or number of a channel; number of a playlist or video. Not "
            "needed where the address shows it.",
        ),
        Option("comments", "Read comments too", OptionKind.FLAG, default=True),
        Option(
            "pages",
            "Pages of a list at most, of 50 videos each",
            OptionKind.NUMBER,
            help="A page of a search costs 100 units of the day's quota, every other request 1.",
            default=1,
            low=1,
            high=100,
        ),
        Option(
            "comment_pages",
            "Pages of comments of a video at most, of 100 each",
            OptionKind.NUMBER,
            default=2,
            low=1,
            high=100,
        ),
        OPTION,
    ),
    check=check,
)
