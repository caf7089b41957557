"""What was taken away from a text and what was added, word by word."""

from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from webui.views.text_diff import Piece, word_diff

TEXTS = st.text(st.sampled_from("aă b.\n!từ "), max_size=60)


def sides(pieces: list[Piece]) -> tuple[str, str]:
    """What the pieces say stood there before, and what stands there now."""
    before = "".join(piece.text for piece in pieces if piece.kind != "new")
    return before, "".join(piece.text for piece in pieces if piece.kind != "gone")


def plain(text: str) -> str:
    """White space is told as it is now, so it is left out of what was."""
    return "".join(text.casefold().split())


def test_only_the_words_that_changed_are_told() -> None:
    pieces = word_diff("Việc nhẹ, lương 15 triệu. Ib Zalo.", "Việc nhẹ, lương 25 triệu. Ib Zalo.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Việc nhẹ, lương "),
        ("gone", "15"),
        ("new", "25"),
        ("same", " triệu. Ib Zalo."),
    ]


def test_case_and_white_space_are_no_change() -> None:
    assert word_diff("VIỆC  nhẹ\nlương cao", "Việc nhẹ lương cao") == [
        Piece("same", "Việc nhẹ lương cao")
    ]


def test_a_text_against_nothing_is_all_new_or_all_gone() -> None:
    assert word_diff("", "Tuyển gấp. Bao ăn ở.") == [Piece("new", "Tuyển gấp. Bao ăn ở.")]
    assert word_diff("Tuyển gấp.\nBao ăn ở.", "") == [Piece("gone", "Tuyển gấp.\nBao ăn ở.")]
    assert word_diff("", "") == []


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_the_pieces_hold_all_words_of_both_texts_in_their_order(before: str, now: str) -> None:
    was, says = sides(word_diff(before, now))
    assert says == now
    assert plain(was) == plain(before)


def test_long_texts_are_compared_quickly_with_or_without_full_stops() -> None:
    long = [f"từ{(place * place * 31 + place // 7) % 401}" for place in range(4_500)]
    edited = [word if place % 40 else "sửa" for place, word in enumerate(long)]
    for glue in (" ", ". "):
        began = process_time()
        pieces = word_diff(glue.join(long), glue.join(edited))
        assert process_time() - began < 3
        assert sum(len(piece.text) for piece in pieces if piece.kind == "same") > 15_000
