"""What can be set for a Flarum forum."""

from crawler.sources.forms import Form, Option, OptionKind

FORM = Form(
    options=(
        Option("pages", "List pages at most", OptionKind.NUMBER, default=20, low=1, high=1000),
        Option(
            "detail_pages",
            "Pages of a topic at most",
            OptionKind.NUMBER,
            default=20,
            low=1,
            high=1000,
        ),
    )
)
