"""Posts become rows: normalise and match outside, then one short transaction; what does not match is forgotten.

`ingest` is an entry point and commits; `prepare` is pure and `store` leaves the commit to its caller.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.clock import Clock, office_time
from foundation.database import Database, insert_into
from foundation.people import SYSTEM, Actor
from search import campaigns
from search.entities import Entity, contacts
from search.lab import shadow
from search.models import Intake, NotKept, PostContact, PostRow, Source, WorkState
from search.models_index import INDEX_CONSUMER as INDEX_CONSUMER
from search.post import Origin, Post
from search.rules.matcher import Context, Judgement, Matcher
from search.rules.telling import CUT
from search.store_rows import edit, insert_all, seen_again
from search.text import fold

TRIAGE_CONSUMER = "triage"
BATCH = 100
_POST, _CONTACT = cast("Table", PostRow.__table__), cast("Table", PostContact.__table__)


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


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of some posts. `known` were not kept before and are neither matched nor counted again.

    `cut` are those, kept or not, of which only the beginning was judged because they are too long.
    """

    seen: int = 0
    kept: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    unchanged: int = 0
    not_kept: int = 0
    known: int = 0
    cut: int = 0

    def __add__(self, other: "IngestResult") -> "IngestResult":
        return IngestResult(
            self.seen + other.seen,
            self.kept + other.kept,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.not_kept + other.not_kept,
            self.known + other.known,
            self.cut + other.cut,
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """Into what, from where and by whom posts are stored."""

    source_id: int
    at: datetime
    retain_until: datetime
    run_id: int | None = None
    origin: Origin = Origin.CRAWL
    actor: Actor = SYSTEM
    unit_id: int | None = None


class Ingestor:
    """What brings posts in: holds the matcher (asked for each time, rules change) and the key of digests."""

    def __init__(
        self,
        database: Database,
        matcher: Callable[[], Matcher],
        clock: Clock,
        key: bytes,
        retention: timedelta,
        shadows: Callable[[], shadow.Shadows | None] = lambda: None,
    ) -> None:
        self._database = database
        self._matcher = matcher
        self._clock = clock
        self._key = key
        self._retention = retention
        self._shadows = shadows

    def prepare(
        self,
        posts: Iterable[Post],
        *,
        source: str = "",
        keep_all: bool = False,
        skip: frozenset[bytes] = frozenset(),
    ) -> list[Prepared]:
        """Judge posts without the database. Those whose digest is in `skip` are not judged again.

        `source` is the name of their source: rules may be limited to some.
        """
        matcher, now = self._matcher(), self._clock.now()
        prepared = [
            prepare(
                post, matcher, self._key, source=source, keep_all=keep_all, skip=skip, seen_at=now
            )
            for post in posts
        ]
        shadows = self._shadows()
        if not shadows:
            return prepared
        return [_watched(one, shadows, source, skip, now) for one in prepared]

    @property
    def rules_version(self) -> str:
        """The version of the rules that posts are judged by now."""
        return self._matcher().version

    def source_name(self, source_id: int) -> str:
        """The name that rules know a source by; "" where there is none."""
        with self._database.reading() as session:
            return session.scalar(select(Source.name).where(Source.id == source_id)) or ""

    def intent(
        self,
        source_id: int,
        *,
        run_id: int | None = None,
        origin: Origin = Origin.CRAWL,
        actor: Actor = SYSTEM,
        unit_id: int | None = None,
    ) -> Intent:
        now = self._clock.now()
        return Intent(source_id, now, now + self._retention, run_id, origin, actor, unit_id)

    def ingest(
        self,
        posts: Sequence[Post],
        *,
        source_id: int,
        run_id: int | None = None,
        origin: Origin = Origin.CRAWL,
        actor: Actor = SYSTEM,
        unit_id: int | None = None,
        keep_all: bool = False,
    ) -> IngestResult:
        """Judge and store posts, a short transaction for each hundred."""
        total, source = IngestResult(), self.source_name(source_id)
        for start in range(0, len(posts), BATCH):
            batch = posts[start : start + BATCH]
            skip = self.known(batch)
            prepared = self.prepare(batch, source=source, keep_all=keep_all, skip=skip)
            intent = self.intent(
                source_id, run_id=run_id, origin=origin, actor=actor, unit_id=unit_id
            )
            with self._database.writing() as session:
                total += store(session, prepared, intent)
        return total

    def known(self, posts: Sequence[Post]) -> frozenset[bytes]:
        """The digests of those posts that were seen before and not kept, by the same rules."""
        version = self._matcher().version
        digests = [post_digest(post, version, self._key) for post in posts]
        with self._database.reading() as session:
            return _known(session, digests)


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


def _watched(
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


def store(session: Session, prepared: Sequence[Prepared], intent: Intent) -> IngestResult:
    """Write judged posts: rows, contacts, bands, campaigns, counts and outbox rows. The caller commits."""
    prepared = _last_of_each(prepared)
    rows = _stored(session, intent.source_id, [one.url_key for one in prepared])
    known = _known(session, [one.digest for one in prepared if one.judgement is None])
    new: list[Prepared] = []
    edited: dict[int, Prepared] = {}
    forgotten: list[bytes] = []
    watched: list[tuple[Sequence[shadow.Outcome], int | None]] = []
    unchanged: list[int] = []
    again = 0
    for one in prepared:
        stored = rows.get(one.url_key)
        if stored is not None and stored[1] == one.content_key:
            unchanged.append(stored[0])
        elif stored is not None:
            edited[stored[0]] = one
        elif one.judgement is not None:
            new.append(one)
        elif one.digest in known:
            again += 1
        else:
            forgotten.append(one.digest)
            watched.append((one.watched, None))
    seen_again(session, unchanged, intent.at)
    edit(session, edited, intent)
    ids = insert_all(session, new, edited, intent)
    _forget(session, forgotten, intent.at)
    _count(session, intent, len(ids) + len(edited), len(forgotten))
    told = [*ids, *edited]
    watched += [(one.watched, number) for one, number in zip(new, ids, strict=True)]
    watched += [(one.watched, number) for number, one in edited.items()]
    shadow.count(session, watched, at=intent.at)
    outbox.put(session, INDEX_CONSUMER, told, at=intent.at)
    outbox.put(session, TRIAGE_CONSUMER, told, at=intent.at)
    return IngestResult(
        seen=len(prepared),
        kept=tuple(ids),
        updated=tuple(edited),
        unchanged=len(unchanged),
        not_kept=len(forgotten),
        known=again,
        cut=sum(one.cut for one in prepared),
    )


def set_work_state(
    session: Session,
    post_ids: Iterable[int],
    state: WorkState,
    *,
    at: datetime,
    case_id: int | None = None,
    retain_until: datetime | None = None,
) -> None:
    """What casework decided about posts, told to the index in the same transaction.

    `case_id` is set when given and cleared when a post goes back to NEW, KEPT or DISMISSED.
    `retain_until` is set when given; a post that is kept, or of a case, has no such day of its own.
    """
    ids = list(post_ids)
    values: dict[str, object] = {"state": state}
    if case_id is not None:
        values["case_id"] = case_id
    elif state not in {WorkState.IN_CASE, WorkState.CLOSED}:
        values["case_id"] = None
    if retain_until is not None:
        values["retain_until"] = retain_until
    elif state in {WorkState.KEPT, WorkState.IN_CASE, WorkState.CLOSED}:
        values["retain_until"] = None
    session.execute(update(PostRow).where(PostRow.id.in_(ids)).values(**values))
    outbox.put(session, INDEX_CONSUMER, ids, at=at)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def post_digest(post: Post, matcher_version: str, key: bytes) -> bytes:
    """The keyed digest that knows a post again without telling what it said.

    The version of the rules is part of it: under new rules a post that is seen again is judged again.
    """
    content = "\0".join((post.url, post.body, matcher_version))
    encoded = content.encode("utf-8", "surrogatepass")
    return hmac.new(key, encoded, hashlib.sha256).digest()[:16]


def _last_of_each(prepared: Sequence[Prepared]) -> list[Prepared]:
    return list({one.url_key: one for one in prepared}.values())


def _stored(
    session: Session, source_id: int, url_keys: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Id and content key of the source's posts with these addresses."""
    found = session.execute(
        select(PostRow.url_key, PostRow.id, PostRow.content_key).where(
            PostRow.source_id == source_id, PostRow.url_key.in_(url_keys)
        )
    )
    return {url_key: (id_, content_key) for url_key, id_, content_key in found}


def _known(session: Session, digests: Sequence[bytes]) -> frozenset[bytes]:
    if not digests:
        return frozenset()
    return frozenset(session.scalars(select(NotKept.digest).where(NotKept.digest.in_(digests))))


def _forget(session: Session, digests: Sequence[bytes], at: datetime) -> None:
    if digests:
        rows = [{"digest": digest, "seen_at": at} for digest in sorted(set(digests))]
        session.execute(insert_into(session, NotKept).values(rows).on_conflict_do_nothing())


def _count(session: Session, intent: Intent, kept: int, not_kept: int) -> None:
    if not kept + not_kept:
        return
    values = {
        "source_id": intent.source_id,
        "day": office_time(intent.at).date(),
        "seen": kept + not_kept,
        "kept": kept,
        "not_kept": not_kept,
    }
    counted = {name: getattr(Intake, name) + values[name] for name in ("seen", "kept", "not_kept")}
    statement = insert_into(session, Intake).values(**values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["source_id", "day"], set_=counted)
    )
