"""Pictures known again by what they show, and read; what is read is judged beside the post, never in its place."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import insert, select

from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from search.models import PostRow
from search.pictures.hashing import NEAR, bands, distance, look_at, near_bands
from search.pictures.models import Picture, PictureText
from search.pictures.reading import REMEDY, find_reader, tidied
from search.pictures.store import (
    READ_CONSUMER,
    NotedPicture,
    alike,
    examined,
    judge_texts,
    note_pictures,
    note_text,
    pictures_of,
    seen_elsewhere,
    texts_of,
)
from search.rules.judgement import Judgement
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from tests.support.posts import Posts

LURE = "TUYỂN GẤP 20 NAM NỮ SANG CAMPUCHIA LÀM VIỆC NHẸ LƯƠNG CAO"
hashes = st.integers(min_value=0, max_value=2**64 - 1)


def flyer(seed: int = 1, size: tuple[int, int] = (640, 480), words: str = "") -> Image.Image:
    """A made-up flyer: shapes in colours, and words."""
    chance = random.Random(seed)  # noqa: S311 - pictures for tests
    drawn = Image.new("RGB", (640, 480), (240, 230, 200))
    pen = ImageDraw.Draw(drawn)
    for _ in range(7):
        x, y = chance.randrange(540), chance.randrange(380)
        colour = tuple(chance.randrange(256) for _ in range(3))
        pen.rectangle((x, y, x + chance.randrange(60, 260), y + chance.randrange(60, 200)), colour)
    if words:
        pen.rectangle((0, 180, 640, 300), "white")
        pen.text((16, 200), words, fill="black", font=ImageFont.load_default(34))
    return drawn.resize(size)


def saved(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def hash_of(picture: bytes) -> int:
    seen = look_at(picture)
    assert seen is not None
    return seen.phash


@pytest.mark.parametrize(
    "change",
    [
        lambda one: saved(one, "JPEG", quality=35),
        lambda one: saved(one.resize((320, 240)), "WEBP", quality=60),
        lambda one: saved(one.resize((1280, 960)), "JPEG"),
        lambda one: saved(one.convert("L")),
        lambda one: saved(one.convert("RGBA")),
        lambda one: saved(one.crop((4, 3, 636, 477))),
        lambda one: saved(one.convert("P")),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_copy_looks_the_same(seed: int, change: Callable[[Image.Image], bytes]) -> None:
    original = flyer(seed)
    assert distance(hash_of(saved(original)), hash_of(change(original))) <= NEAR


def test_other_pictures_look_different() -> None:
    found = [hash_of(saved(flyer(seed))) for seed in range(12)]
    apart = [distance(a, b) for at, a in enumerate(found) for b in found[at + 1 :]]
    assert min(apart) > NEAR


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a broken",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        saved(Image.new("RGB", (400, 400), "white")),
        saved(flyer().resize((40, 40))),
        saved(flyer())[:2000],
    ],
)
def test_what_shows_nothing_is_not_known_again(data: bytes) -> None:
    assert look_at(data) is None


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    bomb = saved(Image.new("1", (12_000, 12_000)))
    assert len(bomb) < 200_000
    assert look_at(bomb) is None


@given(hashes, st.sets(st.integers(0, 63), max_size=NEAR))
def test_whatever_is_near_shares_a_band_that_is_looked_up(one: int, flipped: set[int]) -> None:
    other = one
    for bit in flipped:
        other ^= 1 << bit
    assert distance(one, other) == len(flipped)
    pairs = zip(bands(one), bands(other), strict=True)
    assert any(theirs in near_bands(mine) for mine, theirs in pairs)


@given(hashes)
@settings(max_examples=20)
def test_bands_are_the_hash_in_four_parts(one: int) -> None:
    assert sum(part << (16 * at) for at, part in enumerate(bands(one))) == one


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def digest(number: int) -> str:
    return f"{number:064x}"


def test_the_same_picture_is_found_in_other_posts(
    database: Database, clock: MovableClock, posts: Posts
) -> None:
    first, second, third, other = posts(), posts(), posts(), posts()
    shown = {
        first.id: saved(flyer(1)),
        second.id: saved(flyer(1).resize((320, 240)), "JPEG", quality=60),
        third.id: saved(flyer(1, words="")),
        other.id: saved(flyer(9)),
    }
    with database.writing() as session:
        for number, (post_id, data) in enumerate(shown.items()):
            one = examined(data, digest(number), "image/png", "https://x.example/a.png")
            assert one is not None
            note_pictures(session, post_id, [one, one], at=clock.now())
    with database.reading() as session:
        (found,) = seen_elsewhere(session, first.id)
        assert [post_id for post_id, _ in found.posts] == [second.id, third.id]
        assert all(bits <= NEAR for _, bits in found.posts)
        assert len(pictures_of(session, first.id)) == 1, "noted once"
        (alone,) = seen_elsewhere(session, other.id)
        assert alone.posts == ()


def test_a_picture_of_half_the_site_is_no_likeness(
    database: Database, clock: MovableClock, posts: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.pictures.store.MOST_ALIKE", 2)
    one = examined(saved(flyer(1)), digest(1), "image/png")
    assert one is not None
    made = [posts() for _ in range(4)]
    with database.writing() as session:
        for post in made:
            note_pictures(session, post.id, [one], at=clock.now())
    with database.reading() as session:
        assert seen_elsewhere(session, made[0].id) == []


def test_looking_one_up_among_many_reads_few(
    sqlite_database: Database, clock: MovableClock
) -> None:
    posts, chance = Posts(sqlite_database, clock), random.Random(7)  # noqa: S311 - for a test
    post, wanted = posts(), chance.getrandbits(64)
    rows = [chance.getrandbits(64) for _ in range(20_000)]
    rows[777] = wanted ^ 0b111 ^ (0b11 << 20) ^ (1 << 63)
    with sqlite_database.writing() as session:
        session.execute(
            insert(Picture),
            [
                {
                    "digest": digest(number),
                    "phash": f"{one:016x}",
                    **{f"band_{at}": part for at, part in enumerate(bands(one))},
                    "width": 9,
                    "height": 9,
                    "media_type": "image/png",
                    "source": "",
                    "post_id": post.id,
                    "seen_at": clock.now(),
                }
                for number, one in enumerate(rows)
            ],
        )
    with sqlite_database.reading() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM picture WHERE band_0 IN (1, 2) OR band_1 IN (1, 2)"
            " OR band_2 IN (1, 2) OR band_3 IN (1, 2)"
        )
        assert "SCAN picture" not in " ".join(str(row) for row in plan)
        begun = perf_counter()
        ((found, bits),) = alike(session, wanted)
        assert perf_counter() - begun < 0.5
    assert (found.digest, bits) == (digest(777), 6)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(shipped_packs())


def test_what_is_read_is_judged_beside_the_post_s_own_text(
    database: Database, clock: MovableClock, posts: Posts, matcher: Matcher
) -> None:
    post = posts("Xem ảnh nhé mọi người")
    with database.writing() as session:
        text = f"{LURE}\nLiên hệ Zalo 0900 000 123, bao ăn ở, không cần kinh nghiệm"
        for _ in range(2):
            note_text(session, post.id, text, at=clock.now(), origin="capture")
        note_text(session, post.id, " \n", at=clock.now(), origin="capture")
    assert judge_texts(database, clock, lambda: matcher) == 1
    assert judge_texts(database, clock, lambda: matcher) == 0
    with database.reading() as session:
        (read,) = texts_of(session, post.id)
        judged = Judgement.from_dict(read.judgement)
        assert judged.hits
        assert read.matcher_version == matcher.version
        assert (read.origin, read.text.splitlines()[0]) == ("capture", LURE)
        stored = session.get_one(PostRow, post.id)
        assert (stored.text, stored.judgement) == (post.text, post.judgement)


def test_what_says_nothing_is_kept_without_a_judgement(
    database: Database, clock: MovableClock, posts: Posts, matcher: Matcher
) -> None:
    post = posts()
    with database.writing() as session:
        note_text(session, post.id, "Chúc mừng năm mới", at=clock.now(), origin="brought")
    judge_texts(database, clock, lambda: matcher)
    with database.reading() as session:
        (read,) = texts_of(session, post.id)
        assert (read.judgement, read.matcher_version) == ({}, matcher.version)
        assert outbox.pending(session, READ_CONSUMER) == 0


def test_pictures_and_words_go_with_their_post(
    database: Database, clock: MovableClock, posts: Posts
) -> None:
    post = posts()
    with database.writing() as session:
        note_pictures(
            session, post.id, [NotedPicture(digest(1), 5, 90, 90, "image/png")], at=clock.now()
        )
        note_text(session, post.id, "chữ trong ảnh", at=clock.now(), origin="capture")
    with database.writing() as session:
        session.delete(session.get_one(PostRow, post.id))
    with database.reading() as session:
        assert session.scalars(select(Picture)).all() == []
        assert session.scalars(select(PictureText)).all() == []


class TestReading:
    """With a real Tesseract."""

    @pytest.fixture(autouse=True)
    def reader(self) -> None:
        if find_reader() is None:
            pytest.skip(f"no Tesseract with Vietnamese: {REMEDY}")

    def read(self, picture: bytes) -> str:
        reader = find_reader()
        assert reader is not None
        text, took = reader.read(picture)
        assert took < 15
        return text

    def test_it_reads_vietnamese_with_its_marks(self) -> None:
        drawn = Image.new("RGB", (1000, 220), "white")
        pen = ImageDraw.Draw(drawn)
        found = sorted(Path("/usr/share/fonts").rglob("LiberationSans-Regular.ttf")) or sorted(
            Path("/usr/share/fonts").rglob("DejaVuSans.ttf")
        )
        font = ImageFont.truetype(found[0], 40) if found else ImageFont.load_default(40)
        pen.text((20, 20), "Tuyển người đi làm xa", fill="black", font=font)
        pen.text((20, 110), "Gọi 0900 000 123", fill="black", font=font)
        text = self.read(saved(drawn))
        assert "0900 000 123" in text
        assert "làm xa" in text or not found, "the font that Pillow brings has no Vietnamese"

    @pytest.mark.parametrize("data", [b"", b"no picture", saved(flyer().resize((20, 20)))])
    def test_what_cannot_be_read_is_empty(self, data: bytes) -> None:
        assert self.read(data) == ""

    def test_it_stops_in_time(self) -> None:
        reader = find_reader()
        assert reader is not None
        noise = saved(Image.effect_noise((2400, 3600), 90))
        begun = perf_counter()
        reader.read(noise, 1.0)
        assert perf_counter() - begun < 8


def test_ornaments_are_no_words() -> None:
    assert tidied("  |  \n= - ~\nTuyển   người\nx\n0900 000 123\n") == "Tuyển người\n0900 000 123"
