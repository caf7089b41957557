"""The index of many machines: Elasticsearch 9, read and written through an alias."""

import time
from collections.abc import Collection, Iterable

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
from search.index.elasticsearch_store import Server
from search.index.plan import plan
from search.query import Message, Query

LOOK_SECONDS = 1.0


class ElasticsearchRebuild:
    """An index that no alias shows yet."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self.name = name

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        self._server.upsert(self.name, docs)

    def delete(self, ids: Iterable[int]) -> None:
        self._server.delete(self.name, ids)

    def commit(self) -> None:
        """Every write was in the server's journal before it was answered; this shows it."""
        self._server.refresh(self.name)

    def count(self) -> int:
        return self._server.count(self.name)


class ElasticsearchIndex:
    """See SearchIndex. That there is one writer is the deployment's affair: one indexer."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "rasoat",
        writer: bool = False,
        expected: Versions | None = None,
    ) -> None:
        self._server = Server(url, prefix)
        self._expected = expected or Versions()
        self._writes = writer
        self._looked = float("-inf")
        self._seen = False

    @property
    def versions(self) -> Versions | None:
        return self._server.versions()

    def needs_rebuild(self) -> bool:
        return self.versions != self._expected

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        self._make_ready()
        self._server.upsert(self._server.alias, docs)

    def delete(self, ids: Iterable[int]) -> None:
        self._make_ready()
        self._server.delete(self._server.alias, ids)

    def refresh(self) -> None:
        self._server.refresh(self._server.alias)

    def count(self) -> int:
        return self._server.count(self._server.alias)

    def search(self, query: Query, *, unit_ids: Collection[int | None] | None) -> Hits:
        check_depth(query)
        started = time.perf_counter()
        self._check()
        ids, total, facets = self._server.search(plan(query, unit_ids), query.offset, query.size)
        return Hits(ids, total, facets, (time.perf_counter() - started) * 1000)

    def health(self) -> IndexHealth:
        try:
            release = self._server.release()
            self._looked = float("-inf")
            self._check()
            posts = self.count()
        except IndexUnavailable as error:
            return IndexHealth(
                ok=False,
                detail=Message("The search index cannot be read: %(why)s", {"why": str(error)}),
                remedy=Message(
                    "Look at ELASTICSEARCH_URL and at the indexer; then: rasoat index rebuild"
                ),
            )
        whole = self.versions == self._expected
        return health_of(posts, whole=whole, server=f"Elasticsearch {release}")

    def begin_rebuild(self) -> Rebuild:
        self._need_writer()
        self._server.remove_others()
        return ElasticsearchRebuild(
            self._server, self._server.create(self._expected, current=False)
        )

    def switch(self, rebuild: Rebuild) -> None:
        self._need_writer()
        new = _own(rebuild)
        new.commit()
        self._server.point_to(new.name)
        self._seen = True
        self._looked = float("-inf")

    def abandon(self, rebuild: Rebuild) -> None:
        self._server.remove(_own(rebuild).name)

    def close(self) -> None:
        self._server.close()

    def _need_writer(self) -> None:
        if not self._writes:
            raise IndexBusy("this search index was opened for reading only")

    def _make_ready(self) -> None:
        """An empty index at the first write: the server may start after the indexer.

        If there was one before, it was lost, and the new one is marked as not whole.
        """
        self._need_writer()
        try:
            self._check()
        except IndexOutdated:
            raise
        except IndexUnavailable:
            if self.versions is not None:
                raise
            versions = self._expected.blank if self._seen else self._expected
            self._server.create(versions, current=True)

    def _check(self) -> None:
        """At most once a second: is there an index, and is it one that this program wrote?"""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        versions = self.versions
        if versions is None:
            raise IndexUnavailable("there is no search index yet")
        if versions.schema != self._expected.schema:
            raise IndexOutdated("the search index was written by another version")
        self._seen = True
        self._looked = time.monotonic()


def _own(rebuild: Rebuild) -> ElasticsearchRebuild:
    if not isinstance(rebuild, ElasticsearchRebuild):
        raise TypeError("this rebuild belongs to another engine")
    return rebuild
