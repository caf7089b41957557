"""What can be set for a feed."""

from crawler.sources.forms import Form, Option, OptionKind

FORM = Form(
    options=(
        Option(
            "pages",
            "Feed pages at most",
            OptionKind.NUMBER,
            help="How many pages are read where the feed has several.",
            default=1,
            low=1,
            high=1000,
        ),
        Option(
            "page_parameter",
            "Parameter of the page number",
            help="For feeds that page by their address: WordPress uses “paged”. Empty: only links "
            "that the feed itself gives.",
        ),
    )
)
