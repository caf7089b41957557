"""What can be set for a WordPress site."""

from crawler.sources.forms import Form, Option, OptionKind

FORM = Form(
    options=(
        Option(
            "pages",
            "Pages at most, of 100 posts each",
            OptionKind.NUMBER,
            default=20,
            low=1,
            high=1000,
        ),
        Option("comments", "Read comments too", OptionKind.FLAG, default=True),
        Option("search", "Only posts with these words", help="Empty: all posts."),
    )
)
