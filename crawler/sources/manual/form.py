"""What a person enters by hand: the text, the address it was seen at, who published it, and when."""

from crawler.sources.forms import Form, Option, OptionKind
from search.post import Platform

MAX_TEXT = 100_000
"""Characters; as many as the rules read of a post."""
HOW = (
    ("seen", "I saw it online myself"),
    ("citizen", "A citizen reported it"),
    ("hotline", "The hotline recorded it"),
    ("agency", "Another agency sent it"),
)
PLATFORMS = tuple((platform.value, platform.value) for platform in Platform)

FORM = Form(
    options=(
        Option(
            "text",
            "Text of the post",
            OptionKind.AREA,
            help="As published, with its mistakes.",
            required=True,
            longest=MAX_TEXT,
        ),
        Option(
            "url",
            "Address of the post",
            OptionKind.ADDRESS,
            help="Empty where it has none: a message, a leaflet.",
        ),
        Option("title", "Title"),
        Option(
            "platform",
            "Platform",
            OptionKind.CHOICE,
            choices=PLATFORMS,
            default=Platform.OTHER.value,
        ),
        Option("author", "Author as shown"),
        Option("author_url", "Address of the author", OptionKind.ADDRESS),
        Option("posted_at", "Time of publication", help="dd/mm/yyyy hh:mm, office time"),
        Option("how", "How it became known", OptionKind.CHOICE, choices=HOW),
        Option(
            "screenshot", "Screenshot", OptionKind.FILE, help="PNG, JPEG or WebP, at most 15 MB"
        ),
    )
)
