"""The one process that writes the index: it takes what changed from the outbox, and rebuilds when asked.

Everything here can be done twice. A post is written as it stands in the database at that moment, and its
outbox row goes only afterwards, so a kill at any point is mended by the next round. A rebuild lives in this
process: one that was cut off begins anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import func, select

from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict, Unavailable
from search.index.base import IndexDocument, IndexOutdated, Rebuild, SearchIndex
from search.index.documents import document, posts_after, posts_by_id
from search.index.requests import open_request, request_if_outdated
from search.models import PostRow
from search.models_index import INDEX_CONSUMER, IndexRequest, RequestState

BATCH = 500
log = structlog.get_logger()


@dataclass(slots=True)
class _Run:
    """A rebuild on its way: the request, the new index, the last id that was scanned."""

    request_id: int
    rebuild: Rebuild
    after: int = 0
    done: int = 0


@dataclass(slots=True)
class _Batch:
    """Outbox rows with what they come to: documents, ids that are gone, and rows that cannot be read."""

    docs: list[IndexDocument] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    bad: dict[int, str] = field(default_factory=dict)


class Indexer:
    """Feeds one index, opened as its writer, from one database."""

    def __init__(
        self, database: Database, index: SearchIndex, clock: Clock, *, batch: int = BATCH
    ) -> None:
        self._database = database
        self._index = index
        self._clock = clock
        self._batch = batch
        self._run: _Run | None = None
        self._checked = False

    def run_once(self) -> int:
        """One batch of the outbox, and one step of a rebuild if one is asked for; how much was done.

        Raises Unavailable when the engine does not answer; nothing is lost then.
        """
        self._ask_if_outdated()
        self._begin_if_asked()
        return self._drain() + self._rebuild_step()

    def run_until_idle(self, rounds: int = 100_000) -> int:
        """Rounds until nothing is left to do, for commands and tests; how much was done."""
        total = 0
        for _ in range(rounds):
            done = self.run_once()
            total += done
            if not done and self._run is None:
                break
        return total

    def close(self) -> None:
        """Throw an unfinished rebuild away; its request is taken up again at the next start."""
        if self._run is not None:
            self._index.abandon(self._run.rebuild)
            self._run = None

    # --- the outbox --------------------------------------------------------------------------------

    def _drain(self) -> int:
        with self._database.reading() as session:
            waiting = outbox.take(session, INDEX_CONSUMER, at=self._clock.now(), limit=self._batch)
            if not waiting:
                return 0
            ids = [one.thing_id for one in waiting]
            posts = posts_by_id(session, ids)
            batch = _Batch(gone=[id_ for id_ in ids if id_ not in posts])
            _read(posts.values(), batch)
        self._write(batch)
        self._forget(waiting, batch)
        return len(waiting)

    def _write(self, batch: _Batch) -> None:
        """Into the index people search and, while one is on its way, into the new one."""
        try:
            _put(self._index, batch)
        except IndexOutdated:
            if self._run is None:
                raise
        if self._run is not None:
            _put(self._run.rebuild, batch)

    def _forget(self, waiting: Sequence[outbox.Waiting], batch: _Batch) -> None:
        now = self._clock.now()
        with self._database.writing() as session:
            outbox.done(session, [one for one in waiting if one.thing_id not in batch.bad])
            for one in waiting:
                if one.thing_id in batch.bad:
                    log.error("post cannot be indexed", post=one.thing_id)
                    outbox.failed(session, one, batch.bad[one.thing_id], at=now)

    # --- rebuilding --------------------------------------------------------------------------------

    def _ask_if_outdated(self) -> None:
        """Once for each index: its versions change only with the program or with a switch."""
        if self._checked or self._run is not None:
            return
        if self._index.needs_rebuild() or self._is_hollow():
            with self._database.writing() as session:
                request_if_outdated(session, at=self._clock.now())
        else:
            self._checked = True

    def _is_hollow(self) -> bool:
        """An empty index over a database with posts: its folder was lost, or a backup was restored."""
        self._index.refresh()
        if self._index.count():
            return False
        with self._database.reading() as session:
            posts = session.scalar(select(func.count()).select_from(PostRow)) or 0
            return posts > outbox.pending(session, INDEX_CONSUMER)

    def _begin_if_asked(self) -> None:
        if self._run is not None:
            return
        with self._database.reading() as session:
            request = open_request(session)
            total = session.scalar(select(func.count()).select_from(PostRow)) if request else 0
        if request is None:
            return
        self._run = _Run(request.id, self._index.begin_rebuild())
        self._tell(
            self._run, RequestState.RUNNING, started_at=self._clock.now(), total=total, done=0
        )

    def _rebuild_step(self) -> int:
        """Scan one batch, or switch when nothing is left: what waits in the outbox then goes into the
        new index, and what was drained since the beginning is in it already."""
        run = self._run
        if run is None:
            return 0
        try:
            scanned = self._scan(run)
            if not scanned:
                self._switch(run)
        except Exception as error:
            self._give_up(run, error)
            raise
        return scanned or 1

    def _scan(self, run: _Run) -> int:
        batch = _Batch()
        with self._database.reading() as session:
            posts = posts_after(session, run.after, self._batch)
            _read(posts, batch)
        if not posts:
            return 0
        _put(run.rebuild, batch)
        run.after = posts[-1].id
        run.done += len(posts)
        self._tell(run, RequestState.RUNNING, done=run.done)
        return len(posts)

    def _switch(self, run: _Run) -> None:
        self._index.switch(run.rebuild)
        self._run = None
        self._checked = True
        self._tell(run, RequestState.DONE, finished_at=self._clock.now(), done=run.done)

    def _give_up(self, run: _Run, error: Exception) -> None:
        self._run = None
        self._tell(run, RequestState.FAILED, finished_at=self._clock.now(), error=str(error)[:2000])
        try:
            self._index.abandon(run.rebuild)
        except (Unavailable, Conflict, OSError) as second:
            log.warning("unfinished index stays behind", error=str(second))

    def _tell(self, run: _Run, state: RequestState, **values: object) -> None:
        with self._database.writing() as session:
            request = session.get_one(IndexRequest, run.request_id)
            request.state = state
            for name, value in values.items():
                setattr(request, name, value)


def _read(posts: Iterable[PostRow], batch: _Batch) -> None:
    for post in posts:
        try:
            batch.docs.append(document(post))
        except Exception as error:  # noqa: BLE001 - one broken post must not keep the others out
            batch.bad[post.id] = repr(error)


def _put(target: SearchIndex | Rebuild, batch: _Batch) -> None:
    """All at once; when the engine refuses something, one by one, so that the rest gets in."""
    try:
        if batch.docs:
            target.upsert(batch.docs)
    except (Unavailable, Conflict, OSError):
        raise
    except Exception:  # noqa: BLE001 - which document it was is found out below
        _put_singly(target, batch)
    if batch.gone:
        target.delete(batch.gone)


def _put_singly(target: SearchIndex | Rebuild, batch: _Batch) -> None:
    for doc in list(batch.docs):
        try:
            target.upsert([doc])
        except (Unavailable, Conflict, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - told in the outbox row, tried again later
            batch.bad[doc.id] = repr(error)
            batch.docs.remove(doc)
