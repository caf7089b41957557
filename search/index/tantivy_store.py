"""One folder of the embedded engine: rows in, pages and facets out. The only module on tantivy."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from search.index.base import FacetCount, IndexBusy, IndexDocument, IndexUnavailable
from search.index.columns import KEYWORDS, TEXTS, columns, ordered_facet
from search.index.plan import AnyOf, Between, Either, Every, Never, Plan, Step, Tokens
from search.query import Sort

WRITER_HEAP = 30_000_000
"""Bytes the writer buffers before it writes a segment (the engine's least is 15 MB)."""
_TOKENIZER = "normalised"
_MOST_BUCKETS = 5_000
_MOST_TIES = 40_000
_MUST, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_SHOULD = tantivy.Occur.Should


def _schema() -> tantivy.Schema:
    """Nothing is stored: ids come from a fast column. `by_*` hold a sort key and the id in one.

    `id` is signed: deleting by the term of an unsigned column silently deletes nothing, since the
    library makes a signed term of every Python int.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("version", fast=True)
    builder.add_integer_field("day_number", indexed=True, fast=True)
    for name in ("by_score", "by_time"):
        builder.add_unsigned_field(name, fast=True)
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="position")
    for name in KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def _row(doc: IndexDocument) -> tantivy.Document:
    values, row = columns(doc), tantivy.Document()
    for name in ("id", "version", "day_number"):
        row.add_integer(name, values.numbers[name])
    for name, column in (("by_score", "score"), ("by_time", "at")):
        row.add_unsigned(name, _sort_key(values.numbers[column], doc.id))
    for name, text in values.texts.items():
        row.add_text(name, text)
    for name, keys in values.keywords.items():
        for key in keys:
            row.add_text(name, key)
    return row


def _sort_key(value: int, id_: int) -> int:
    """The engine sorts by one column only, so the id that breaks ties is the key's lower half."""
    return value << 32 | id_ & 0xFFFFFFFF


class Store:
    """An index folder, open for searching; the first write opens the engine's single writer.

    Raises ValueError where the folder cannot be read.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self._index = (
            tantivy.Index(_schema(), path=str(path)) if create else tantivy.Index.open(str(path))
        )
        tokenizer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_TOKENIZER, tokenizer)
        self._index.config_reader("manual")
        self._writer: tantivy.IndexWriter | None = None

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        """Buffers; documents that cannot be written raise and nothing of the batch is kept."""
        writer = self._open_writer()
        try:
            for doc in docs:
                row = _row(doc)
                writer.delete_documents_by_term("id", doc.id)
                writer.add_document(row)
        except BaseException:
            self.rollback()
            raise

    def delete(self, ids: Iterable[int]) -> None:
        """Buffers; unknown ids are no error."""
        writer = self._open_writer()
        for id_ in ids:
            writer.delete_documents_by_term("id", id_)

    def commit(self) -> None:
        """Durable when it returns. Raises IndexUnavailable (a full disk); then nothing was kept."""
        try:
            self._open_writer().commit()
        except ValueError as error:
            self._writer = None
            raise IndexUnavailable(str(error), about=self.path.name) from error

    def rollback(self) -> None:
        """Forgets what is not committed. A writer that died is let go; the next write opens one."""
        if self._writer is not None:
            try:
                self._writer.rollback()
            except ValueError:
                self._writer = None

    def close(self) -> None:
        """Waits for merges and gives up the engine's lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def reload(self) -> None:
        """Lets searches see all commits, those of other processes too."""
        self._index.reload()

    def count(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(
        self, plan: Plan, offset: int, size: int
    ) -> tuple[list[int], int, dict[str, list[FacetCount]]]:
        """Ids of one page, the number of hits, and the facets, all of the same moment."""
        return _Search(self._index.searcher(), self._index.schema, plan).run(offset, size)

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(heap_size=WRITER_HEAP, num_threads=1)
            except ValueError as error:
                raise IndexBusy(str(error), about=self.path.name) from error
        return self._writer


class _Search:
    """One plan on one snapshot."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, plan: Plan) -> None:
        self.searcher = searcher
        self.schema = schema
        self.plan = plan
        self.words = self._lower(plan.words)

    def run(self, offset: int, size: int) -> tuple[list[int], int, dict[str, list[FacetCount]]]:
        query = self._narrowed(tuple(self.plan.chosen.values()))
        if self.plan.sort is Sort.RELEVANCE:
            ids, total = self._by_relevance(query, offset, size)
        else:
            ids, total = self._by_column(query, offset, size)
        return ids, total, self._facets()

    def _by_column(self, query: tantivy.Query, offset: int, size: int) -> tuple[list[int], int]:
        found = self.searcher.search(
            query,
            limit=size,
            offset=offset,
            order_by_field="by_score" if self.plan.sort is Sort.RISK else "by_time",
            order=tantivy.Order.Asc if self.plan.sort is Sort.OLDEST else tantivy.Order.Desc,
        )
        return self._ids(found.hits), _total(found)

    def _by_relevance(self, query: tantivy.Query, offset: int, size: int) -> tuple[list[int], int]:
        """The engine breaks ties by where a post lies, which merges change; ids do not.

        So everything that ties with the end of the page is fetched before it is cut, up to
        _MOST_TIES posts; beyond that ties are steady only until the next merge.
        """
        limit = offset + size + 1
        while True:
            found = self.searcher.search(query, limit=limit)
            hits, total = found.hits, _total(found)
            whole = len(hits) < limit or len(hits) <= offset + size
            if whole or hits[offset + size - 1][0] != hits[-1][0] or limit >= _MOST_TIES:
                break
            limit = min(limit * 4, _MOST_TIES)
        scored = zip((score for score, _ in hits), self._ids(hits), strict=True)
        ranked = sorted(scored, key=lambda hit: (-hit[0], -hit[1]))
        return [id_ for _, id_ in ranked[offset : offset + size]], total

    def _ids(self, hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[int]:
        values = self.searcher.fast_field_values("id", [address for _, address in hits])
        return [int(value) for value in values if value is not None]

    def _facets(self) -> dict[str, list[FacetCount]]:
        """Facets without a choice of their own share one pass; each of the others needs its own."""
        shared = [name for name in self.plan.facets if name not in self.plan.chosen]
        found = self._count(shared, tuple(self.plan.chosen.values()))
        for name in self.plan.facets:
            if name in self.plan.chosen:
                found |= self._count([name], self.plan.others(name))
        return {name: found[name] for name in self.plan.facets}

    def _count(self, names: list[str], steps: tuple[Step, ...]) -> dict[str, list[FacetCount]]:
        if not names:
            return {}
        asked = {
            name: {
                "terms": {
                    "field": self.plan.facets[name],
                    "size": _MOST_BUCKETS,
                    "segment_size": _MOST_BUCKETS,
                }
            }
            for name in names
        }
        answer = self.searcher.aggregate(self._narrowed(steps), asked)
        return {
            name: ordered_facet(
                name, ((str(b["key"]), int(b["doc_count"])) for b in answer[name]["buckets"])
            )
            for name in names
        }

    def _narrowed(self, steps: tuple[Step, ...]) -> tantivy.Query:
        """The words, which give the score, and everything that only narrows."""
        narrow = [self._lower(step) for step in (*self.plan.always, *steps)]
        if not narrow:
            return self.words
        both = tantivy.Query.boolean_query([(_MUST, query) for query in narrow])
        return tantivy.Query.boolean_query(
            [(_MUST, self.words), (_MUST, tantivy.Query.const_score_query(both, 0.0))]
        )

    def _lower(self, step: Step) -> tantivy.Query:
        if isinstance(step, Tokens):
            return self._tokens(step)
        if isinstance(step, AnyOf):
            return tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self.schema, step.column, list(step.values)), 0.0
            )
        if isinstance(step, Between):
            kind = tantivy.FieldType.Integer
            between = tantivy.Query.range_query(self.schema, step.column, kind, step.low, step.high)
            return tantivy.Query.const_score_query(between, 0.0)
        if isinstance(step, Never):
            return tantivy.Query.boolean_query(
                [(_MUST, _everything()), (_MUST_NOT, self._lower(step.step))]
            )
        if not step.steps:
            return _everything() if isinstance(step, Every) else tantivy.Query.empty_query()
        occur = _SHOULD if isinstance(step, Either) else _MUST
        return tantivy.Query.boolean_query([(occur, self._lower(child)) for child in step.steps])

    def _tokens(self, step: Tokens) -> tantivy.Query:
        """The engine panics on a phrase of one word, so that one is a term."""
        if len(step.tokens) == 1:
            return tantivy.Query.term_query(self.schema, step.column, step.tokens[0])
        return tantivy.Query.phrase_query(self.schema, step.column, list(step.tokens))


def _total(found: Any) -> int:
    """How many there are in all; the library's type description leaves `count` out."""
    return int(found.count)


def _everything() -> tantivy.Query:
    return tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)
