"""The search index against the bare library, in the same run, on made-up posts.

    python -m benchmarks.search [--posts 100000] [--elasticsearch http://127.0.0.1:9200]

Bare means tantivy with the same schema and the same rows, ready-made, and the queries written for
it by hand: what our Protocol, plan, id look-up and facet order cost on top. Milliseconds are p50 / p95.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tantivy

from search.index import IndexDocument, SearchIndex, open_index
from search.index.tantivy_store import _row, _schema
from search.query import FACETS, Query, Sort, parse
from search.query_fields import fold

ONSETS = "b c ch d đ g h kh l m n ng nh ph qu r s t th tr v x".split()  # noqa: SIM905 - a list of syllables reads better so
RHYMES = "a á à ạ an án ang anh ao ăn âm ê ên iệc ình ôi ông ơn ương ưa ủa uyển ậu ẹ".split()  # noqa: SIM905 - a list of syllables reads better so
SYLLABLES = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
BATCH = 500


def made_up(posts: int) -> list[IndexDocument]:
    """Posts of 20 to 90 syllables, frequent and rare ones as in a language."""
    chance = random.Random(7)  # noqa: S311 - the same posts in every run
    weights = [1 / (rank + 3) for rank in range(len(SYLLABLES))]
    return [_post(id_, chance, weights) for id_ in range(posts)]


def _post(id_: int, chance: random.Random, weights: list[float]) -> IndexDocument:
    kept = " ".join(chance.choices(SYLLABLES, weights, k=chance.randint(20, 90)))
    source = chance.randrange(30)
    return IndexDocument(
        id=id_,
        kept=kept,
        folded=fold(kept),
        source_id=source,
        source=f"Trang mẫu {source}",
        platform=chance.choice(("facebook", "zalo", "telegram", "forum")),
        level=chance.choice(("low", "medium", "high", "critical")),
        score=chance.randrange(100),
        kind="lure",
        state=chance.choice(("new", "kept", "dismissed")),
        groups=tuple(chance.sample(("offer", "wage", "deposit", "travel", "minor"), 2)),
        author=f"Người {chance.randrange(500)}",
        contacts=(f"0900000{chance.randrange(1000):03}",),
        urgent=chance.random() < 0.02,
        unit_id=chance.randrange(3),
        case_id=None,
        posted_at=NOW - timedelta(minutes=chance.randrange(90 * 1440)),
        seen_at=NOW,
        version=1,
    )


def batches(docs: list[IndexDocument]) -> Iterator[list[IndexDocument]]:
    for start in range(0, len(docs), BATCH):
        yield docs[start : start + BATCH]


def timed(calls: list[Callable[[], object]]) -> str:
    """p50 / p95 in milliseconds, after one round to warm up."""
    for call in calls:
        call()
    took = []
    for call in calls * 3:
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(took):7.2f} / {statistics.quantiles(took, n=20)[18]:7.2f}"


def pairs(docs: list[IndexDocument], count: int = 50) -> list[tuple[str, str]]:
    """Two neighbouring syllables of some posts: what people search for."""
    chance = random.Random(3)  # noqa: S311 - the same searches in every run
    texts = [chance.choice(docs).kept.split() for _ in range(count)]
    return [(words[at], words[at + 1]) for words in texts for at in [chance.randrange(15)]]


def filled(index: SearchIndex, docs: list[IndexDocument], name: str) -> None:
    started = time.perf_counter()
    rebuild = index.begin_rebuild()
    for batch in batches(docs):
        rebuild.upsert(batch)
    index.switch(rebuild)
    index.refresh()
    rate = len(docs) / (time.perf_counter() - started)
    started = time.perf_counter()
    for batch in batches(docs[: BATCH * 10]):
        index.upsert(batch)
    again = min(len(docs), BATCH * 10) / (time.perf_counter() - started)
    print(f"{name:24} rebuild {rate:9,.0f} posts/s   upsert by {BATCH} {again:9,.0f} posts/s")


def ours(index: SearchIndex, asked: list[tuple[str, str]], name: str) -> None:
    index.refresh()
    kinds: dict[str, Callable[[str, str], Query]] = {
        "2 words, by risk": lambda a, b: parse(f"{a} {b}"),
        "2 words, relevance": lambda a, b: replace(parse(f"{a} {b}"), sort=Sort.RELEVANCE),
        "phrase, by risk": lambda a, b: parse(f'"{a} {b}"'),
        "2 words, 7 facets": lambda a, b: replace(parse(f"{a} {b}"), facets=FACETS),
        "7 facets of all": lambda _a, _b: Query(facets=FACETS),
        "word+filters, 7 facets": lambda a, _b: replace(
            parse(f"{a} nền:zalo risk:cao từ:01/11/2026"), facets=FACETS
        ),
        "page 400, newest": lambda a, _b: replace(parse(a), sort=Sort.NEWEST, page=400),
    }
    for kind, make in kinds.items():
        queries = [make(a, b) for a, b in asked]
        took = timed([lambda q=q: index.search(q, unit_ids=None) for q in queries])  # type: ignore[misc]
        print(f"{name:24} {kind:24} {took}")


def bare(docs: list[IndexDocument], asked: list[tuple[str, str]], folder: Path) -> None:
    schema = _schema()
    library = tantivy.Index(schema, path=str(folder))
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    library.register_tokenizer("normalised", analyser)
    rows = [_row(doc) for doc in docs]
    writer = library.writer(heap_size=30_000_000, num_threads=1)
    started = time.perf_counter()
    for row in rows:
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    print(
        f"{'tantivy, bare':24} add     {len(rows) / (time.perf_counter() - started):9,.0f} posts/s"
    )
    library.reload()
    searcher, query = library.searcher(), tantivy.Query

    def both(a: str, b: str) -> tantivy.Query:
        terms = [query.term_query(schema, "kept", word) for word in (a, b)]
        return query.boolean_query([(tantivy.Occur.Must, term) for term in terms])

    buckets = {
        name: {"terms": {"field": name, "size": 5000}} for name in FACETS if name != "source"
    }
    kinds: dict[str, Callable[[str, str], object]] = {
        "2 words, by risk": lambda a, b: searcher.search(
            both(a, b), limit=20, order_by_field="by_score"
        ),
        "2 words, relevance": lambda a, b: searcher.search(both(a, b), limit=20),
        "phrase, by risk": lambda a, b: searcher.search(
            query.phrase_query(schema, "kept", [a, b]), limit=20, order_by_field="by_score"
        ),
        "6 facets of all": lambda _a, _b: searcher.aggregate(query.all_query(), buckets),
    }
    for kind, call in kinds.items():
        took = timed([lambda a=a, b=b, call=call: call(a, b) for a, b in asked])  # type: ignore[misc]
        print(f"{'tantivy, bare':24} {kind:24} {took}")


def size_of(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--posts", type=int, default=100_000)
    arguments.add_argument("--elasticsearch", default="")
    given = arguments.parse_args()
    docs = made_up(given.posts)
    asked = pairs(docs)
    place = Path(tempfile.mkdtemp(prefix="rasoat-bench-"))
    (place / "bare").mkdir()
    try:
        bare(docs, asked, place / "bare")
        index = open_index("tantivy", path=place / "ours", writer=True)
        filled(index, docs, "SearchIndex, tantivy")
        ours(index, asked, "SearchIndex, tantivy")
        print(f"{'SearchIndex, tantivy':24} {size_of(place / 'ours'):.0f} MB on disk")
        index.close()
        if given.elasticsearch:
            with_server(given.elasticsearch, docs, asked)
    finally:
        shutil.rmtree(place)


def with_server(url: str, docs: list[IndexDocument], asked: list[tuple[str, str]]) -> None:
    index = open_index("elasticsearch", url=url, prefix="rasoat-benchmark", writer=True)
    try:
        filled(index, docs, "SearchIndex, Elastic")
        ours(index, asked, "SearchIndex, Elastic")
        rebuild = index.begin_rebuild()
        index.switch(rebuild)
        index.abandon(rebuild)  # drops what the benchmark made
    finally:
        index.close()


if __name__ == "__main__":
    main()
