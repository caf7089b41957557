"""Pieces of HTML that an interface gives as the text of a post."""

import html
from dataclasses import dataclass

from crawler.sources.addresses import absolute
from crawler.sources.markup import images, links, parse, plain_text, tidy
from search.post import Media


@dataclass(frozen=True, slots=True)
class Body:
    """What a reader sees: text with its line breaks, addresses it links to, pictures."""

    text: str = ""
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


def body_of(fragment: str, base: str) -> Body:
    """The text of a piece of HTML, its links and pictures as whole addresses."""
    if "<" not in fragment:
        return Body(tidy(html.unescape(fragment)))
    root = parse(f"<div>{fragment}</div>")
    if root is None:
        return Body()
    found = links(root, base) if "href" in fragment else []
    shown = images(root, base) if "<img" in fragment else []
    pictures = tuple(Media(address, alt=alt) for address, alt in shown)
    return Body(plain_text(root), tuple(found), pictures)


def media_of(base: str, *found: tuple[str, str, str]) -> tuple[Media, ...]:
    """Pictures and videos from (address, kind, description), each once, whole addresses only."""
    every: dict[str, Media] = {}
    for address, kind, alt in found:
        if address and (whole := absolute(base, address)):
            every.setdefault(whole, Media(whole, kind, tidy(alt).replace("\n", " ")[:1000]))
    return tuple(every.values())
