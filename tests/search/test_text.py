"""The normaliser: what it makes of disguises, and what holds for any string at all."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.syllables import words as word_list
from search.text import NORMALISER_VERSION, fold, fold_padded, normalise, normalise_spans

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
)
messy = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(VIETNAMESE + VIETNAMESE.upper() + " .,-_*0123456789kojw")),
        st.sampled_from(
            list(
                "\u200b\u200d\u0301\u0323\u0302\u031b\ufe0f\u20e3🇰🇭🇻🇳сhоαο𝐍𝐚ⒸⓂ①９$@#/:\n\ud83d🔥❤丅乇口工丨ǝɥᴉʌ^(+`\\\u3164\u0336\U000e0061"
            )
        ),
        st.characters(),
    ),
    max_size=60,
)
words = st.lists(
    st.sampled_from(
        word_list(
            "việc viec v.i.ệ.c v1ệc vieecj nhẹ ib zl k ko 25tr 1tr5 25.000.000đ 1,5 800k 6OOk hoà 🇰🇭 "
            "#vieclamcampuchia l ư ơ n g U.S.A 12.10.2026 090.000.0123 mth sđt zalo0900000123 tooooo "
            "v iệc n hẹ c ao tuyể n d ụng ng ười ơi v🔥iệc v🔥i🔥ệ🔥c vie^.c lu+o+ng z@lo a@b.vn 丅uyển 工作 "
            "việcnhẹ emcó coxe cos vieejc la2m co1 7uyển mo7 t!ền th e kh ông b ằng ca o m ới zậy mún ⒱iệc "
            "ǝɥu 🇻🇮🇪🇨 l5tr 2tr500 lưong vịệc caoo việcc Iương \\nviệc vi/ệc đ/c a/c"
        )
    ),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Việc NHẸ,lương cao!", "việc nhẹ lương cao"),
        ("l.ư.ơ.n.g c-a-o", "lương cao"),
        ("v i ệ c  n h ẹ", "việc nhẹ"),
        ("ng.uoi l.uong", "nguoi luong"),
        ("vi\u200bệc nh\u2060ẹ", "việc nhẹ"),
        ("vie\u0323\u0302c", "việc"),
        ("vie\u0302\u0323c", "việc"),
        ("𝐯𝐢ệ𝐜 𝓁àm", "việc làm"),
        ("ⓥⓘệⓒ", "việc"),
        ("ｖｉệｃ　ｌàｍ", "việc làm"),
        ("саѕіnо", "casino"),
        ("hoà thuỷ qúy", "hòa thủy quý"),
        ("vieecj lamf luwowng", "việc làm lương"),
        ("vie6c5 lu7o7ng", "việc lương"),
        ("v1ệc l4m l0ng", "việc lam long"),
        ("kooooo đượccccc", "không được"),
        ("ko cần kn, lh zl", "không cần kinh nghiệm liên hệ zalo"),
        ("cần ng, ib", "cần người inbox"),
        ("#VieclamCampuchia", "viec lam campuchia"),
        ("đi🇰🇭nhé", "đi campuchia nhé"),
        ("25.000.000đ 25,000,000 vnđ", "25000000 đồng 25000000 vnđ"),
        ("25tr 1tr5 1,5tr 20-30tr", "25 triệu 1.5 triệu 1.5 triệu 20 30 triệu"),
        ("6OOk 3OOOk 800k", "600k 3000k 800k"),
        ("1.000$", "1000 usd"),
        ("0️⃣9️⃣ ①②", "09 12"),
        ("zalo0900000123", "zalo 0900000123"),
    ],
)
def test_it_reads_a_disguise_as_what_is_meant(written: str, meant: str) -> None:
    assert normalise(written).kept == meant


@pytest.mark.parametrize(
    "text", ["covid19", "online", "u.s.a", "iphone15", "quan1", "box", "teen", "class", "a e k"]
)
def test_it_leaves_alone_what_is_no_disguise(text: str) -> None:
    assert normalise(text).kept == text.replace(".", " ")


def test_it_joins_a_word_padded_with_spaces_only_where_a_word_comes_out() -> None:
    assert normalise("c a m p u c h i a").folded == "campuchia"
    assert normalise("b c d").folded == "b c d"


def test_folding_turns_d_with_stroke_into_d() -> None:
    assert normalise("ĐÁNH đập").folded == "danh dap"


def test_spans_cover_exactly_what_the_token_was_read_from() -> None:
    text = "Cần 🇰🇭 l.ư.ơ.n.g 25tr"
    spans = normalise_spans(text)
    found = [text[a:b] for a, b in zip(spans.starts, spans.ends, strict=True)]
    assert found == ["Cần", "🇰🇭", "l.ư.ơ.n.g", "25", "tr"]


@given(st.one_of(messy, words))
@example("v.i.ệ.c-n.h.ẹ")
@example("\ud800\udfff")
@example("🇰a🇭 🇰🇭🇻")
@example("v i ệ c l ương c ao")
@example("t uyể n")
@example("a b iệc d e f iệc")
@example("\ufeffvie\u0302^.c")
@settings(max_examples=400, deadline=None)
def test_the_three_ways_agree(text: str) -> None:
    spans = normalise_spans(text)
    assert spans.normal == normalise(text)
    assert fold(text) == spans.normal.folded


@given(st.one_of(messy, words))
@settings(max_examples=400, deadline=None)
def test_normal_text_stays_normal(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal.kept) == normal
    assert fold(normal.folded) == normal.folded


@given(st.one_of(messy, words))
@settings(max_examples=400, deadline=None)
def test_both_forms_have_the_same_tokens(text: str) -> None:
    normal = normalise(text)
    kept, folded = normal.kept.split(), normal.folded.split()
    assert " ".join(kept) == normal.kept
    assert [normalise(token).folded for token in kept] == folded


@given(st.one_of(messy, words))
@settings(max_examples=400, deadline=None)
def test_spans_are_ordered_and_lie_in_the_text(text: str) -> None:
    spans = normalise_spans(text)
    assert len(spans.starts) == len(spans.ends) == len(spans.normal.kept.split())
    assert all(0 <= a < b <= len(text) for a, b in zip(spans.starts, spans.ends, strict=True))
    assert list(spans.starts) == sorted(spans.starts)


@given(words)
@example("mth n v ụng")
@example("c.a.m.b.o.d.i.a c a m b o d i a")
@settings(max_examples=200, deadline=None)
def test_every_span_is_read_again_as_its_token(text: str) -> None:
    spans = normalise_spans(text)
    tokens = spans.normal.kept.split()
    for token, start, end in zip(tokens, spans.starts, spans.ends, strict=True):
        again = normalise(text[start:end]).kept  # beside a torn syllable more is joined than alone
        again = again.translate(str.maketrans("oli", "011")) if token.isdigit() else again
        joined = text[start:end].replace(" ", "").lower()  # "ng uoi", where "ng" alone is người
        apart = [*again.split(), again.replace(" ", ""), normalise(joined).kept]
        assert token in apart or (token, again) == ("đồng", "đ")


def test_the_version_is_a_number_that_an_index_can_store() -> None:
    assert isinstance(NORMALISER_VERSION, int)
    assert NORMALISER_VERSION >= 1


def test_what_the_automaton_sees_is_the_folded_text_between_spaces() -> None:
    for text in ("", "  ", "Việc nhẹ, l.ư.ơ.n.g cao", "v i ệ c nhẹ", "🙂 … 0️⃣9️⃣", "a b", "\u0301"):
        padded = fold_padded(text)
        assert padded.strip() == fold(text)
        assert padded.startswith(" ")
        assert padded.endswith(" ")
        assert "  " not in padded


def test_all_that_python_splits_at_stands_for_a_space() -> None:
    """Texts are read chunk by chunk, so no white space may vanish or become a letter."""
    spaces = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert len(spaces) > 20
    for space in spaces:
        assert normalise(f"việc{space}nhẹ").kept == "việc nhẹ"
        assert normalise_spans(f"việc{space}nhẹ").starts == (0, 5)


@pytest.mark.parametrize("word", ["việc", "t.i.ề.n", "25tr", "1.000.000", "vieclamluongcao", "4.5"])
def test_marks_behind_a_word_change_neither_it_nor_its_place(word: str) -> None:
    plain = normalise_spans(f"a {word} b")
    for marks in (".", ",", "...", "-", ".-,"):
        spans = normalise_spans(f"a {word}{marks} b")
        assert spans.normal == plain.normal
        assert spans.starts[:-1] == plain.starts[:-1]
        assert spans.ends[:-1] == plain.ends[:-1]


@pytest.mark.parametrize(
    "text", ["ch!a", "ch\u200b!\u200ba", "ch\u061c!a", "c\u2060h!\u00ada", "\u202ach!a"]
)
def test_a_sign_that_poses_as_a_letter_is_read_among_invisible_characters(text: str) -> None:
    assert fold(text) == "chia"


def test_a_sign_that_poses_as_a_letter_is_read_beside_half_written_marks() -> None:
    assert fold("V|ÊC V|E\u0311C v!êc") == "viec viec viec"
