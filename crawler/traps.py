"""Calendar traps: ever new addresses of one pattern that give nothing new are left alone after a while."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from crawler.page import Fetch

TRAP_PAGES = 40
"""So many fruitless pages of one pattern in a row, and it is one."""
_TRIES = 10
_DIGITS = re.compile(r"\d+")


def pattern(url: str) -> str:
    """What an address looks like without its numbers: /lich/2026/11?ngay=3 and /lich/2027/1?ngay=9 are alike."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.netloc}{_DIGITS.sub('#', parts.path)}?{'&'.join(names)}"


class Traps:
    """Counts fruitless pages by their pattern. A page is fruitful by new posts, or by what it leads to."""

    def __init__(self) -> None:
        self._fruitless: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._giving: set[str] = set()
        self._closed: set[str] = set()

    def saw(self, url: str, *, fresh: bool, follow: Iterable[Fetch]) -> str:
        """Note one page; returns its pattern when it has just proved to be a trap, else nothing."""
        own = pattern(url)
        self._asked[own] += 1
        if fresh:
            self._giving.add(own)
        others = {pattern(one.url) for one in follow} - {own}
        leads = any(one in self._giving or self._asked[one] < _TRIES for one in others)
        if fresh or leads:
            self._fruitless[own] = 0
            return ""
        self._fruitless[own] += 1
        if self._fruitless[own] < TRAP_PAGES or own in self._closed:
            return ""
        self._closed.add(own)
        return own

    def holds(self, url: str) -> bool:
        """Whether an address is of a pattern that proved to be a trap."""
        return bool(self._closed) and pattern(url) in self._closed
