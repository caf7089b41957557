"""What only the index on a server must do: its names, its failures, a server that is not there."""

import os
import secrets
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch
from elasticsearch import TransportError as Unreachable

from search.index import IndexDocument, IndexUnavailable, open_index
from search.index.elasticsearch import ElasticsearchIndex
from search.query import Query

URL = os.environ.get("ELASTICSEARCH_URL", "http://127.0.0.1:9200")
pytestmark = pytest.mark.net


@pytest.fixture
def server() -> Iterator[Elasticsearch]:
    with Elasticsearch(URL) as client:
        try:
            client.info()
        except Unreachable:
            pytest.skip(f"no Elasticsearch at {URL} (set ELASTICSEARCH_URL)")
        yield client


@pytest.fixture
def prefix(server: Elasticsearch) -> Iterator[str]:
    name = f"test-{secrets.token_hex(5)}"
    yield name
    for index in server.indices.get(index=f"{name}-*").body:
        server.indices.delete(index=index)


@pytest.fixture
def index(prefix: str) -> Iterator[ElasticsearchIndex]:
    made = ElasticsearchIndex(URL, prefix=prefix, writer=True)
    yield made
    made.close()


def doc(id_: int) -> IndexDocument:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return IndexDocument(
        id_, "việc", "viec", 1, "Trang", "forum", "low", 1, "lure", "new", (), "", (),
        False, None, None, now, now, 1,
    )  # fmt: skip


def test_searches_go_through_an_alias_over_one_index(
    server: Elasticsearch, prefix: str, index: ElasticsearchIndex
) -> None:
    index.upsert([doc(1)])
    first = list(server.indices.get_alias(name=f"{prefix}-posts").body)
    rebuild = index.begin_rebuild()
    rebuild.upsert([doc(2)])
    index.switch(rebuild)
    second = list(server.indices.get(index=f"{prefix}-*").body)
    assert len(first) == len(second) == 1
    assert first != second


def test_the_text_of_posts_cannot_be_read_back_from_the_server(
    server: Elasticsearch, prefix: str, index: ElasticsearchIndex
) -> None:
    index.upsert([doc(1)])
    index.refresh()
    [hit] = server.search(index=f"{prefix}-posts")["hits"]["hits"]
    assert "_source" not in hit


def test_a_write_after_the_index_was_lost_makes_no_index_without_mapping(
    server: Elasticsearch,
    prefix: str,
    index: ElasticsearchIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.index.elasticsearch.LOOK_SECONDS", 600)  # it believes in the index
    index.switch(index.begin_rebuild())
    index.upsert([doc(1)])
    for name in server.indices.get(index=f"{prefix}-*").body:
        server.indices.delete(index=name)
    with pytest.raises(IndexUnavailable):
        index.upsert([doc(2)])
    assert list(server.indices.get(index=f"{prefix}-*").body) == []
    assert index.needs_rebuild()

    monkeypatch.setattr("search.index.elasticsearch.LOOK_SECONDS", 0)
    index.upsert([doc(2)])
    index.refresh()
    assert index.count() == 1
    assert index.needs_rebuild()  # post 1 is missing, and that is not forgotten
    index.switch(index.begin_rebuild())
    index.upsert([doc(2)])
    index.refresh()
    assert index.search(Query(), unit_ids=None).ids == [2]


def test_what_an_interrupted_rebuild_left_goes_at_the_next(
    server: Elasticsearch, prefix: str, index: ElasticsearchIndex
) -> None:
    index.upsert([doc(1)])
    index.begin_rebuild().upsert([doc(9)])
    index.abandon(index.begin_rebuild())
    assert len(server.indices.get(index=f"{prefix}-*").body) == 1
    index.refresh()
    assert index.search(Query(), unit_ids=None).ids == [1]


def test_more_posts_than_one_request_takes_are_all_written(index: ElasticsearchIndex) -> None:
    index.upsert(doc(id_) for id_ in range(1_201))
    index.refresh()
    assert index.count() == 1_201
    index.delete(range(601))
    index.refresh()
    assert index.count() == 600


def test_a_server_that_is_not_there_is_said_with_the_remedy() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    index = open_index("elasticsearch", url=f"http://127.0.0.1:{port}", writer=True)
    with pytest.raises(IndexUnavailable):
        index.search(Query(), unit_ids=None)
    with pytest.raises(IndexUnavailable):
        index.upsert([doc(1)])
    health = index.health()
    assert not health.ok
    assert health.remedy is not None
    assert "ELASTICSEARCH_URL" in health.remedy.text()
    index.close()


def test_nothing_of_the_other_engine_is_imported() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from search.index import open_index; "
        "open_index('tantivy', path=Path('/nonexistent')); "
        "print('elasticsearch' in sys.modules, 'tantivy' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False True"


@pytest.mark.parametrize(("kind", "url"), [("solr", URL), ("elasticsearch", ""), ("tantivy", "")])
def test_an_unknown_engine_or_a_missing_place_is_refused(kind: str, url: str) -> None:
    with pytest.raises(ValueError, match="no search index of kind"):
        open_index(kind, url=url)
