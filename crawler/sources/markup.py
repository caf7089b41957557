"""From bytes of a page to readable text: charset, elements, plain text with its line breaks."""

import re
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeAlias

import lxml.etree
import lxml.html

from crawler.sources.addresses import absolute
from crawler.sources.charset import text_of
from crawler.sources.legacy_fonts import to_unicode

Element: TypeAlias = lxml.etree._Element  # noqa: SLF001 - lxml's only name for the type

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    }
)
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"])
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "svg",
        "button",
        "select",
        "textarea",
    ]
)
MAX_TAG = 20_000
"""Characters of a tag beyond which its attributes are counted."""
MAX_ATTRIBUTES = 500
_ATTRIBUTE = re.compile(r"""[^\s"'=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']+))?""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")


class _Desk(threading.local):
    """The page that this thread reads now: whoever decodes or parses it again gets what was made before."""

    open = False
    body: bytes | None = None
    content_type = ""
    text: str | None = None
    parsed = False
    tree: Element | None = None

    def clear(self) -> None:
        self.body = self.text = self.tree = None
        self.parsed = False


_DESK = _Desk()


@contextmanager
def read_once() -> Iterator[None]:
    """While the block runs, the first page that is decoded is decoded and parsed only once.

    For the look for walls, and the parser after it, on one thread. Nobody changes the tree of a page.
    """
    _DESK.clear()
    _DESK.open = True
    try:
        yield
    finally:
        _DESK.open = False
        _DESK.clear()


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page (see `text_of`); what is surely written for a font of former years in Unicode."""
    if _DESK.body is body and _DESK.content_type == content_type and _DESK.text is not None:
        return _DESK.text
    text = to_unicode(text_of(body, content_type))
    if _DESK.open and _DESK.body is None:
        _DESK.body, _DESK.content_type, _DESK.text = body, content_type, text
    return text


def parse(text: str) -> Element | None:
    """The page as a tree, however broken; None when there is nothing in it."""
    if _DESK.text is not text:
        return _parsed(text)
    if not _DESK.parsed:
        _DESK.tree, _DESK.parsed = _parsed(text), True
    return _DESK.tree


def _parsed(text: str) -> Element | None:
    declaration = _XML_DECLARATION.match(text)
    cleaned = _short_tags(_FORBIDDEN.sub("", text[declaration.end() :] if declaration else text))
    if not cleaned.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = lxml.html.document_fromstring(cleaned.encode("utf-8"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None
    return root


def _short_tags(text: str) -> str:
    """The page without attributes beyond MAX_ATTRIBUTES of a tag: the parser's time grows by their square."""
    if len(text) < MAX_TAG:
        return text
    parts, kept, at = [], 0, text.find("<")
    while at >= 0:
        end = text.find(">", at)
        end = len(text) if end < 0 else end
        if end - at > MAX_TAG:
            last = next(islice(_ATTRIBUTE.finditer(text, at + 1, end), MAX_ATTRIBUTES, None), None)
            if last is not None:
                parts.append(text[kept : last.start()])
                kept = end
        at = text.find("<", end)
    return "".join([*parts, text[kept:]]) if parts else text


def plain_text(element: Element, leave_out: Collection[Element] = (), enough: int = 0) -> str:
    """What a reader sees of an element, with its line breaks; without scripts, forms' fields and `leave_out`.

    A picture that stands for an emoji gives it; a link that is shown cut short gives its whole address.
    `enough`: more characters than so many (blanks apart) are not waited for; 0: all of them.
    """
    parts: list[str] = []
    _collect(element, frozenset(leave_out), parts, enough)
    return tidy("".join(parts))


def html_to_text(fragment: str) -> str:
    """Plain text of a piece of HTML, such as a feed gives."""
    root = parse(f"<div>{fragment}</div>")
    return "" if root is None else plain_text(root)


def tidy(text: str) -> str:
    """Text without control characters, runs of blanks and more than one empty line."""
    flat = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    flat = "\n".join([" ".join(line.split()) for line in flat.split("\n")])
    if "\n\n\n" in flat:
        flat = _BLANK_LINES.sub("\n\n", flat)
    return flat.strip()


def _collect(
    element: Element, leave_out: frozenset[Element], parts: list[str], enough: int = 0
) -> None:
    """Walks without recursion: a page may be nested deeper than Python bears."""
    stack: list[tuple[Element, bool]] = [(element, False)]
    counted = seen = 0
    while stack:
        if enough and len(parts) - counted > 20:  # now and then
            seen += sum(len("".join(part.split())) for part in parts[counted:])
            counted = len(parts)
            if seen > enough:
                return
        node, leaving = stack.pop()
        if leaving:
            if node.tag in _BLOCKS:
                _break(parts)
            if node.tag in _PARAGRAPHS or node.tag == "br":
                parts.append("\n")
            if node is not element and node.tail:
                parts.append(_flat(node.tail))
            continue
        stack.append((node, True))
        if not isinstance(node.tag, str) or node.tag in _SILENT or node in leave_out:
            continue
        if node.tag in _BLOCKS:
            _break(parts)
        if whole := _stands_for(node):
            parts.append(whole)
            continue
        parts.append(_flat(node.text or ""))
        stack.extend((child, False) for child in reversed(node))


def _break(parts: list[str]) -> None:
    if parts and not parts[-1].endswith("\n"):
        parts.append("\n")


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


def _stands_for(node: Element) -> str:
    if node.tag == "img":
        alt = node.get("alt") or ""
        return alt if alt and not any(char.isalnum() for char in alt) else ""
    if node.tag == "a":
        shown, target = "".join(map(str, node.itertext())).strip(), node.get("href") or ""
        if shown.endswith(("…", "...")) and len(shown) > 8:
            head = shown.rstrip(".…")
            return target if target.startswith(head) or f"//{head}" in target else ""
    return ""


def links(element: Element, base: str, leave_out: Collection[Element] = ()) -> list[str]:
    """The whole addresses an element links to, each once, in order."""
    found = (absolute(base, node.get("href") or "") for node in _within(element, "a", leave_out))
    return list(dict.fromkeys(address for address in found if address))


def images(
    element: Element, base: str, leave_out: Collection[Element] = ()
) -> list[tuple[str, str]]:
    """The (address, alternative text) of the pictures in an element; emoji and data addresses apart."""
    found: dict[str, str] = {}
    for node in _within(element, "img", leave_out):
        address = absolute(base, node.get("src") or node.get("data-src") or "")
        if address and not _stands_for(node):
            found.setdefault(address, tidy(node.get("alt") or ""))
    return list(found.items())


def _within(element: Element, tag: str, leave_out: Collection[Element]) -> list[Element]:
    nodes: list[Element] = list(element.iter(tag))
    if not leave_out:
        return nodes
    outside = frozenset(leave_out)
    return [node for node in nodes if not any(above in outside for above in node.iterancestors())]
