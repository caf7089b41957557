"""What can be set for a Discourse forum."""

from crawler.sources.forms import FORUM_PAGES, Form, Option, OptionKind

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
        *FORUM_PAGES,
    )
)
