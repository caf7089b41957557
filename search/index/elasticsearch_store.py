"""What is sent to Elasticsearch and read from its answers. The only module on its client."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from search.index.base import FacetCount, IndexDocument, IndexUnavailable, Versions
from search.index.columns import KEYWORDS, NUMBERS, TEXTS, columns, ordered_facet
from search.index.plan import AnyOf, Between, Either, Every, Never, Plan, Step, Tokens
from search.query import WINDOW, Sort

BATCH = 500
SEARCHES_END_SECONDS = 0.5
"""How long an index that was replaced stays for the searches that are on their way to it."""
_MOST_BUCKETS = 5_000
_ORDER: Mapping[Sort, list[dict[str, str]]] = {
    Sort.RISK: [{"score": "desc"}, {"id": "desc"}],
    Sort.NEWEST: [{"at": "desc"}, {"id": "desc"}],
    Sort.OLDEST: [{"at": "asc"}, {"id": "asc"}],
    Sort.RELEVANCE: [{"_score": "desc"}, {"id": "desc"}],
}
_ONE_SHARD = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "max_result_window": WINDOW,
    "analysis": {
        "tokenizer": {"normalised": {"type": "whitespace", "max_token_length": 1000}},
        "analyzer": {"normalised": {"type": "custom", "tokenizer": "normalised"}},
    },
}
_Answer = TypeVar("_Answer")


def _asking(call: Callable[[], _Answer]) -> _Answer:
    """Calls the server; its failures become errors of ours."""
    try:
        return call()
    except NotFoundError as error:
        raise IndexUnavailable("there is no search index yet") from error
    except (ApiError, TransportError) as error:
        raise IndexUnavailable(f"Elasticsearch does not answer as it should: {error}") from error


def _mapping(versions: Versions) -> dict[str, Any]:
    """The same columns as the embedded engine; the texts themselves are not stored."""
    properties: dict[str, Any] = {
        name: {"type": "text", "analyzer": "normalised"} for name in TEXTS
    }
    properties |= {name: {"type": "keyword"} for name in KEYWORDS}
    properties |= {name: {"type": "long"} for name in NUMBERS}
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "_meta": {"schema": versions.schema, "normaliser": versions.normaliser},
        "properties": properties,
    }


class Server:
    """One server and the names of one index: an alias, and indices behind and beside it."""

    def __init__(self, url: str, prefix: str) -> None:
        self.alias = f"{prefix}-posts"
        self._client = Elasticsearch(url, request_timeout=15, max_retries=1, http_compress=False)

    def close(self) -> None:
        self._client.close()

    def release(self) -> str:
        """The server's version."""
        return str(_asking(self._client.info)["version"]["number"])

    def create(self, versions: Versions, *, current: bool) -> str:
        """A new empty index under a name of its own; with `current` the alias shows it at once."""
        name = f"{self.alias}-{secrets.token_hex(6)}"
        aliases: dict[str, Any] = {self.alias: {}} if current else {}
        settings, mappings = _ONE_SHARD, _mapping(versions)
        _asking(
            lambda: self._client.indices.create(
                index=name, settings=settings, mappings=mappings, aliases=aliases
            )
        )
        return name

    def versions(self) -> Versions | None:
        """What the index behind the alias was written with, None where there is none."""
        try:
            found = _asking(lambda: self._client.indices.get_mapping(index=self.alias)).body
            meta = next(iter(found.values()))["mappings"]["_meta"]
            return Versions(int(meta["schema"]), int(meta["normaliser"]))
        except IndexUnavailable as error:
            if isinstance(error.__cause__, NotFoundError):
                return None
            raise
        except (KeyError, StopIteration, ValueError):
            return Versions(0, 0)

    def point_to(self, name: str) -> None:
        """Shows this index through the alias in one step, then drops the one before.

        Not in the same step: a search that is on its way to the old index would find its shards gone.
        """
        before = self._shown()
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove": {"index": other, "alias": self.alias}} for other in before]
        _asking(lambda: self._client.indices.update_aliases(actions=actions))
        time.sleep(SEARCHES_END_SECONDS if before else 0)
        for other in before:
            self.remove(other)

    def remove(self, name: str) -> None:
        _asking(lambda: self._client.indices.delete(index=name, ignore_unavailable=True))

    def remove_others(self) -> None:
        """Deletes what interrupted rebuilds left beside the alias."""
        found = _asking(lambda: self._client.indices.get_alias(index=f"{self.alias}-*")).body
        for name, about in found.items():
            if self.alias not in about["aliases"]:
                self.remove(name)

    def refresh(self, name: str) -> None:
        _asking(lambda: self._client.indices.refresh(index=name))

    def count(self, name: str) -> int:
        return int(_asking(lambda: self._client.count(index=name))["count"])

    def upsert(self, name: str, docs: Iterable[IndexDocument]) -> None:
        self._write(
            name,
            ([{"index": {"_id": str(d.id)}}, _body(d)] for d in docs),
        )

    def delete(self, name: str, ids: Iterable[int]) -> None:
        self._write(name, ([{"delete": {"_id": str(id_)}}] for id_ in ids))

    def search(
        self, plan: Plan, offset: int, size: int
    ) -> tuple[list[int], int, dict[str, list[FacetCount]]]:
        """Ids of one page, the number of hits, and the facets."""
        answer = _asking(
            lambda: self._client.search(index=self.alias, **_request(plan, offset, size))
        )
        ids = [int(hit["_id"]) for hit in answer["hits"]["hits"]]
        found = answer.body.get("aggregations", {})
        facets = {
            name: ordered_facet(
                name, ((b["key"], b["doc_count"]) for b in found[name]["values"]["buckets"])
            )
            for name in plan.facets
        }
        return ids, int(answer["hits"]["total"]["value"]), facets

    def _shown(self) -> list[str]:
        try:
            return list(_asking(lambda: self._client.indices.get_alias(name=self.alias)).body)
        except IndexUnavailable as error:
            if isinstance(error.__cause__, NotFoundError):
                return []
            raise

    def _write(self, name: str, actions: Iterator[list[dict[str, Any]]]) -> None:
        """Writes through the alias demand that it exists: or the server would make up an index."""
        while chunk := list(islice(actions, BATCH)):
            lines = [line for action in chunk for line in action]
            answer = _asking(
                lambda lines=lines: self._client.bulk(  # type: ignore[misc]
                    index=name, operations=lines, require_alias=name == self.alias
                )
            )
            if answer["errors"]:
                _raise_first(answer["items"])


def _raise_first(items: list[dict[str, Any]]) -> None:
    """A document that was to go and is not there is no error; everything else is."""
    for item in items:
        for act, result in item.items():
            error = result.get("error")
            if error and not (
                act == "delete" and error.get("type") == "document_missing_exception"
            ):
                raise IndexUnavailable(
                    f"Elasticsearch refused post {result.get('_id')}: {error.get('reason')}",
                    about=str(result.get("_id", "")),
                )


def _body(doc: IndexDocument) -> dict[str, Any]:
    values = columns(doc)
    return {**values.texts, **values.keywords, **values.numbers}


def _request(plan: Plan, offset: int, size: int) -> dict[str, Any]:
    """The facets' own choices narrow after counting, so that each can be left out of its own."""
    return {
        "query": {"bool": {"must": [_lower(plan.words)], "filter": _all(plan.always)}},
        "post_filter": {"bool": {"filter": _all(tuple(plan.chosen.values()))}},
        "aggs": {name: _facet(plan, name) for name in plan.facets},
        "sort": _ORDER[plan.sort],
        "from_": offset,
        "size": size,
        "track_total_hits": True,
        "source": False,
        "preference": "steady-scores",
    }


def _facet(plan: Plan, name: str) -> dict[str, Any]:
    order = [{"_key": "desc"}] if name == "day" else [{"_count": "desc"}, {"_key": "asc"}]
    terms = {"field": plan.facets[name], "size": _MOST_BUCKETS, "order": order}
    return {
        "filter": {"bool": {"filter": _all(plan.others(name))}},
        "aggs": {"values": {"terms": terms}},
    }


def _all(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [_lower(step) for step in steps]


def _lower(step: Step) -> dict[str, Any]:
    if isinstance(step, Tokens):
        return {"match_phrase": {step.column: {"query": " ".join(step.tokens)}}}
    if isinstance(step, AnyOf):
        return {"bool": {"filter": {"terms": {step.column: list(step.values)}}}}
    if isinstance(step, Between):
        ends = {"gte": step.low, "lte": step.high}
        given = {end: value for end, value in ends.items() if value is not None}
        return {"bool": {"filter": {"range": {step.column: given}}}}
    if isinstance(step, Never):
        return {"bool": {"must_not": [_lower(step.step)]}}
    if not step.steps:
        return {"match_all": {"boost": 0}} if isinstance(step, Every) else {"match_none": {}}
    if isinstance(step, Either):
        return {"bool": {"should": _all(step.steps), "minimum_should_match": 1}}
    return {"bool": {"must": _all(step.steps)}}
