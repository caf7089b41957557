"""The made-up content is what it says it is: kinds, spellings, numbers, dates."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.practice.content import (
    LURE_KINDS,
    ContentError,
    Evasion,
    Kind,
    PracticeComment,
    PracticePost,
    load_groups,
    load_people,
    load_posts,
)
from crawler.practice.content.loader import read_posts, slug_of
from crawler.practice.content.shapes import ZONE, comment_time

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
POSTS = load_posts()
TEXTS: list[PracticePost | PracticeComment] = [
    *POSTS,
    *(comment for post in POSTS for comment in post.comments),
]
SYNTHETIC = re.compile(
    r"0900000[01]\d\d|09870002\d\d|09120003\d\d|03550004\d\d|024300001\d\d|0243000\d{4}"
)


def evasive_with(evasion: Evasion) -> list[str]:
    return [text.body for text in TEXTS if evasion in text.evasion]


def has_diacritics(text: str) -> bool:
    decomposed = unicodedata.normalize("NFD", text)
    return "đ" in text.lower() or any(unicodedata.combining(letter) for letter in decomposed)


def test_there_are_enough_posts_of_each_sort() -> None:
    kinds = Counter(post.kind for post in POSTS)
    assert len(POSTS) >= 140
    assert sum(kinds[kind] for kind in LURE_KINDS) >= 45
    assert kinds[Kind.HONEST] >= 30
    assert kinds[Kind.WARNING] + kinds[Kind.NEWS] >= 15
    assert kinds[Kind.HELP] >= 5
    assert kinds[Kind.TALK] >= 40


@pytest.mark.parametrize("kind", sorted(LURE_KINDS))
def test_each_kind_of_lure_is_spelled_plainly_and_evasively(kind: Kind) -> None:
    spellings = {post.evasive for post in POSTS if post.kind is kind}
    assert spellings == {True, False}


def test_harmless_kinds_are_not_lures() -> None:
    assert not LURE_KINDS & {Kind.HONEST, Kind.WARNING, Kind.NEWS, Kind.HELP, Kind.TALK}
    assert len(LURE_KINDS) == 11


def test_ids_are_unique_and_every_author_and_group_exists() -> None:
    assert len({post.id for post in POSTS}) == len(POSTS)
    assert len({text.id for text in TEXTS}) == len(TEXTS)
    assert {text.author for text in TEXTS} <= set(load_people())
    assert {post.group for post in POSTS} == set(load_groups())


def test_many_people_write_and_liars_also_make_small_talk() -> None:
    by_author = defaultdict(set)
    for post in POSTS:
        by_author[post.author].add(post.kind.is_lure)
    assert len(by_author) >= 12
    assert sum(kinds == {True, False} for kinds in by_author.values()) >= 3


def test_short_messages_are_as_common_as_long_ones() -> None:
    short = sum(40 <= len(post.body) <= 125 for post in POSTS)
    assert short >= len(POSTS) / 2
    assert sum(len(post.body) > 180 for post in POSTS) >= 40


def test_some_lures_form_a_campaign_around_one_number() -> None:
    numbers = defaultdict(list)
    for post in POSTS:
        for number in {
            "".join(found.split()) for found in re.findall(r"0[\d ]{8,12}\d", post.body)
        }:
            numbers[number[:10]].append(post)
    campaign = numbers["0900000101"]
    assert len(campaign) >= 5
    assert len({post.author for post in campaign}) >= 2
    assert sum(len(posts) >= 3 for posts in numbers.values()) >= 5


def test_some_comments_are_lures_even_under_a_warning() -> None:
    baits = [(post, each) for post in POSTS for each in post.comments if each.kind.is_lure]
    assert len(baits) >= 8
    assert any(post.kind is Kind.WARNING for post, _ in baits)


@pytest.mark.parametrize("evasion", list(Evasion))
def test_each_evasion_is_practised(evasion: Evasion) -> None:
    assert len(evasive_with(evasion)) >= 2


def test_texts_without_diacritics_have_none() -> None:
    assert [text for text in evasive_with(Evasion.NO_DIACRITICS) if has_diacritics(text)] == []


def test_zero_width_texts_hold_invisible_characters_and_no_other_text_does() -> None:
    assert all("\u200b" in text for text in evasive_with(Evasion.ZERO_WIDTH))
    plain = [text.id for text in TEXTS if not text.evasive and "\u200b" in text.body]
    assert plain == []


def test_homoglyph_texts_mix_cyrillic_into_latin() -> None:
    for text in evasive_with(Evasion.HOMOGLYPHS):
        assert re.search(r"[\u0400-\u04ff]", text)
        assert re.search(r"[a-z]", text)


def test_styled_texts_fold_to_ordinary_letters() -> None:
    for text in evasive_with(Evasion.STYLED):
        assert unicodedata.normalize("NFKC", text) != unicodedata.normalize("NFC", text)


def test_emoji_digits_are_keycaps() -> None:
    assert all(text.count("\u20e3") >= 10 for text in evasive_with(Evasion.EMOJI_DIGITS))


def test_dotted_and_spaced_texts_split_their_letters() -> None:
    assert all(re.search(r"\w\.\w\.\w", text) for text in evasive_with(Evasion.DOTTED))
    assert all(re.search(r"\b\w \w \w \w", text) for text in evasive_with(Evasion.SPACED))


def test_telephone_numbers_are_synthetic() -> None:
    for text in TEXTS:
        plain = text.body.replace("\ufe0f\u20e3", "")
        for found in re.findall(r"(?<![\d.])0\d[\d ]{7,12}\d", plain):
            assert SYNTHETIC.fullmatch(found.replace(" ", "")), (text.id, found)


def test_handles_off_the_site_are_synthetic() -> None:
    handles = [handle for text in TEXTS for handle in re.findall(r"@\w+", text.body)]
    assert handles
    assert all(re.fullmatch(r"@langpho_\w+_000", handle) for handle in handles)


def test_dates_lie_in_the_thirty_days_before_the_start_and_never_move() -> None:
    dates = [post.posted_at(START) for post in POSTS]
    assert all(START - timedelta(days=31) < date < START for date in dates)
    assert dates == [post.posted_at(START) for post in POSTS]
    assert len({date.date() for date in dates}) >= 20
    assert all(6 <= date.astimezone(ZONE).hour < 23 for date in dates)


def test_comments_follow_their_post_in_order() -> None:
    for post in POSTS:
        posted = post.posted_at(START)
        times = [comment_time(each, posted, START) for each in post.comments]
        assert times == sorted(times)
        assert all(posted < time < START for time in times)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{id: 1, author: khong-co, group: viec-lam, kind: talk, body: a}", "khong-co"),
        ("{id: 1, author: ba-tam, group: khong-co, kind: talk, body: a}", "khong-co"),
        ("{id: 1, author: ba-tam, group: viec-lam, kind: joke, body: a}", "joke"),
        ("{id: 1, author: ba-tam, group: viec-lam, kind: talk, body: ' '}", "empty"),
        ("{id: 1, author: ba-tam, group: viec-lam, kind: talk}", "body"),
        ("{id: 1, author: ba-tam, group: viec-lam, kind: talk, body: a, mood: b}", "mood"),
        (
            "{id: 1, author: ba-tam, group: viec-lam, kind: talk, body: a, evasion: [magic]}",
            "magic",
        ),
        ("just words", "entry 1"),
    ],
)
def test_it_names_the_file_and_the_entry_that_is_wrong(
    tmp_path: Path, entry: str, says: str
) -> None:
    file = tmp_path / "posts_9_wrong.yaml"
    file.write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"posts_9_wrong\.yaml: entry 1") as caught:
        list(read_posts(file))
    assert says in str(caught.value)


def test_slugs_are_readable_and_never_empty() -> None:
    assert slug_of("Đường Bờ Kè đang đào cống") == "duong-bo-ke-dang-dao-cong"
    assert slug_of("✈️🇰🇭") == "bai-dang"
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}", post.slug) for post in POSTS)
