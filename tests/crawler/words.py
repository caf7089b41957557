"""A matcher that keeps posts by one word, so that counters can be foretold."""

from search.rules.judgement import Judgement

KEPT_WORD = "giữlại"


class WordMatcher:
    """Flags what holds KEPT_WORD; the interface of search.rules.matcher.Matcher."""

    version = "words-1"

    def too_long(self, _text: str) -> bool:
        return False

    def match(self, text: str, _context: object = None) -> Judgement | None:
        return Judgement.none() if KEPT_WORD in text else None
