"""Bringing in posts that match: normalise, match, entities, campaign, database and index, with one worker.

    python -m benchmarks.ingest [--million] [--stored 10000 100000] [--url postgresql+psycopg://...]
                                [--no-index] [--profile] [--judges 1]

Made-up posts, each a lure by the shipped rules with words of its own around it; some are copies of another,
some are edited copies, most carry a contact, a few share one, and one shop's number stands in many. The posts
are brought in as an import does it, judged by --judges processes beside the one that stores (by default one
for each core, at most 4; 1: none), and the index follows every 500 in the one that stores. At each size the
last --measure posts are timed; those between are stored with the judgement of one post, which is faster.
With --million what is stored is multiplied by SQL up to a million, with other hashes, bands and contacts (and
the shop's number as it is); these copies are in the database and its indices, not in the search index.
The clock of the deployment moves with them, a million posts in --days days, and what a day prunes is pruned.
Without --url the database is SQLite in a folder of its own; with it, an empty database of a server, whose
tables are made and dropped.
"""

import argparse
import cProfile
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import psutil
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import foundation.lean
import webui.models
from benchmarks.search import SYLLABLES
from foundation.clock import MovableClock
from foundation.database import Database
from search.campaigns import signature
from search.campaigns.pruning import prune_bands
from search.entities import contacts
from search.index import open_index
from search.index.indexer import Indexer
from search.ingest import MANY, Ingestor
from search.judges import wanted
from search.models import PostRow, Source
from search.post import Post
from search.preparing import Prepared, sha256
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from search.store import BATCH, store
from search.text import fold

CHUNK = 500
MILLION = 1_000_000
SHOP_NUMBER = "+84901000999"
START = datetime(2026, 11, 20, tzinfo=UTC)
LURES = (
    "tuyển gấp việc nhẹ lương cao sang Campuchia bao ăn ở",
    "việc nhẹ lương cao ở Bavet không cần bằng cấp, xe đón tận nhà",
    "cần người qua Campuchia làm chat, lương 25 triệu, lo hết giấy tờ, bao vé",
    "sang Tam Giác Vàng làm việc nhẹ lương cao, ứng trước 10 triệu, đi ngay trong tuần",
)
COPY, EDITED, CONTACT, SHARED, SHOP = 0.08, 0.06, 0.6, 0.12, 0.01
"""Shares of the posts: word for word another's, edited, with a contact; of the contacts: another's, the shop's."""


class MadeUp:
    """Posts without end; the same ones in every run."""

    def __init__(self) -> None:
        self._chance = random.Random(11)  # noqa: S311 - the same posts in every run
        self._weights = [1 / (rank + 3) for rank in range(len(SYLLABLES))]
        self._recent: list[str] = []
        self._contacts: list[str] = []
        self._made = 0

    def __iter__(self) -> Iterator[Post]:
        while True:
            self._made += 1
            yield Post(
                url=f"https://dien-dan.example/bai/{self._made}",
                text=self._text(),
                posted_at=START,
            )

    def _text(self) -> str:
        roll = self._chance.random()
        if self._recent and roll < COPY:
            return self._chance.choice(self._recent)
        text = self._edited() if self._recent and roll < COPY + EDITED else self._fresh()
        if len(self._recent) < 2000:
            self._recent.append(text)
        else:
            self._recent[self._chance.randrange(2000)] = text
        return text

    def _fresh(self) -> str:
        words = self._chance.choices(SYLLABLES, self._weights, k=self._chance.randint(15, 70))
        words.insert(self._chance.randrange(len(words)), self._chance.choice(LURES))
        if self._chance.random() < CONTACT:
            words.append(f"ib Zalo {self._contact()}")
        return " ".join(words)

    def _edited(self) -> str:
        words = self._chance.choice(self._recent).split()
        for _ in range(self._chance.randint(1, 2)):
            words[self._chance.randrange(len(words))] = self._chance.choice(SYLLABLES)
        return " ".join(words)

    def _contact(self) -> str:
        roll = self._chance.random()
        if roll < SHOP:
            return "0901 000 999"
        if self._contacts and roll < SHOP + SHARED:
            return self._chance.choice(self._contacts)
        number = f"09{self._chance.randrange(100):02} 000 {self._chance.randrange(1000):03}"
        if self._chance.random() < 0.9:  # made-up numbers are few; names on Zalo are not
            number = f"@nguoi{self._chance.randrange(10**7):07}"
        self._contacts = [*self._contacts[-499:], number]
        return number


@dataclass(frozen=True, slots=True)
class Timed:
    """What some posts took: seconds by the clock, and of the processor."""

    posts: int
    wall: float
    cpu: float
    judging: float = 0.0
    """Seconds of the processor that normalising, matching and entities take of one post."""

    def __str__(self) -> str:
        rate, each = self.posts / self.wall, self.cpu / self.posts * 1e6
        judging = self.judging * 1e6
        told = f"{rate:7,.0f} posts/s  CPU {each:6,.0f} us each, {judging:6,.0f} of it judging"
        return f"{told}; {self.cpu:6.1f} s of {self.wall:6.1f}"


class Line:
    """One deployment's way of a post, in one process."""

    def __init__(
        self, database: Database, folder: Path, *, indexed: bool, per_day: int, judges: int
    ) -> None:
        self.clock = MovableClock(START)
        self.database = database
        matcher = Matcher(shipped_packs())
        self._ingestor = Ingestor(
            database,
            lambda: matcher,
            self.clock,
            b"k" * 32,
            timedelta(days=90),
            judges=wanted(judges),
        )
        self._index = open_index("tantivy", path=folder / "index", writer=True) if indexed else None
        self._indexer = Indexer(database, self._index, self.clock) if self._index else None
        self._step = timedelta(days=CHUNK / per_day)
        self._day = self.clock.now().date()
        self._posts = iter(MadeUp())
        self.pruned, self.pruning = 0, 0.0
        self._first = self._ingestor.prepare([next(self._posts)])[0]
        self.kept = self.judged = self.stored = 0
        self.source_id = self._source()
        self._judging = self._ingestor.judged(self._batches())

    def _batches(self) -> Iterator[list[Post]]:
        while True:
            yield list(islice(self._posts, BATCH))

    def warm_up(self) -> None:
        """Until other processes judge, where they do."""
        self.bring(4 * MANY)

    def _source(self) -> int:
        with self.database.writing() as session:
            row = Source(name="Trang mẫu", kind="rss", created_at=self.clock.now())
            session.add(row)
            session.flush()
            return row.id

    def bring(self, count: int) -> Timed:
        """Posts the whole way, timed."""
        wall, cpu = time.perf_counter(), _cpu()
        for judging in islice(self._judging, count // BATCH):
            prepared = judging()
            with self.database.writing() as session:
                stored = store(session, prepared, self._ingestor.intent(self.source_id))
            self.kept += len(stored.kept)
            self.judged += len(prepared)
            self._after(len(prepared))
        took = Timed(count, time.perf_counter() - wall, _cpu() - cpu)
        posts, cpu = [one.post for one in prepared], _cpu()
        self._ingestor.prepare(posts)
        return replace(took, judging=(_cpu() - cpu) / len(posts))

    def fill(self, count: int) -> None:
        """Posts that are stored and indexed like the others, but not judged one by one."""
        for _ in range(count // BATCH):
            posts = islice(self._posts, BATCH)
            with self.database.writing() as session:
                rows = [self._like_the_first(post) for post in posts]
                store(session, rows, self._ingestor.intent(self.source_id))
            self._after(BATCH)

    def multiply(self, wanted: int) -> None:
        """Rows like those that are there, each time as many, seen later, until about `wanted` are stored."""
        with self.database.reading() as session:
            count = session.scalar(select(func.count()).select_from(PostRow)) or 0
        span = self.clock.now() - START
        for number in range(1, wanted // count):
            with self.database.writing() as session:
                copy_rows(session, number * count, count, span * number)
            self.clock.move(span)
        self._prune()
        self.stored = wanted

    def _like_the_first(self, post: Post) -> Prepared:
        url_key, key, folded = sha256(post.url), sha256(post.text), fold(post.text)
        return replace(
            self._first,
            post=post,
            url_key=url_key,
            content_key=key,
            text_hash=sha256(folded),
            entities=contacts(post.text),
            signature=signature(folded),
        )

    def _after(self, count: int) -> None:
        self.stored += count
        if self.stored % CHUNK:
            return
        if self._indexer:
            self._indexer.run_once()
        self.clock.move(self._step)
        if self.clock.now().date() != self._day:
            self._day = self.clock.now().date()
            self._prune()

    def _prune(self) -> None:
        started = time.perf_counter()
        self.pruned += prune_bands(self.database, self.clock)
        self.pruning += time.perf_counter() - started

    def close(self) -> None:
        self._judging.close()
        if self._index:
            self._index.close()


def _cpu() -> float:
    """Of this process and those that judge for it."""
    processes = [psutil.Process(), *psutil.Process().children()]
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def copy_rows(session: Session, offset: int, last: int, later: timedelta) -> None:
    """The first `last` posts again, with ids from `offset` on: nobody's copies, near copies or relatives."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    digest = (
        "lower(hex(randomblob(32)))" if sqlite else "md5(random()::text) || md5(random()::text)"
    )
    key = "random()" if sqlite else "('x' || md5(random()::text))::bit(64)::bigint"
    seconds = int(later.total_seconds())
    moved = f"strftime('%Y-%m-%d %H:%M:%f000', seen_at, '+{seconds} seconds')"
    changed = {
        "id": f"id + {offset}",
        "url_key": digest,
        "text_hash": digest,
        "seen_at": moved if sqlite else f"seen_at + interval '{seconds} seconds'",
        "campaign_id": "NULL",
    }
    names = [column.name for column in PostRow.__table__.columns]
    values = ", ".join(changed.get(name, name) for name in names)
    value = f"CASE value WHEN '{SHOP_NUMBER}' THEN value ELSE value || '{offset}' END"
    contact = 'kind, raw, start, "end", post_id, value'
    posts = f"INSERT INTO post ({', '.join(names)}) SELECT {values} FROM post"  # noqa: S608
    contacts = (
        f'INSERT INTO post_contact ({contact}) SELECT kind, raw, start, "end", post_id + {offset}, '  # noqa: S608
        f"{value} FROM post_contact"
    )
    bands = f"INSERT INTO post_band (band, post_id) SELECT {key}, post_id + {offset} FROM post_band"  # noqa: S608
    session.execute(text(f"{posts} WHERE id <= {last}"))
    session.execute(text(f"{contacts} WHERE post_id <= {last}"))
    session.execute(text(f"{bands} WHERE post_id <= {last} ORDER BY 1"))


def measured(line: Line, sizes: list[int], count: int) -> None:
    first: Timed | None = None
    for size in sizes:
        if size == MILLION:
            line.multiply(size - count)
        else:
            line.fill(max(size - count - line.stored, 0))
        took = line.bring(count)
        base = first or took
        wall = (took.wall / took.posts) / (base.wall / base.posts)
        cpu = (took.cpu / took.posts) / (base.cpu / base.posts)
        print(f"{size:>9,} stored  {took}  time x{wall:4.2f}, CPU x{cpu:4.2f}", flush=True)
        first = first if size < 100_000 else first or took
    print(f"{line.kept / line.judged:.1%} of the posts matched; {_size(line)}")
    days = (line.clock.now() - START).days
    print(f"{line.pruned:,} bands pruned in {line.pruning:.1f} s of {days} days, part of the above")


def _size(line: Line) -> str:
    if not line.database.is_sqlite:
        return "database of a server"
    path = Path(line.database.url.removeprefix("sqlite:///"))
    return f"database {path.stat().st_size / 1e6:,.0f} MB"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--stored", type=int, nargs="+", default=[10_000, 100_000])
    arguments.add_argument("--million", action="store_true")
    arguments.add_argument("--measure", type=int, default=5_000)
    arguments.add_argument("--days", type=int, default=90, help="in which a million posts come")
    arguments.add_argument("--url", default="")
    arguments.add_argument("--no-index", action="store_true")
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument("--judges", type=int, default=0)
    given = arguments.parse_args()
    foundation.lean.collect_seldom()
    sizes = [*given.stored, *([MILLION] if given.million else [])]
    folder = Path(tempfile.mkdtemp(prefix="rasoat-bench-"))
    database = Database(given.url or f"sqlite:///{folder / 'rasoat.db'}")
    database.create_all()
    try:
        per_day, indexed = MILLION // given.days, not given.no_index
        line = Line(database, folder, indexed=indexed, per_day=per_day, judges=given.judges)
        line.warm_up()
        if given.profile:
            cProfile.runctx("line.bring(5000)", {}, {"line": line}, sort="tottime")
        else:
            measured(line, sizes, given.measure)
        line.close()
    finally:
        if given.url:
            webui.models.metadata.drop_all(database.engine)
        database.dispose()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
