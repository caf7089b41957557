"""Everything that can be known of a post without the database: judged, with its contacts and its signature."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from search import campaigns
from search.entities import Entity, contacts
from search.lab import shadow
from search.post import Post
from search.rules.matcher import Context, Judgement, Matcher
from search.rules.telling import CUT
from search.text import fold


@dataclass(frozen=True, slots=True)
class Prepared:
    """A post with everything that can be known without the database; `judgement` None: not to be kept."""

    post: Post
    url_key: str
    content_key: str
    digest: bytes
    judgement: Judgement | None
    matcher_version: str
    text_hash: str = ""
    entities: tuple[Entity, ...] = ()
    signature: campaigns.Signature | None = None
    watched: tuple[shadow.Outcome, ...] = ()
    """What rules in shadow said of it, beside the live ones."""
    cut: bool = False


def prepare(
    post: Post,
    matcher: Matcher,
    key: bytes,
    *,
    source: str = "",
    keep_all: bool = False,
    skip: frozenset[bytes] = frozenset(),
    seen_at: datetime | None = None,
) -> Prepared:
    """Judge one post. `keep_all`: a person vouches for it, so it is kept whatever the rules say.

    `seen_at` is now, for rules that are limited by a post's age.
    """
    body = post.body
    digest = post_digest(post, matcher.version, key)
    context = Context(source, post.platform, post.language, post.posted_at, seen_at)
    cut = matcher.too_long(body)
    judgement = None if digest in skip and not keep_all else matcher.match(body, context)
    if judgement is None and keep_all:
        judgement = replace(Judgement.none(), reasons=(CUT,) if cut else ())
    url_key, content_key = sha256(post.url), sha256(body)
    if judgement is None:
        return Prepared(
            post,
            url_key,
            content_key,
            digest,
            None,
            matcher.version,
            text_hash=content_key,
            cut=cut,
        )
    folded = fold(body)
    return Prepared(
        post,
        url_key,
        content_key,
        digest,
        judgement,
        matcher.version,
        cut=cut,
        text_hash=sha256(folded),
        entities=contacts(body),
        signature=campaigns.signature(folded),
    )


def prepare_all(
    matcher: Matcher,
    posts: Iterable[Post],
    key: bytes,
    *,
    source: str = "",
    keep_all: bool = False,
    skip: frozenset[bytes] = frozenset(),
    seen_at: datetime | None = None,
) -> list[Prepared]:
    """As `prepare`, of many; what another process is asked."""
    return [
        prepare(post, matcher, key, source=source, keep_all=keep_all, skip=skip, seen_at=seen_at)
        for post in posts
    ]


def watched(
    one: Prepared,
    shadows: shadow.Shadows,
    source: str,
    skip: frozenset[bytes],
    seen_at: datetime,
) -> Prepared:
    """The same with what rules in shadow say; a text that was seen before is not counted again."""
    if one.digest in skip:
        return one
    post = one.post
    context = Context(source, post.platform, post.language, post.posted_at, seen_at)
    return replace(one, watched=shadows.judge(post.body, context, one.judgement))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def post_digest(post: Post, matcher_version: str, key: bytes) -> bytes:
    """The keyed digest that knows a post again without telling what it said.

    The version of the rules is part of it: under new rules a post that is seen again is judged again.
    """
    content = "\0".join((post.url, post.body, matcher_version))
    encoded = content.encode("utf-8", "surrogatepass")
    return hmac.new(key, encoded, hashlib.sha256).digest()[:16]
