"""What of an item must not leave with a package whose recipient may not see victims (che thông tin nạn nhân).

A capture cannot be blackened without ceasing to be the capture. So an item that shows a victim or an informant is
withheld as a whole: its digests stay, so that it can be handed over later and still be proven. Law 53/2024/QH15
art. 3.10 forbids disclosing information on a victim without consent.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from casework.privacy.spellings import HIDDEN, Hidden

SEARCHED = 4 * 2**20
"""Bytes of a file of text that are looked through."""
TECHNICAL = frozenset(
    {
        *("login", "cookies", "user_agent", "sandbox", "resources", "page_height", "pictures"),
        *("asked_by", "compared", "tls", "bringer", "seen", "tried", "left_out_count"),
    }
)
"""What is said of a capture without any word of the page itself."""
_TAGS = re.compile(r"<[^>]*>")


def is_text(media_type: str) -> bool:
    """Whether a file of that type can be looked through for words."""
    return media_type.startswith(("text/", "application/json"))


def shows(hidden: Hidden, texts: Sequence[str]) -> bool:
    """Whether any of the texts names somebody who must not be shown."""
    return any(hidden.found_in(_TAGS.sub("", text)) for text in texts)


def site_only(url: str) -> str:
    """Of an address the site: the rest may hold a name, and leads to the page in any case."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{parts.hostname}/{HIDDEN}" if parts.hostname else HIDDEN
