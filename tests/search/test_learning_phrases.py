"""Phrases that flagged texts share: what is told, and what never is. Texts and people are made up."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.entities import contacts
from search.learning.phrases import Document, find_phrases, log_odds, runs_of
from search.text import normalise

FILLERS = (
    "anh chị nào quan tâm thì nhắn",
    "bên mình nhận thêm bạn chăm chỉ",
    "hôm nay trời đẹp cả nhà ơi",
    "ai rảnh buổi tối vào nhóm",
    "công việc ổn định lâu dài",
    "mọi người đọc kỹ trước khi hỏi",
)
ORDINARY = [f"{one} nhé số {n}" for n, one in enumerate(FILLERS * 5)]
NEW = "nhận quà vòng xoay hoàng kim"


def documents(phrase: str, number: int, *, authors: int | None = None) -> list[Document]:
    """Texts that say the phrase among other words, by so many authors."""
    pick = random.Random(7)  # noqa: S311 - made-up texts
    return [
        Document(
            n + 1,
            f"{pick.choice(FILLERS)}, {phrase}, {pick.choice(FILLERS)} {n}",
            f"nguoi.dang.{n % (authors or number)}",
        )
        for n in range(number)
    ]


def told(kept: list[Document], dismissed: list[str] | None = None) -> list[str]:
    others = (
        dismissed if dismissed is not None else [f"{one} {n}" for n, one in enumerate(FILLERS * 4)]
    )
    return [one.phrase for one in find_phrases(kept, others, ORDINARY)]


def test_a_phrase_that_flagged_texts_share_is_told_with_its_figures() -> None:
    kept = documents("vòng xoay hoàng kim", 12)
    dismissed = ["vòng xoay hoàng kim của chùa", *ORDINARY[:9]]
    (found,) = find_phrases(kept, dismissed, ORDINARY)
    assert found.phrase == "vòng xoay hoàng kim"
    assert (found.kept, found.dismissed, found.ordinary, found.authors) == (12, 1, 0, 12)
    assert found.examples == (12, 11, 10, 9, 8)


def test_four_texts_are_not_enough_and_one_author_never_is() -> None:
    assert told(documents("vòng xoay hoàng kim", 4)) == []
    assert told(documents("vòng xoay hoàng kim", 40, authors=1)) == []
    assert told(documents("vòng xoay hoàng kim", 40, authors=4)) == []
    assert told(documents("vòng xoay hoàng kim", 40, authors=5)) == ["vòng xoay hoàng kim"]


def test_what_dismissed_texts_say_as_often_is_not_told() -> None:
    dismissed = [one.text for one in documents("vòng xoay hoàng kim", 12)]
    assert told(documents("vòng xoay hoàng kim", 12), dismissed) == []


def test_what_everybody_says_is_not_told() -> None:
    assert told(documents("anh chị nào quan tâm", 20)) == []


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("vòng xoay hoàng kim", []),
        ("vòng xoay hoàng", ["hoàng kim"]),
        ("xoay hoàng", ["vòng xoay hoàng kim"]),
        ("vòng", ["vòng xoay hoàng kim"]),
    ],
)
def test_of_what_is_told_at_least_half_is_new_to_the_rules(known: str, expected: list[str]) -> None:
    kept = []
    for one in documents("vòng xoay hoàng kim", 12):
        at = one.text.index(known)
        kept.append(Document(one.id, one.text, one.author, known=((at, at + len(known)),)))
    assert told(kept) == expected


def test_contacts_and_what_stands_next_to_them_are_never_told() -> None:
    kept = []
    for n in range(20):
        text = f"vào nhóm ngay hôm nay gọi chị thu hà 0900 000 1{n:02d} để nhận lịch"
        places = tuple((one.start, one.end) for one in contacts(text))
        kept.append(Document(n + 1, text, f"a{n}", contacts=places))
    found = " ".join(told(kept, []))
    assert found
    for word in ("0900", "000", "thu", "hà", "chị"):
        assert word not in found.split()


def test_a_bare_name_of_an_account_is_a_contact_too() -> None:
    runs = list(
        runs_of(Document(1, "nhận lịch làm việc ngay tại @tenkhong gọi chị lan để vào nhóm"))
    )
    assert [tuple(word for word, _ in run) for run in runs] == [
        ("nhận", "lịch", "làm"),
        ("để", "vào", "nhóm"),
    ]


def test_names_in_capitals_and_the_authors_own_are_never_told() -> None:
    kept = [
        Document(n + 1, f"liên lạc gặp Trần Văn Thử để nhận suất bay tối thứ {n}", f"a{n}")
        for n in range(12)
    ]
    assert all("thử" not in one.split() and "trần" not in one.split() for one in told(kept, []))
    own = [
        Document(n + 1, "shop mai mai nhận suất bay", f"a{n}", names=("mai",)) for n in range(12)
    ]
    assert all("mai" not in one.split() for one in told(own, []))


def test_a_text_all_in_capitals_can_still_tell_a_phrase() -> None:
    kept = [
        Document(one.id, one.text.upper(), one.author)
        for one in documents("vòng xoay hoàng kim", 12)
    ]
    assert "vòng xoay hoàng kim" in told(kept)


def test_phrases_do_not_reach_over_the_end_of_a_sentence() -> None:
    document = Document(1, "nhận quà. vòng xoay, hoàng\nkim 25 suất")
    runs = [tuple(word for word, _ in run) for run in runs_of(document)]
    assert runs == [("nhận", "quà"), ("vòng", "xoay"), ("hoàng",), ("kim",), ("suất",)]


def test_of_phrases_within_each_other_one_is_told() -> None:
    found = told(documents(NEW, 30))
    assert len(found) == 2, found
    assert not any(one in other for one in found for other in found if one != other)


def test_without_flagged_texts_nothing_is_told() -> None:
    assert find_phrases([], ["a b c"], ["d e f"]) == []


@pytest.mark.parametrize(
    ("here", "total", "there", "rest"), [(10, 20, 1, 50), (5, 100, 0, 100), (40, 50, 30, 500)]
)
def test_strength_grows_with_flagged_texts_and_is_nothing_where_others_say_it_as_often(
    here: int, total: int, there: int, rest: int
) -> None:
    strength = log_odds(here, total, there, rest)
    assert strength > 0
    assert log_odds(here + 1, total, there, rest) > strength
    assert log_odds(here, total, here * rest // total, rest) == pytest.approx(0, abs=0.5)
    assert log_odds(there, rest, here, total) == pytest.approx(-strength)


@given(
    st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=3)
)
def test_no_run_holds_a_figure_and_each_word_says_whether_it_is_known(
    text: str, known: list[tuple[int, int]]
) -> None:
    places = tuple((min(one), max(one)) for one in known)
    words = set(normalise(text).kept.split())
    for run in runs_of(Document(1, text, known=places)):
        assert run
        assert words.issuperset(word for word, _ in run)
        assert not any(char.isdigit() for word, _ in run for char in word)
        assert places or not any(is_known for _, is_known in run)
