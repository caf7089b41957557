"""Writes what was read so that every page is counted exactly once, whenever the process dies.

One transaction holds a batch of pages: their posts (`search.store.store`), the pages they lead to, their
errors, the run's counters, and the step of each page from waiting to done. What was kept, updated or not
kept is counted in the transaction that stores it; pages, posts and bytes in the one that ends their page.
After a kill the pages of the batch still wait and are read again; posts that were stored before come back
as known and are not counted again.
"""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import tee

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crawler import cursors, figures, frontier, runs
from crawler.budget import Allowance
from crawler.models import Run, RunError
from crawler.page import Fetch, PageResult, Problem, SourcePlan, to_json
from crawler.runs import MAX_ERROR_ROWS, Lease, LeaseLost
from foundation.clock import Clock
from foundation.database import Database
from search.ingest import Ingestor, Judging
from search.post import Post
from search.store import BATCH, IngestResult, store

PATIENCE_SECONDS = (0.5, 1.0, 2.0, 4.0)

Batch = tuple[list[Post], list[PageResult]]


class Ledger:
    """Commits the pages of one run, for the process that holds its lease."""

    def __init__(
        self,
        database: Database,
        ingestor: Ingestor,
        lease: Lease,
        plan: SourcePlan,
        clock: Clock,
        *,
        keep_all: bool = False,
    ) -> None:
        self._database = database
        self._ingestor = ingestor
        self._lease = lease
        self._plan = plan
        self._source = ingestor.source_name(plan.source_id)
        self._clock = clock
        self._keep_all = keep_all
        self.allowance: Allowance | None = None
        """What the run costs, written with its pages."""
        self.validators: dict[str, tuple[str, str]] = {}
        """ETag and Last-Modified of pages with posts that lead nowhere: a list is always read whole, since
        what it leads to may have changed without it."""

    def begin(self, seeds: Iterable[Fetch]) -> list[Fetch]:
        """The pages the run has yet to read; on its first start these are the seeds."""
        with self._database.writing() as session:
            if not runs.known_fingerprints(session, self._lease.run_id):
                frontier.remember(session, self._lease.run_id, list(seeds))
            return runs.waiting_pages(session, self._lease.run_id)

    def known(self) -> set[str]:
        """The fingerprints of every page the run has ever thought of."""
        with self._database.reading() as session:
            return runs.known_fingerprints(session, self._lease.run_id)

    def waiting(self) -> int:
        """How many pages the run has yet to read."""
        with self._database.reading() as session:
            return runs.waiting_count(session, self._lease.run_id)

    def commit(self, results: Sequence[PageResult]) -> None:
        """Write pages in order, about a hundred posts at a time.

        A batch that cannot be stored is tried again page by page, so that one bad page costs only itself.
        Raises LeaseLost when the run belongs to another process.
        """
        for posts, pages in _batches(results):
            self._safely(posts, pages)

    def commit_each(self, pages: Iterable[PageResult]) -> Generator[None]:
        """As `commit`, a page at a time, each of at most BATCH posts; the next are read and judged meanwhile."""
        written, read = tee(pages)
        judged = self._ingestor.judged(
            (page.posts for page in read), source=self._source, keep_all=self._keep_all
        )
        with closing(judged):
            for page, judging in zip(written, judged, strict=False):
                self._safely(list(page.posts), [page], judging)
                yield

    def _safely(
        self, posts: list[Post], pages: list[PageResult], judging: Judging | None = None
    ) -> None:
        try:
            self._patiently(posts, pages, judging)
        except (LeaseLost, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one post provokes, the others are kept
            self._one_by_one(posts, pages, error)

    def beat(self) -> bool:
        """Prolong the lease; returns whether somebody asked the run to stop."""
        with self._database.writing() as session:
            runs.renew(session, self._lease, at=self._clock.now())
            return runs.stop_requested(session, self._lease.run_id)

    def _patiently(
        self, posts: list[Post], pages: list[PageResult], judging: Judging | None
    ) -> None:
        """Write; a database that is busy or gone for a moment is tried again, as often as it is worth it."""
        for wait in (*PATIENCE_SECONDS, None):
            try:
                self._write(posts, pages, judging=judging)
            except OperationalError:
                if wait is None:
                    raise
                time.sleep(wait)
            else:
                return

    def _one_by_one(
        self, posts: Sequence[Post], pages: Sequence[PageResult], error: Exception
    ) -> None:
        if len(posts) == 1 and not pages:
            self._write([], [], [_unstored(posts[0], error)])
            return
        if len(pages) > 1:
            for page in pages:
                self.commit([page])
            return
        for post in posts:
            self._try([post], [])
        self._write([], list(pages))

    def _try(self, posts: list[Post], pages: list[PageResult]) -> None:
        try:
            self._write(posts, pages)
        except (LeaseLost, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - this post alone is left out, and said to be
            self._write([], [], [_unstored(posts[0], error)])

    def _write(
        self,
        posts: list[Post],
        pages: list[PageResult],
        problems: Sequence[Problem] = (),
        judging: Judging | None = None,
    ) -> None:
        if judging is None:
            judging = partial(
                self._ingestor.judge, posts, source=self._source, keep_all=self._keep_all
            )
        prepared = judging()
        now = self._clock.now()
        intent = self._ingestor.intent(
            self._plan.source_id,
            run_id=self._lease.run_id,
            origin=self._plan.origin,
            unit_id=self._plan.unit_id,
        )
        with self._database.writing() as session:
            runs.renew(session, self._lease, at=now)
            ended = self._end(session, pages)
            stored = store(session, prepared, intent) if prepared else IngestResult()
            found = [(one, page.saved_page) for page in ended for one in page.problems]
            self._note(session, [*found, *((one, "") for one in problems)])
            self._count(session, stored, ended, len(found) + len(problems))
            if self.allowance is not None:
                self.allowance.write(session, self._plan.source_id)
        self.validators.update(
            {
                page.fingerprint: page.validator
                for page in ended
                if any(page.validator) and page.posts and not page.follow
            }
        )

    def _end(self, session: Session, pages: Sequence[PageResult]) -> list[PageResult]:
        """End these pages; those that were not ended before, so that each is counted once."""
        of_file = [page for page in pages if page.checkpoint and self._is_further(session, page)]
        asked = [page for page in pages if not page.checkpoint]
        ended = of_file + frontier.end(session, self._lease.run_id, asked)
        for page in ended:
            self._remember_state(session, page)
            if page.at_end or page.hole:
                failed = cursors.failed_page(page)
                cursors.note(session, self._lease.run_id, page.at_end, hole=page.hole, page=failed)
        return ended

    def _is_further(self, session: Session, page: PageResult) -> bool:
        """Of a stretch of a file: the run's checkpoint moves in the same transaction."""
        done = session.scalar(select(Run.checkpoint).where(Run.id == self._lease.run_id)) or {}
        return int(done.get("line", 0)) < int(page.checkpoint["line"])

    def _remember_state(self, session: Session, page: PageResult) -> None:
        if page.checkpoint:
            session.execute(
                update(Run)
                .where(Run.id == self._lease.run_id)
                .values(checkpoint=to_json(page.checkpoint))
            )
        if page.state:
            cursors.keep(session, self._plan.source_id, page.state, at=self._clock.now())

    def _note(self, session: Session, problems: Sequence[tuple[Problem, str]]) -> None:
        errors = session.scalar(select(Run.errors).where(Run.id == self._lease.run_id)) or 0
        for problem, saved in problems[: max(0, MAX_ERROR_ROWS - errors)]:
            session.add(
                RunError(
                    run_id=self._lease.run_id,
                    at=self._clock.now(),
                    url=problem.url[:4000],
                    step=problem.step[:80],
                    reason=problem.reason,
                    detail=to_json(problem.detail),
                    saved_page=saved,
                )
            )

    def _count(
        self, session: Session, stored: IngestResult, ended: Sequence[PageResult], errors: int
    ) -> None:
        pages = sum(1 for page in ended if not page.checkpoint)
        seen = [page.figures for page in ended if page.figures is not None]
        known = session.scalar(select(Run.figures).where(Run.id == self._lease.run_id)) or {}
        session.execute(
            update(Run)
            .where(Run.id == self._lease.run_id)
            .values(
                pages=Run.pages + pages,
                posts=Run.posts + sum(len(page.posts) for page in ended),
                kept=Run.kept + len(stored.kept),
                updated=Run.updated + len(stored.updated),
                not_kept=Run.not_kept + stored.not_kept,
                bytes=Run.bytes + sum(page.size for page in ended),
                errors=Run.errors + errors,
                restarts=0,
                **({"figures": figures.added(known, seen)} if seen else {}),
            )
            .execution_options(synchronize_session=False)
        )


def _batches(results: Sequence[PageResult]) -> Iterator[Batch]:
    """Posts and the pages they end, at most BATCH posts each; a page ends with its last posts."""
    posts: list[Post] = []
    pages: list[PageResult] = []
    for page in results:
        rest = list(page.posts)
        if posts and len(posts) + len(rest) > BATCH:
            yield posts, pages
            posts, pages = [], []
        while len(rest) > BATCH:
            yield rest[:BATCH], []
            rest = rest[BATCH:]
        posts, pages = posts + rest, [*pages, page]
    if pages:
        yield posts, pages


def _unstored(post: Post, error: Exception) -> Problem:
    return Problem("store_failed", post.url, "store", {"error": type(error).__name__})
