"""What every search engine must do, run on both for real, and compared with a naive reading."""

import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.index import (
    IndexBusy,
    IndexDocument,
    IndexOutdated,
    IndexUnavailable,
    PageTooDeep,
    SearchIndex,
    Versions,
    open_index,
)
from search.index.columns import columns
from search.query import (
    FACETS,
    And,
    FieldTerm,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Sort,
    Word,
    parse,
)
from search.query_fields import value_key
from search.text import normalise

ELASTICSEARCH = os.environ.get("ELASTICSEARCH_URL", "http://127.0.0.1:9200")
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@dataclass
class Engine:
    """One engine at one place; every index opened here is closed at the end of the test."""

    kind: str
    place: Path
    prefix: str = field(default_factory=lambda: f"test-{secrets.token_hex(5)}")
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self, *, writer: bool = False, expected: Versions | None = None) -> SearchIndex:
        index = open_index(
            self.kind,
            path=self.place,
            url=ELASTICSEARCH,
            prefix=self.prefix,
            writer=writer,
            expected=expected,
        )
        self.opened.callback(index.close)
        return index


def _elasticsearch_answers() -> bool:
    try:
        urllib.request.urlopen(ELASTICSEARCH, timeout=3).close()  # noqa: S310 - http on this machine
    except (urllib.error.URLError, OSError):
        return False
    return True


def _delete_indices(prefix: str) -> None:
    from elasticsearch import Elasticsearch

    with Elasticsearch(ELASTICSEARCH) as client:
        for name in client.indices.get(index=f"{prefix}-*").body:
            client.indices.delete(index=name)


KINDS = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.net)]


@pytest.fixture(params=KINDS)
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    made = Engine(request.param, tmp_path / "index")
    if made.kind == "elasticsearch" and not _elasticsearch_answers():
        pytest.skip(f"no Elasticsearch at {ELASTICSEARCH} (set ELASTICSEARCH_URL)")
    if made.kind == "elasticsearch":  # here no search is on its way while an index is replaced
        monkeypatch.setattr("search.index.elasticsearch_store.SEARCHES_END_SECONDS", 0)
    with made.opened:
        yield made
    if made.kind == "elasticsearch":
        _delete_indices(made.prefix)


@pytest.fixture
def index(engine: Engine) -> SearchIndex:
    return engine.open(writer=True)


def doc(id_: int, text: str = "", **changes: object) -> IndexDocument:
    """A document with this text and otherwise dull properties."""
    normal = normalise(text)
    dull = IndexDocument(
        id=id_,
        kept=normal.kept,
        folded=normal.folded,
        source_id=1,
        source="Trang mẫu",
        platform="forum",
        level="low",
        score=10,
        kind="lure",
        state="new",
        groups=(),
        author="",
        contacts=(),
        urgent=False,
        unit_id=None,
        case_id=None,
        posted_at=NOON,
        seen_at=NOON,
        version=1,
    )
    return replace(dull, **changes)  # type: ignore[arg-type]


def found(index: SearchIndex, text: str) -> set[int]:
    return set(index.search(parse(text), unit_ids=None).ids)


def rebuilt(index: SearchIndex, *docs: IndexDocument) -> SearchIndex:
    """What the indexer does before anything else with an index that it has just made."""
    rebuild = index.begin_rebuild()
    rebuild.upsert(docs)
    index.switch(rebuild)
    index.refresh()
    return index


def fill(index: SearchIndex, *docs: IndexDocument) -> SearchIndex:
    index.upsert(docs)
    index.refresh()
    return index


# Words


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("bán", {1, 3}),  # itself and the bare form, not another marking
        ("bản", {2, 3}),
        ("ban", {1, 2, 3}),  # bare finds every marking
        ("thận", {1, 3}),
        ('"bán thận"', {1, 3}),
        ('"bản thân"', {2, 3}),
        ('"ban than"', {1, 2, 3}),
        ('"thận bán"', set()),
        ("thận bán", {1, 3}),
        ("bán -bản", {1}),
        ("-thận", {2, 4}),
        ("thận OR đêm", {1, 3, 4}),
        ("(thận OR đêm) -bán", {4}),
        ("bán bản", {3}),
        ("không_có_chữ_này", set()),
        ("", {1, 2, 3, 4}),
    ],
)
def test_it_finds_marked_words_as_written_or_bare_and_bare_words_in_any_marking(
    index: SearchIndex, query: str, ids: set[int]
) -> None:
    fill(index, doc(1, "Bán thận"), doc(2, "bản thân"), doc(3, "ban than"), doc(4, "đêm nay"))
    assert found(index, query) == ids


def test_it_finds_evasive_spelling_in_the_post_and_in_the_search(index: SearchIndex) -> None:
    fill(index, doc(1, "V.i.ệ.c n.h.ẹ lương cao"), doc(2, "lương thấp"))
    assert found(index, "việc nhẹ") == {1}
    assert found(index, "v i ệ c") == {1}


def test_it_keeps_words_apart_that_no_person_wrote(index: SearchIndex) -> None:
    fill(index, doc(1, "x" * 3_000 + " đuôi"), doc(2, ""), doc(3, "y " * 5_000))
    assert found(index, "đuôi") == {1}
    assert found(index, "x" * 3_000) == {1}
    assert found(index, "y") == {3}


# Writing


def test_it_replaces_a_document_with_the_same_id(index: SearchIndex) -> None:
    fill(index, doc(1, "tuyển người"), doc(2, "tin khác"))
    fill(index, doc(1, "đã sửa bài"))
    assert index.count() == 2
    assert found(index, "tuyển") == set()
    assert found(index, "sửa") == {1}


def test_it_takes_the_last_of_two_versions_in_one_batch(index: SearchIndex) -> None:
    fill(index, doc(1, "trước"), doc(1, "sau", version=2))
    assert (index.count(), found(index, "trước"), found(index, "sau")) == (1, set(), {1})


def test_it_deletes_and_does_not_mind_ids_that_are_not_there(index: SearchIndex) -> None:
    fill(index, doc(1, "một"), doc(2, "hai"))
    index.delete([2, 99])
    index.refresh()
    assert (index.count(), found(index, "")) == (1, {1})


def test_it_does_nothing_for_nothing(index: SearchIndex) -> None:
    index.upsert([])
    index.delete([])
    index.refresh()
    assert index.count() == 0
    hits = index.search(Query(facets=FACETS), unit_ids=None)
    assert (hits.ids, hits.total) == ([], 0)
    assert hits.facets == {name: [] for name in FACETS}


def test_a_document_that_cannot_be_written_is_refused_and_writing_goes_on(
    index: SearchIndex,
) -> None:
    class Broken(Exception):
        pass

    def batch() -> Iterator[IndexDocument]:
        yield doc(1, "trước lỗi")
        raise Broken

    with pytest.raises(Broken):
        index.upsert(batch())
    fill(index, doc(2, "sau lỗi"))
    assert found(index, "") == {2}


def test_only_a_writer_writes(engine: Engine, index: SearchIndex) -> None:
    fill(index, doc(1))
    reader = engine.open()
    acts: list[Callable[[], object]] = [
        lambda: reader.upsert([doc(2)]),
        lambda: reader.delete([1]),
        reader.begin_rebuild,
    ]
    for act in acts:
        with pytest.raises(IndexBusy):
            act()
    assert found(reader, "") == {1}


def test_a_reader_sees_what_a_writer_wrote(engine: Engine, index: SearchIndex) -> None:
    fill(index, doc(1, "một"))
    reader = engine.open()
    assert found(reader, "một") == {1}
    index.upsert([doc(2, "hai")])
    index.refresh()
    reader.refresh()
    assert found(reader, "hai") == {2}


# Fields, units, days


def test_it_narrows_by_every_field_of_the_language(index: SearchIndex) -> None:
    special = doc(
        1,
        source_id=7,
        source="Diễn đàn Bến Đò",
        platform="facebook",
        level="high",
        state="in_case",
        kind="help",
        groups=("offer", "deposit"),
        author="Nguyễn Thị Mẫu",
        contacts=("phone:0900000123", "telegram:@lamviec_mau"),
        urgent=True,
        case_id=42,
    )
    fill(index, special, doc(2, "a"), doc(3, "a", author="", source="Khác", source_id=9))
    for query in (
        'nguồn:"Diễn đàn Bến Đò"', 'source:"dien dan ben do"', "source:7", "nền:Facebook",
        "risk:cao", "level:high", "state:in_case", 'trạng_thái:"trong vụ việc"', "loại:help",
        "nhóm:deposit", "group:offer nhóm:không_có", 'tác_giả:"nguyen thi mau"',
        "contact:0900000123", 'liên_hệ:"+84 900 000 123"', "contact:@lamviec_mau",
        "contact:lamviec_mau", "khẩn:có", "case:42", "vụ:có", "-case:none", "day:20/11/2026 risk:high",
    ):  # fmt: skip
        assert found(index, query) == {1}, query
    assert found(index, "case:none") == {2, 3}
    assert found(index, "-nền:facebook") == {2, 3}
    assert found(index, "khẩn:không nguồn:khác") == {3}
    assert found(index, "nguồn:khác OR risk:cao") == {1, 3}
    assert found(index, "nguồn:khác OR nguồn:7") == {1, 3}
    assert found(index, "nguồn:chưa_từng_có") == set()


def test_it_shows_only_posts_of_the_units_asked_for(index: SearchIndex) -> None:
    fill(index, doc(1, unit_id=1), doc(2, unit_id=2), doc(3, unit_id=None))

    def seen(units: frozenset[int | None] | None) -> tuple[set[int], int, int]:
        hits = index.search(Query(facets=("platform",)), unit_ids=units)
        return set(hits.ids), hits.total, sum(one.count for one in hits.facets["platform"])

    assert seen(None) == ({1, 2, 3}, 3, 3)
    assert seen(frozenset({1})) == ({1}, 1, 1)
    assert seen(frozenset({1, 2})) == ({1, 2}, 2, 2)
    assert seen(frozenset({2, None})) == ({2, 3}, 2, 2)
    assert seen(frozenset()) == (set(), 0, 0)


def test_units_hold_against_or_and_not(index: SearchIndex) -> None:
    fill(index, doc(1, "một", unit_id=1), doc(2, "hai", unit_id=2))
    for text in ("một OR hai", "-ba", "-unit:1 OR hai", ""):
        hits = index.search(parse(text), unit_ids=frozenset({1}))
        assert 2 not in hits.ids, text


def test_days_are_days_of_the_office(index: SearchIndex) -> None:
    before_midnight = datetime(2026, 11, 1, 16, 59, 59, tzinfo=UTC)
    fill(
        index,
        doc(1, posted_at=before_midnight),
        doc(2, posted_at=before_midnight + timedelta(seconds=1)),
        doc(3, posted_at=None, seen_at=datetime(2026, 11, 3, tzinfo=UTC)),
        doc(4, posted_at=datetime(1, 1, 1, tzinfo=UTC), seen_at=datetime(2026, 11, 4, tzinfo=UTC)),
        doc(5, posted_at=datetime.max.replace(tzinfo=UTC), seen_at=NOON),
    )
    assert found(index, "từ:01/11/2026 đến:01/11/2026") == {1}
    assert found(index, "từ:02/11/2026 đến:03/11/2026") == {2, 3}
    assert found(index, "đến:04/11/2026") == {1, 2, 3, 4}
    assert found(index, "từ:05/11/2026") == {5}
    assert found(index, "ngày:02/11/2026") == {2}
    days = index.search(Query(facets=("day",)), unit_ids=None).facets["day"]
    assert [one.value for one in days] == [
        "2026-11-20", "2026-11-04", "2026-11-03", "2026-11-02", "2026-11-01",
    ]  # fmt: skip


# Facets


def test_a_facet_ignores_its_own_choice_and_obeys_the_others(index: SearchIndex) -> None:
    fill(
        index,
        doc(1, platform="facebook", level="high", groups=("offer", "wage")),
        doc(2, platform="facebook", level="low", groups=("offer",)),
        doc(3, platform="zalo", level="high"),
    )
    query = Query(
        filters={"platform": ("facebook",), "level": ("high",)},
        facets=("platform", "level", "group"),
    )
    hits = index.search(query, unit_ids=None)
    counts = {name: [(f.value, f.count) for f in hits.facets[name]] for name in hits.facets}
    assert (hits.ids, hits.total) == ([1], 1)
    assert counts == {
        "platform": [("facebook", 1), ("zalo", 1)],
        "level": [("high", 1), ("low", 1)],
        "group": [("offer", 1), ("wage", 1)],
    }


def test_a_facet_has_more_than_ten_values_in_a_settled_order(index: SearchIndex) -> None:
    docs = [doc(i, source=f"Trang số {i % 40:02}", source_id=i % 40) for i in range(1, 101)]
    fill(index, *docs)
    values = index.search(Query(facets=("source",)), unit_ids=None).facets["source"]
    assert len(values) == 40
    assert [one.count for one in values] == [3] * 20 + [2] * 20
    assert values[0].value == "Trang số 01"
    assert values == sorted(values, key=lambda one: (-one.count, one.value))


# Order and paging


def test_it_sorts_by_risk_and_time_with_the_id_last(index: SearchIndex) -> None:
    fill(
        index,
        doc(1, score=50, posted_at=NOON),
        doc(2, score=90, posted_at=NOON),
        doc(3, score=50, posted_at=NOON - timedelta(days=2)),
        doc(4, score=-5, posted_at=NOON + timedelta(seconds=1)),
    )

    def order(sort: Sort) -> list[int]:
        return index.search(Query(sort=sort), unit_ids=None).ids

    assert order(Sort.RISK) == [2, 3, 1, 4]
    assert order(Sort.NEWEST) == [4, 2, 1, 3]
    assert order(Sort.OLDEST) == [3, 1, 2, 4]
    assert order(Sort.RELEVANCE) == [2, 3, 1, 4]  # nothing to be relevant to: as by risk


def test_relevance_puts_the_post_first_that_is_about_the_word(index: SearchIndex) -> None:
    fill(index, doc(1, "visa " + "chuyện khác " * 30), doc(2, "visa visa visa"), doc(3, "không"))
    hits = index.search(replace(parse("visa"), sort=Sort.RELEVANCE), unit_ids=None)
    assert hits.ids == [2, 1]


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_shows_every_post_once_even_where_all_are_alike(
    index: SearchIndex, sort: Sort
) -> None:
    ids = list(range(1, 121))
    for start in range(0, 120, 20):  # several commits, so that the engine has several segments
        index.upsert([doc(id_, "việc nhẹ") for id_ in ids[start : start + 20]])
    index.refresh()
    shown: list[int] = []
    for page in range(1, 19):
        query = replace(parse("việc"), sort=sort, page=page, size=7)
        hits = index.search(query, unit_ids=None)
        assert hits.total == 120
        shown += hits.ids
    assert shown == (ids if sort is Sort.OLDEST else ids[::-1])


def test_it_pages_to_the_window_and_says_so_beyond(index: SearchIndex) -> None:
    fill(index, doc(1))
    assert index.search(Query(page=20, size=500), unit_ids=None).ids == []
    with pytest.raises(PageTooDeep) as error:
        index.search(Query(page=21, size=500), unit_ids=None)
    assert error.value.detail == {"window": 10_000}


# Versions and rebuilding


def test_searching_goes_on_while_the_index_is_rebuilt(engine: Engine, index: SearchIndex) -> None:
    fill(index, doc(1, "cũ"), doc(2, "cũ"))
    reader = engine.open()
    rebuild = index.begin_rebuild()
    rebuild.upsert([doc(1, "mới"), doc(3, "mới"), doc(4, "mới")])
    rebuild.commit()
    rebuild.delete([4])
    rebuild.upsert([doc(3, "mới hơn")])
    index.upsert([doc(5, "cũ")])  # the live index goes on taking what happens
    index.refresh()
    reader.refresh()
    assert found(reader, "") == {1, 2, 5}

    index.switch(rebuild)
    reader.refresh()
    assert found(reader, "") == found(index, "") == {1, 3}
    assert found(reader, "mới") == {1, 3}
    fill(index, doc(6, "tiếp"))
    reader.refresh()
    assert found(reader, "tiếp") == {6}


def test_a_rebuild_counts_what_it_committed(index: SearchIndex) -> None:
    rebuild = index.begin_rebuild()
    rebuild.upsert([doc(1), doc(2), doc(2)])
    rebuild.commit()
    assert rebuild.count() == 2
    index.abandon(rebuild)


def test_an_abandoned_rebuild_changes_nothing_and_leaves_nothing(
    engine: Engine, index: SearchIndex
) -> None:
    fill(index, doc(1, "cũ"))
    rebuild = index.begin_rebuild()
    rebuild.upsert([doc(2, "mới")])
    index.abandon(rebuild)
    index.refresh()
    assert found(index, "") == {1}
    again = index.begin_rebuild()
    index.switch(again)
    index.refresh()
    assert index.count() == 0


@pytest.mark.parametrize("changed", [Versions(normaliser=99), Versions(schema=99)])
def test_another_version_asks_for_a_rebuild_and_a_rebuild_settles_it(
    engine: Engine, changed: Versions
) -> None:
    old = rebuilt(engine.open(writer=True), doc(1, "một"))
    assert old.versions == Versions()
    assert not old.needs_rebuild()
    old.close()

    new = engine.open(writer=True, expected=changed)
    assert new.needs_rebuild()
    rebuild = new.begin_rebuild()
    rebuild.upsert([doc(2, "hai")])
    new.switch(rebuild)
    new.refresh()
    assert (new.versions, new.needs_rebuild(), found(new, "")) == (changed, False, {2})


def test_a_first_index_is_whole(engine: Engine) -> None:
    index = fill(engine.open(writer=True), doc(1, "một"))
    assert not index.needs_rebuild()
    assert index.health().ok


def test_an_empty_index_in_place_of_a_lost_one_asks_for_a_rebuild(engine: Engine) -> None:
    index = fill(engine.open(writer=True), doc(1, "một"))
    assert found(index, "một") == {1}
    if engine.kind == "tantivy":
        index.close()
        (engine.place / "CURRENT").unlink()
        index = engine.open(writer=True)
    else:
        _delete_indices(engine.prefix)
    with suppress(IndexUnavailable):  # a server's index is believed in for a second
        index.upsert([doc(2, "hai")])
    assert index.needs_rebuild()
    health = index.health()
    assert not health.ok
    assert "rasoat index rebuild" in str(health.remedy)
    assert not rebuilt(index, doc(1, "một")).needs_rebuild()


def test_an_index_with_other_columns_is_not_read_wrongly(engine: Engine) -> None:
    old = engine.open(writer=True)
    fill(old, doc(1, "một"))
    old.close()
    new = engine.open(writer=True, expected=Versions(schema=99))
    with pytest.raises(IndexOutdated):
        new.search(Query(), unit_ids=None)
    with pytest.raises(IndexOutdated):
        new.upsert([doc(2)])
    assert not new.health().ok


def test_a_reader_that_came_first_says_so_and_recovers(engine: Engine) -> None:
    reader = engine.open()
    assert (reader.versions, reader.needs_rebuild()) == (None, True)
    with pytest.raises(IndexUnavailable):
        reader.search(Query(), unit_ids=None)
    health = reader.health()
    assert not health.ok
    assert health.remedy is not None
    assert "rasoat index rebuild" in health.remedy.text()

    rebuilt(engine.open(writer=True), doc(1, "một"))
    assert found(reader, "một") == {1}
    assert reader.health().ok
    assert "1 posts" in reader.health().detail.text()


# Against a naive reading of the same query

SYLLABLES = ("việc", "viec", "nhẹ", "nhe", "bán", "bản", "ban", "thận", "cao", "đêm", "dem")
WORDS = st.sampled_from(SYLLABLES)
WORD_NODES = WORDS.map(lambda text: Word(text, normalise(text).folded))
PHRASES = st.lists(WORD_NODES, min_size=2, max_size=3).map(lambda ws: Phrase(tuple(ws)))
VALUES = {
    "source": ("Trang A", "Bến Đò", "trang a", "1", "9"),
    "platform": ("facebook", "zalo"),
    "level": ("high", "low", "cao"),
    "group": ("offer", "wage", "deposit"),
    "urgent": ("yes", "không"),
    "case": ("none", "any", "3", "4"),
    "author": ("mẫu một", "Mau Hai"),
    "contact": ("0900000111", "+84900000222"),
    "day": ("2026-11-01", "2026-11-02"),
}


@st.composite
def filters(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=2, unique=True))
    return {
        name: tuple(draw(st.lists(st.sampled_from(VALUES[name]), max_size=2))) for name in names
    }


FIELDS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.sampled_from(VALUES[name]).map(lambda value: FieldTerm(name, (value,)))
)
NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(WORD_NODES, WORD_NODES, PHRASES, FIELDS),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda nodes: And(tuple(nodes))),
        st.lists(inner, min_size=1, max_size=3).map(lambda nodes: Or(tuple(nodes))),
    ),
    max_leaves=5,
)
DAYS = st.one_of(st.none(), st.dates(date(2026, 10, 31), date(2026, 11, 4)))
QUERIES = st.builds(
    Query,
    text=NODES,
    filters=filters(),
    since=DAYS,
    until=DAYS,
    sort=st.sampled_from(Sort),
    page=st.integers(1, 3),
    size=st.integers(1, 6),
    facets=st.lists(st.sampled_from(FACETS), unique=True, max_size=4).map(tuple),
)
UNITS = st.one_of(st.none(), st.frozensets(st.sampled_from([1, 2, None]), max_size=2))
MOMENTS = st.integers(0, 4 * 86_400).map(lambda s: NOON - timedelta(days=20, seconds=-s))


@st.composite
def documents(draw: st.DrawFn) -> list[IndexDocument]:
    return [
        doc(
            id_,
            " ".join(draw(st.lists(WORDS, max_size=6))),
            source=draw(st.sampled_from(("Trang A", "Bến Đò"))),
            source_id=draw(st.integers(1, 2)),
            platform=draw(st.sampled_from(("facebook", "zalo"))),
            level=draw(st.sampled_from(("high", "low"))),
            score=draw(st.integers(-1, 2)),
            groups=draw(st.sets(st.sampled_from(VALUES["group"])).map(tuple)),
            author=draw(st.sampled_from(("", "Mẫu Một", "Mẫu Hai"))),
            contacts=draw(st.sampled_from(((), ("phone:0900000111",), ("0900 000 222",)))),
            urgent=draw(st.booleans()),
            unit_id=draw(st.sampled_from((None, 1, 2))),
            case_id=draw(st.sampled_from((None, 3))),
            posted_at=draw(st.one_of(st.none(), MOMENTS)),
            seen_at=draw(MOMENTS),
        )
        for id_ in draw(st.lists(st.integers(1, 40), unique=True, max_size=14))
    ]


def says(node: Node, one: IndexDocument) -> bool:
    """Decision 13 read naively: token by token, field by field."""
    if isinstance(node, Word):
        return says(Phrase((node,)), one)
    if isinstance(node, Phrase):
        kept, folded = one.kept.split(), one.folded.split()
        exact = [word.kept for word in node.words]
        bare = [word.folded for word in node.words]
        places = range(len(kept) - len(bare) + 1)
        if exact == bare:
            return any(folded[at : at + len(bare)] == bare for at in places)
        return any(kept[at : at + len(bare)] in (exact, bare) for at in places)
    if isinstance(node, FieldTerm):
        return has(one, node.name, node.values)
    if isinstance(node, Not):
        return not says(node.node, one)
    if isinstance(node, And):
        return all(says(child, one) for child in node.nodes)
    return any(says(child, one) for child in node.nodes)


def has(one: IndexDocument, name: str, values: tuple[str, ...]) -> bool:
    own = columns(one).keywords.get(name, ())
    return any(value_key(name, value) in own for value in values)


def moment(one: IndexDocument) -> datetime:
    return one.posted_at or one.seen_at


def passes(one: IndexDocument, query: Query, without: str = "") -> bool:
    day = (moment(one) + timedelta(hours=7)).date()
    return (
        says(query.text, one)
        and (query.since is None or query.since <= day)
        and (query.until is None or day <= query.until)
        and all(
            has(one, name, values)
            for name, values in query.filters.items()
            if values and name != without
        )
    )


def facet_values(one: IndexDocument, name: str) -> tuple[str, ...]:
    if name == "group":
        return one.groups
    if name == "day":
        return ((moment(one) + timedelta(hours=7)).date().isoformat(),)
    return (str(getattr(one, name)),)


ORDERS: dict[Sort, Callable[[IndexDocument], tuple[float, ...]]] = {
    Sort.RISK: lambda one: (-max(one.score, 0), -one.id),
    Sort.NEWEST: lambda one: (-int(moment(one).timestamp()), -one.id),
    Sort.OLDEST: lambda one: (int(moment(one).timestamp()), one.id),
}


def compare(index: SearchIndex, docs: list[IndexDocument], query: Query, units: object) -> None:
    visible = [
        one
        for one in docs
        if units is None or one.unit_id in units  # type: ignore[operator]
    ]
    right = [one for one in visible if passes(one, query)]
    hits = index.search(query, unit_ids=units)  # type: ignore[arg-type]
    assert hits.total == len(right)
    if query.sort in ORDERS:
        ordered = [one.id for one in sorted(right, key=ORDERS[query.sort])]
        assert hits.ids == ordered[query.offset : query.offset + query.size]
    else:
        assert set(hits.ids) <= {one.id for one in right}
        assert len(set(hits.ids)) == max(0, min(query.size, len(right) - query.offset))
    for name in query.facets:
        counts: dict[str, int] = {}
        for one in visible:
            if passes(one, query, without=name):
                for value in facet_values(one, name):
                    counts[value] = counts.get(value, 0) + 1
        assert {one.value: one.count for one in hits.facets[name]} == counts


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    docs=documents(),
    asked=st.lists(st.tuples(QUERIES, UNITS), min_size=1, max_size=12),
)
def test_it_finds_what_a_naive_reading_finds(
    index: SearchIndex, docs: list[IndexDocument], asked: list[tuple[Query, object]]
) -> None:
    rebuild = index.begin_rebuild()
    rebuild.upsert(docs)
    index.switch(rebuild)
    index.refresh()
    for query, units in asked:
        compare(index, docs, query, units)
