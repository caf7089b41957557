"""Every reason a run, a page or a row can give, as an English sentence that pages translate.

A row stores the key and what fills the sentence, so that both languages say the same.
"""

from collections.abc import Mapping
from typing import Any

REASONS: dict[str, str] = {
    # pages
    "http_status": "The server answered %(status)s.",
    "gone": "The page no longer exists (%(status)s).",
    "forbidden": "The server refuses the page to strangers (%(status)s).",
    "login_wall": "The page is behind a login; nothing of it was read (%(sign)s).",
    "blocked": "The site blocks or slows down our visits; nothing of the page was read (%(sign)s).",
    "consent": "The site asks for consent first; nothing of the page was read (%(sign)s).",
    "robots": "robots.txt asks crawlers to leave this page alone.",
    "timeout": "The server did not answer in time.",
    "dns": "The name %(host)s does not lead to any address.",
    "connection": "The connection failed: %(error)s.",
    "private_address": "%(host)s lies on a private network; the deployment's settings do not allow it.",
    "too_large": "The page is larger than %(limit_mb)s MB; only its first part was read.",
    "redirects": "The page redirects too often or in a circle.",
    "not_a_page": "The answer is not a text page (%(content_type)s).",
    "empty_page": "The page is empty.",
    # parsers
    "parser_failed": "The parser failed at step %(step)s: %(error)s.",
    "selector_failed": "The selector for %(field)s is not valid: %(selector)s.",
    "no_items": "No post was found: the selector %(selector)s matches nothing on this page.",
    "item_without_text": "Entry %(number)s has no text and was left out (field %(field)s).",
    "bad_time": "Entry %(number)s: the time “%(value)s” cannot be read; the post was kept without it.",
    "malformed_feed": "The feed is not well-formed (%(error)s); %(entries)s entries could be read.",
    "not_a_feed": "The address does not answer with an RSS or Atom feed.",
    # files
    "bad_row": "Line %(line)s was left out: %(error)s.",
    "row_without_text": "Line %(line)s was left out: the text is empty.",
    "row_fields": "Line %(line)s was left out: it has %(found)s fields, the header has %(wanted)s.",
    "row_json": "Line %(line)s was left out: it is not a JSON object (%(error)s).",
    "row_time": "Line %(line)s: the time “%(value)s” cannot be read; the post was kept without it.",
    "row_encoding": "Line %(line)s: some bytes are not %(encoding)s; they were replaced.",
    "file_missing": "The file of this import is no longer stored.",
    "column_missing": "The file has no column “%(column)s”.",
    # runs
    "page_limit": "The run ended at its limit of %(limit)s pages.",
    "list_limit": "The list goes on after the %(limit)s pages that the source's settings allow.",
    "stopped_by_person": "The run was stopped by a person.",
    "no_progress": "The run was given up after %(restarts)s starts without progress.",
    "crashed": "The run ended with an error: %(error)s.",
    "kind_unknown": "No kind of source is called %(kind)s.",
    "store_failed": "The posts of this page could not be stored: %(error)s.",
    "nothing_read": "No page of the source could be read.",
}


def sentence(reason: str, detail: Mapping[str, Any]) -> str:
    """The reason in English words; what is missing to fill it shows as a question mark."""
    return REASONS.get(reason, reason) % _Filled(detail)


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
