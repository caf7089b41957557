"""Brings posts in: judged outside, then one short transaction for each hundred.

Where thousands come at once, processes beside this one judge the next while some are stored.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import islice

import structlog
from sqlalchemy import select

from foundation.clock import Clock
from foundation.database import Database
from foundation.people import SYSTEM, Actor
from search.judges import Judges, OtherRules
from search.lab import shadow
from search.models import Source
from search.post import Origin, Post
from search.preparing import Prepared, post_digest, prepare_all, watched
from search.rules.matcher import Matcher
from search.store import BATCH, IngestResult, Intent, known_digests, store

MANY = 1_000
"""After so many posts of one source other processes begin to judge: before, these take longer to begin."""
AHEAD = 2
"""Batches that wait for each process."""
Judging = Callable[[], list[Prepared]]
log = structlog.get_logger()


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
        *,
        judges: int = 0,
    ) -> None:
        """`judges`: how many processes may judge beside this one where thousands of posts come at once."""
        self._database = database
        self._matcher = matcher
        self._clock = clock
        self._key = key
        self._retention = retention
        self._shadows = shadows
        self._judges = judges

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
        now = self._clock.now()
        prepared = prepare_all(
            self._matcher(),
            posts,
            self._key,
            source=source,
            keep_all=keep_all,
            skip=skip,
            seen_at=now,
        )
        shadows = self._shadows()
        if not shadows:
            return prepared
        return [watched(one, shadows, source, skip, now) for one in prepared]

    def judge(
        self, batch: Sequence[Post], *, source: str = "", keep_all: bool = False
    ) -> list[Prepared]:
        """As `prepare`; what was seen before and not kept is not judged again."""
        skip = frozenset[bytes]() if keep_all else self.known(batch)
        return self.prepare(batch, source=source, keep_all=keep_all, skip=skip)

    def judged(
        self, batches: Iterable[Sequence[Post]], *, source: str = "", keep_all: bool = False
    ) -> Generator[Judging]:
        """For each batch, in its turn, what gives it judged as `judge` does, and raises what that raises.

        Of many batches some are asked for before they are taken: other processes judge them while the caller
        stores. Close it where it is not taken to its end.
        """
        waiting, done = iter(batches), 0
        while not self._judges or done < MANY:
            batch = next(waiting, None)
            if batch is None:
                return
            yield partial(self.judge, batch, source=source, keep_all=keep_all)
            done += len(batch)
        with closing(Judges(self._matcher(), self._judges)) as judges:
            ahead: deque[Judging] = deque()
            while True:
                for batch in islice(waiting, judges.count * AHEAD + 1 - len(ahead)):
                    ahead.append(self._ask(judges, batch, source, keep_all=keep_all))
                if not ahead:
                    return
                yield ahead.popleft()

    def _ask(
        self, judges: Judges, batch: Sequence[Post], source: str, *, keep_all: bool
    ) -> Judging:
        """Another process is asked, unless rules changed meanwhile, some are in shadow, or it has ended."""
        alone = partial(self.judge, batch, source=source, keep_all=keep_all)
        if self.rules_version != judges.version or self._shadows():
            return alone
        try:
            answer = judges.ask(
                prepare_all,
                batch,
                self._key,
                source=source,
                keep_all=keep_all,
                skip=frozenset() if keep_all else self.known(batch),
                seen_at=self._clock.now(),
            )
        except BrokenProcessPool:
            return alone
        return partial(_answered, answer, alone)

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
        batches = (posts[start : start + BATCH] for start in range(0, len(posts), BATCH))
        for judging in self.judged(batches, source=source, keep_all=keep_all):
            prepared = judging()
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
            return known_digests(session, digests)


def _answered(answer: "Future[list[Prepared]]", alone: Judging) -> list[Prepared]:
    try:
        return answer.result()
    except (BrokenProcessPool, OtherRules) as error:
        log.warning("a judging process has ended; judged without it", error=str(error))
        return alone()
