"""What can be set for a Discourse forum."""

from crawler.sources.forms import Form, Option, OptionKind

FORM = Form(
    options=(
        Option(
            "read",
            "What is read",
            OptionKind.CHOICE,
            default="topics",
            choices=(
                ("topics", "Topics with their replies, the newest activity first"),
                ("posts", "The newest posts of the whole forum, whatever the topic"),
            ),
        ),
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
