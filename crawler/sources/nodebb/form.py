"""What can be set for a NodeBB forum."""

from crawler.sources.forms import FORUM_PAGES, Form

FORM = Form(options=FORUM_PAGES)
