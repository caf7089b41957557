"""Wikitext as a reader sees it, roughly; and what one revision adds to another."""

import re
from collections import Counter
from collections.abc import Iterable

from crawler.sources.markup import html_to_text, tidy

MAX_LINES = 20_000
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_FILE = re.compile(r"\[\[(?:File|Image|Tập tin|Hình|Category|Thể loại):[^\[\]]*\]\]", re.IGNORECASE)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_EXTERNAL = re.compile(r"\[(https?://[^\s\]]+)(?:\s+([^\]]*))?\]")
_BARE = re.compile(r"https?://[^\s\]|<>\"}]+")
_COMMENT = re.compile(r"<!--.*?-->|<ref[^>/]*/>|<ref[^>]*>.*?</ref>", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"^(={1,6})\s*(.*?)\s*\1\s*$", re.MULTILINE)
_INDENT = re.compile(r"^[:*#;]+\s*", re.MULTILINE)


def added(before: str, after: str) -> list[str]:
    """The lines of a text that an earlier one did not have, in their order; moved lines are not new."""
    known = Counter(line.strip() for line in before.splitlines()[:MAX_LINES])
    new = []
    for line in after.splitlines()[:MAX_LINES]:
        bare = line.strip()
        if not bare:
            continue
        if known[bare]:
            known[bare] -= 1
        else:
            new.append(line)
    return new


def readable(text: str) -> str:
    """The words of wikitext, without templates, pictures, notes and marks."""
    text = _COMMENT.sub("", text[:200_000])
    for _ in range(3):  # templates in templates
        text, count = _TEMPLATE.subn("", text)
        if not count:
            break
    text = _FILE.sub("", text)
    text = _LINK.sub(lambda found: found[1], text)
    text = _EXTERNAL.sub(lambda found: f"{found[2]} {found[1]}" if found[2] else found[1], text)
    text = _HEADING.sub(lambda found: found[2], text)
    text = _INDENT.sub("", text).replace("'''", "").replace("''", "")
    if "<" in text or "&" in text:
        text = html_to_text(text.replace("\n", "<br>"))
    return tidy(text)


def external_links(lines: Iterable[str]) -> list[str]:
    """The addresses that lines name, each once."""
    found = (address.rstrip(".,;:)'") for line in lines for address in _BARE.findall(line))
    return list(dict.fromkeys(found))
