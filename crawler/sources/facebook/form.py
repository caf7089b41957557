"""What can be set for a Facebook page."""

from crawler.sources.forms import Form, Option, OptionKind
from crawler.sources.lately import OPTION

FORM = Form(
    options=(
        Option(
            "of",
            "Page or group",
            help="Name or number, as in its address. Not needed where the address shows it.",
        ),
        Option("comments", "Read comments too", OptionKind.FLAG, default=True),
        Option(
            "pages",
            "Pages at most, of 50 posts each",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
        Option(
            "comment_pages",
            "Pages of comments of a post at most, of 100 each",
            OptionKind.NUMBER,
            default=5,
            low=1,
            high=100,
        ),
        OPTION,
    )
)
