"""What the operator may do, checked the same way for the forms and for the JSON."""

import unicodedata
from collections.abc import Mapping

from crawler.practice.site import ShownPost, Site
from crawler.practice.state import Action, Change
from crawler.practice.words import clean

LONGEST = 20_000


class Refused(ValueError):
    """The operator asked for something that cannot be done; the message says what."""


def act(site: Site, thing: str, thing_id: int, asked: Mapping[str, object]) -> Change:
    """Do ``asked["action"]``, with ``asked["text"]`` where it is an edit.

    Raises Refused for an unknown action and for an empty or overlong text.
    """
    try:
        action = Action(str(asked.get("action", "")))
    except ValueError as error:
        names = ", ".join(Action)
        raise Refused(f"Không có thao tác này; các thao tác: {names}") from error
    text = _text(asked) if action is Action.EDIT else ""
    return site.state.apply(thing, thing_id, action, text)


def add(site: Site, asked: Mapping[str, object]) -> int:
    """Publish a new post and return its id; raises Refused where a field will not do."""
    author, group = str(asked.get("author", "")), str(asked.get("group", ""))
    if author not in site.people:
        raise Refused("Không có thành viên này")
    if group not in site.groups:
        raise Refused("Không có nhóm này")
    title = " ".join(clean(str(asked.get("title", ""))).split())[:200]
    return site.state.add(author, group, title, _text(asked))


def holds(post: ShownPost, words: str) -> bool:
    """Whether id, author, title or text hold the words, diacritics aside."""
    wanted = _folded(words)
    return wanted in _folded(f"{post.id} {post.author.name} {post.title} {post.body}")


def _text(asked: Mapping[str, object]) -> str:
    value = asked.get("text", "")
    text = clean(value) if isinstance(value, str) else ""
    if not text:
        raise Refused("Nội dung đang để trống")
    if len(text) > LONGEST:
        raise Refused(f"Nội dung dài quá {LONGEST} ký tự")
    return text


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
