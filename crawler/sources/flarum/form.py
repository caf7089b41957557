"""What can be set for a Flarum forum."""

from crawler.sources.forms import FORUM_PAGES, Form

FORM = Form(options=FORUM_PAGES)
