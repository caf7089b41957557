"""How the columns of a file become a post, and how its bytes are read."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from crawler.sources.forms import FieldProblem, Form, Option, OptionKind

FORMATS = (("auto", "Recognise"), ("csv", "CSV (a table)"), ("jsonl", "JSON lines"))
ENCODINGS = (
    ("auto", "Recognise"),
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1258", "Windows-1258 (Vietnamese)"),
    ("cp1252", "Windows-1252"),
    ("tcvn3", "TCVN3 (fonts .VnTime and their like)"),
    ("vni", "VNI (fonts VNI-Times and their like)"),
)
DELIMITERS = (
    ("auto", "Recognise"),
    ("comma", "Comma"),
    ("semicolon", "Semicolon"),
    ("tab", "Tab"),
    ("bar", "Vertical bar"),
)
COLUMNS = (
    ("text", "Column of the text"),
    ("title", "Column of the title"),
    ("url", "Column of the address"),
    ("author", "Column of the author"),
    ("author_url", "Column of the author's address"),
    ("time", "Column of the time"),
    ("platform", "Column of the platform"),
)
COLUMN_HELP = "Empty: recognised by its name."


def check(config: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """The time zone must exist."""
    if config["timezone"] in available_timezones():
        return ()
    return (
        FieldProblem("timezone", "“%(value)s” is no time zone.", {"value": config["timezone"]}),
    )


FORM = Form(
    options=(
        Option("format", "Format", OptionKind.CHOICE, default="auto", choices=FORMATS),
        Option("encoding", "Encoding", OptionKind.CHOICE, default="auto", choices=ENCODINGS),
        Option("delimiter", "Delimiter", OptionKind.CHOICE, default="auto", choices=DELIMITERS),
        *(Option(f"column_{name}", label, help=COLUMN_HELP) for name, label in COLUMNS),
        Option(
            "timezone",
            "Time zone of the file",
            help="For times that do not say theirs.",
            default="Asia/Ho_Chi_Minh",
        ),
    ),
    check=check,
)
