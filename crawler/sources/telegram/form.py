"""What can be set for a Telegram channel."""

from crawler.sources.forms import Form, Option, OptionKind

FORM = Form(
    options=(
        Option(
            "pages",
            "Preview pages at most, of about 20 messages each",
            OptionKind.NUMBER,
            default=10,
            low=1,
            high=1000,
        ),
    )
)
