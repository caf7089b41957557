"""The embedded index: a folder, one writing process, any number of reading ones."""

import time
from collections.abc import Collection, Iterable
from pathlib import Path
from threading import RLock

from search.index.base import (
    Hits,
    IndexBusy,
    IndexDocument,
    IndexHealth,
    IndexOutdated,
    IndexUnavailable,
    Rebuild,
    Versions,
    check_depth,
    health_of,
)
from search.index.generations import Generation, Generations
from search.index.plan import plan
from search.index.tantivy_store import Store
from search.query import Message, Query

RELOAD_SECONDS = 1.0


class TantivyRebuild:
    """A generation that nobody reads yet."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.store = Store(generation.path, create=True)

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        self.store.upsert(docs)

    def delete(self, ids: Iterable[int]) -> None:
        self.store.delete(ids)

    def commit(self) -> None:
        self.store.commit()

    def count(self) -> int:
        self.store.reload()
        return self.store.count()


class TantivyIndex:
    """See SearchIndex. Readers look for new commits and new generations once a second."""

    def __init__(
        self, root: Path, *, writer: bool = False, expected: Versions | None = None
    ) -> None:
        self._generations = Generations(root)
        self._expected = expected or Versions()
        self._writes = writer
        self._guard = RLock()
        self._store: Store | None = None
        self._looked = float("-inf")
        if writer:
            self._begin_writing()

    @classmethod
    def open_reader(cls, root: Path, expected: Versions | None = None) -> "TantivyIndex":
        """Opens for searching. The folder may come later: until then searches say so."""
        return cls(root, expected=expected)

    @classmethod
    def open_writer(cls, root: Path, expected: Versions | None = None) -> "TantivyIndex":
        """Opens for both, with an empty index where there is none. Raises IndexBusy if taken."""
        return cls(root, writer=True, expected=expected)

    @property
    def versions(self) -> Versions | None:
        current = self._generations.current()
        return current.versions if current else None

    def needs_rebuild(self) -> bool:
        return not self.health().ok

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        with self._guard:
            store = self._writable()
            store.upsert(docs)
            store.commit()

    def delete(self, ids: Iterable[int]) -> None:
        with self._guard:
            store = self._writable()
            store.delete(ids)
            store.commit()

    def refresh(self) -> None:
        self._fresh(force=True)

    def count(self) -> int:
        return self._fresh().count()

    def search(self, query: Query, *, unit_ids: Collection[int | None] | None) -> Hits:
        check_depth(query)
        started = time.perf_counter()
        store = self._fresh()
        ids, total, facets = store.search(plan(query, unit_ids), query.offset, query.size)
        return Hits(ids, total, facets, (time.perf_counter() - started) * 1000)

    def health(self) -> IndexHealth:
        try:
            posts = self._fresh(force=True).count()
        except IndexUnavailable as error:
            return IndexHealth(
                ok=False,
                detail=Message("The search index cannot be read: %(why)s", {"why": str(error)}),
                remedy=Message("Start the indexer; if it runs: rasoat index rebuild"),
            )
        return health_of(posts, whole=self.versions == self._expected)

    def begin_rebuild(self) -> Rebuild:
        self._need_writer()
        return self._new(self._expected)

    def switch(self, rebuild: Rebuild) -> None:
        """The old folder goes at once: what retention deleted must not lie on in it."""
        new = _own(rebuild)
        self._need_writer()
        new.store.commit()
        new.store.close()
        with self._guard:
            self._let_go()
            self._generations.point_to(new.generation)
        self._generations.remove_others()

    def abandon(self, rebuild: Rebuild) -> None:
        unfinished = _own(rebuild)
        unfinished.store.rollback()
        unfinished.store.close()
        self._generations.remove(unfinished.generation)

    def close(self) -> None:
        with self._guard:
            self._let_go()
            self._generations.unlock()

    def _begin_writing(self) -> None:
        first = self._generations.untouched()
        self._generations.lock()
        self._generations.remove_others()
        if self._generations.current() is None:
            versions = self._expected if first else self._expected.blank
            self._generations.point_to(self._new(versions).generation)

    def _new(self, versions: Versions) -> TantivyRebuild:
        return TantivyRebuild(self._generations.create(versions))

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _need_writer(self) -> None:
        if not self._writes:
            raise IndexBusy("this search index was opened for reading only")

    def _writable(self) -> Store:
        self._need_writer()
        return self._fresh()

    def _fresh(self, *, force: bool = False) -> Store:
        """The current generation, looked at again if that was RELOAD_SECONDS ago."""
        with self._guard:
            late = time.monotonic() - self._looked >= RELOAD_SECONDS
            if self._store is None or late or force:
                try:
                    self._store = self._look()
                except ValueError:  # a switch took the folder away between pointer and opening
                    self._store = None
                    self._store = self._look_twice()
                self._looked = time.monotonic()
            return self._store

    def _look(self) -> Store:
        current = self._generations.current()
        if current is None:
            raise IndexUnavailable("there is no search index yet")
        if current.versions.schema != self._expected.schema:
            raise IndexOutdated("the search index was written by another version")
        if self._store is not None and self._store.path == current.path:
            self._store.reload()
            return self._store
        return Store(current.path)

    def _look_twice(self) -> Store:
        try:
            return self._look()
        except ValueError as error:
            raise IndexUnavailable(str(error)) from error


def _own(rebuild: Rebuild) -> TantivyRebuild:
    if not isinstance(rebuild, TantivyRebuild):
        raise TypeError("this rebuild belongs to another engine")
    return rebuild
