"""What a person enters by hand: the text, the address it was seen at, who published it, and when."""

from crawler.sources.forms import Form, Option, OptionKind
from search.post import Platform

PLATFORMS = tuple((platform.value, platform.value) for platform in Platform)

FORM = Form(
    options=(
        Option(
            "text",
            "Text of the post",
            OptionKind.AREA,
            help="As published, with its mistakes.",
            required=True,
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
        Option("screenshot", "Screenshot", OptionKind.FILE, help="PNG or JPEG, at most 15 MB"),
    )
)
