"""Every reason a run, a page or a row can give, as an English sentence that pages translate.

A row stores the key and what fills the sentence, so that both languages say the same.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
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
    "robots_failed": "robots.txt could not be had (%(why)s); until it can, nothing of the site is asked for.",
    "endless_headers": "The server's headers have no end; it was left after %(limit_kb)s kB of them.",
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
    # interfaces (APIs)
    "json_cut": "The answer is cut (%(error)s); what stood before the cut was read.",
    "not_json": "The answer is no JSON (%(error)s).",
    "json_shape": "Step %(step)s: the answer is not what the interface promises (field %(field)s).",
    "entry_failed": "Entry %(number)s was left out: field %(field)s is missing or is not what it should be.",
    "bad_number": "Entry %(number)s: “%(value)s” is no count (field %(field)s); the post was kept without it.",
    "passed_over": "The page failed in %(runs)s runs one after the other; it is waited for no longer, and what "
    "came after it is not read again.",
    "endless": "The list repeats itself and has no end; it was left after what was new.",
    "quota": "The day's quota of the interface would be passed; the rest is read on another day.",
    "api_limit": "The interface asks us to slow down (%(message)s; Retry-After: %(wait)s).",
    "api_login": "The interface answers only those who have logged in or have a key (%(message)s).",
    "api_forbidden": "The interface refuses this to us (%(message)s).",
    "api_failed": "The interface failed (%(status)s: %(message)s).",
    "api_refused": "The interface does not take the request (%(status)s: %(message)s).",
    "api_key": "The platform does not accept the key or token (%(message)s).",
    "api_key_missing": "%(setting)s is not set; without it nothing of this kind can be read.",
    "api_key_elsewhere": "The key is sent to its platform's own servers only; %(host)s is none of them.",
    "api_quota": "The platform says that the quota of the key is used up (%(message)s).",
    "api_permission": "The token was not granted this (%(message)s).",
    "nothing_named": "The address does not say what is to be read: choose it in the options (read, of).",
    "api_unknown": "The platform knows no such account, list or post (%(message)s).",
    "comments_off": "Comments are switched off here.",
    "no_preview": "The channel shows no public preview: it does not exist, is private, or its owner has "
    "switched the preview off.",
    "no_messages": "The channel's preview holds no message.",
    "not_a_sitemap": "The address does not answer with a sitemap.",
    "only_preview": "Only what the page says of itself for previews could be read; the rest is not shown to "
    "strangers.",
    "not_public": "The platform gives nothing of this post to strangers (%(message)s).",
    "no_text_found": "No text of a post could be told from the rest of the page.",
    # files
    "bad_row": "Line %(line)s was left out: %(error)s.",
    "row_without_text": "Line %(line)s was left out: the text is empty.",
    "row_fields": "Line %(line)s was left out: it has %(found)s fields, the header has %(wanted)s.",
    "row_json": "Line %(line)s was left out: it is not a JSON object (%(error)s).",
    "row_time": "Line %(line)s: the time “%(value)s” cannot be read; the post was kept without it.",
    "row_encoding": "Line %(line)s: some bytes are not %(encoding)s; they were replaced.",
    "file_missing": "The file of this import is no longer stored.",
    "column_missing": "The file has no column “%(column)s”.",
    "browser_missing": "The pages are made by JavaScript, and no browser was found to show them: install one with "
    "“apt install chromium”, or name one in RASOAT_BROWSER_PATH.",
    # runs
    "page_limit": "The run ended at its limit of %(limit)s pages.",
    "list_limit": "The list goes on after the %(limit)s pages that the source's settings allow.",
    "budget": "The day's budget of the source is spent (%(requests)s requests, %(megabytes)s MB); it goes on "
    "on the next day.",
    "hours": "The hours of the source are over; it goes on when they begin again.",
    "retry_after": "The site asked to come back later; it goes on then.",
    "trap": "%(pages)s addresses of one pattern gave nothing new (%(pattern)s); the rest of them was left out.",
    # alerts; `why` is itself a key of a reason
    "alert_zero": "The run found no post; usually it finds about %(usual)s (parser %(parser)s, step %(step)s).",
    "alert_format": "Parser %(parser)s broke at step %(step)s on %(bad)s of %(pages)s pages: %(why)s",
    "alert_step_empty": "Step %(step)s of parser %(parser)s found nothing on %(pages)s pages; usually it finds "
    "%(usual)s posts on each.",
    "alert_field": "%(share)s of the posts have no %(field)s (before: %(before)s); parser %(parser)s, step "
    "%(step)s.",
    "alert_blocked": "The site keeps us out at step %(step)s (%(pages)s pages): %(why)s",
    "alert_unreachable": "The site cannot be reached at step %(step)s (%(pages)s pages): %(why)s",
    "alert_canary": "What must be found was not found: %(canary)s (parser %(parser)s).",
    "alert_slow": "A page took %(now)s seconds; usually it takes %(usual)s.",
    "stopped_by_person": "The run was stopped by a person.",
    "no_progress": "The run was given up after %(restarts)s starts without progress.",
    "crashed": "The run ended with an error: %(error)s.",
    "kind_unknown": "No kind of source is called %(kind)s.",
    "store_failed": "The posts of this page could not be stored: %(error)s.",
    "nothing_read": "No page of the source could be read.",
}

LOOKS: dict[str, str] = {
    # what one look at an address showed; stored as the English sentence, see `translated`
    "not_visited": "Not visited: %(why)s.",
    "no_answer": "No answer: %(why)s.",
    "login": "A login is asked for (%(sign)s).",
    "blocked": "The site blocks the visit (%(sign)s).",
    "no_page": "The server says that the page does not exist (%(status)s).",
    "refused": "The server refuses the page to strangers (%(status)s).",
    "status": "The server answered %(status)s.",
    "there": "The text of the post is on the page.",
    "says_gone": "The page says that it is gone (“%(words)s”).",
    "says_hidden": "The page says that it is not shown (“%(words)s”).",
    "changed": "Only %(share)s of the text of the post is on the page.",
    "moved": "The address now leads to another page, which does not hold the post (%(address)s).",
    "moved_with_text": "The post now stands at another address (%(address)s).",
    "api_there": "The site's interface still gives the post.",
    "api_gone": "The site's interface no longer gives the post.",
    "api_hidden": "The site's interface does not show it to strangers.",
    "api_unreadable": "The answer of the site's interface could not be read.",
    "entry_gone": "The page is there, but the entry the address names is not.",
    "needs_scripts": "The page shows no text without JavaScript.",
    "other_text": "The page is there, but nothing of the text of the post.",
    "answers": "The address answers; no text to compare with.",
    "answers_by": "The address answers, by way of %(address)s; no text to compare with.",
    "private": "%(host)s lies on a private network",
    "unresolved": "%(host)s does not resolve: %(error)s",
    "no_browser": "No browser for captures was found. Install one with “apt install chromium”, or with "
    "“playwright install chromium”, or name one in RASOAT_BROWSER_PATH.",
    "no_room": "Nothing was captured: the store of files is full. It is tried again every ten minutes.",
    "no_capture": "%(look)s No capture: %(why)s",
}


def told(look: str, /, **detail: object) -> str:
    """What a look showed, in English words."""
    return LOOKS[look] % detail


def translated(text: str, translate: Callable[[str], str]) -> str:
    """A stored sentence of a look in another language; what is no such sentence stays as it is.

    Observations keep their sentence as text, beside the words of officers; so it is recognised by its
    template, and what fills it likewise.
    """
    for template, pattern in _templates():
        if found := pattern.fullmatch(text):
            filled = {
                name: translated(value, translate) for name, value in found.groupdict().items()
            }
            return translate(template) % filled
    return text


@lru_cache(maxsize=1)
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    def pattern(template: str) -> re.Pattern[str]:
        parts = re.split(r"%\((\w+)\)s", template)
        written = [
            f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
        ]
        return re.compile("".join(written), re.DOTALL)

    longest_first = sorted(
        LOOKS.values(), key=lambda template: (template.count("%("), -len(template))
    )
    composed = [LOOKS["no_capture"]]
    return tuple(
        (template, pattern(template))
        for template in composed + [one for one in longest_first if one not in composed]
    )


def sentence(reason: str, detail: Mapping[str, Any]) -> str:
    """The reason in English words; what is missing to fill it shows as a question mark."""
    filled = _Filled(detail)
    if detail.get("why") in REASONS:  # the reason behind an alert
        filled["why"] = REASONS[str(detail["why"])] % filled
    return REASONS.get(reason, reason) % filled


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
