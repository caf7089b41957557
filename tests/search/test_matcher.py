"""The matcher: what it flags, what it lets pass, what it says, and that nothing makes it fail."""

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.rules.judgement import GROUPS, LABELS, URGENT, Context
from search.rules.matcher import MAX_LENGTH, Judgement, Kind, Level, Matcher
from search.rules.pack import load_pack, shipped_packs
from tests.search.test_pack import SOUND


@cache
def matcher() -> Matcher:
    return Matcher(shipped_packs())


def judged(text: str) -> Judgement:
    judgement = matcher().match(text)
    assert judgement is not None, text
    return judgement


LURE = (
    "Cần người đi Campuchia làm game, lương 25 triệu, không cần kinh nghiệm, ib zalo 0900 000 123"
)


@pytest.mark.parametrize(
    "text",
    [
        "cần ng đi K, ngày 800k, zalo 0900 000 123",
        "🇰🇭 tuyển 10 bạn nữ qua 🇰🇭 trực page, 1000$, ib",
        "can nguoi sang cam lam, luong 25tr, bao an o, co xe don, tele @abc",
        "Bán thận gấp, nhóm máu O, zalo 0900 000 123",
        "Nhận MTH khu vực HN, bồi dưỡng 300tr, ib",
        "Tuyển ctv chốt đơn tại nhà, hoa hồng 20%, nạp 200k hoàn lại 260k",
        "Em nào muốn lấy chồng Đài Loan inbox chị, gia đình nhận 100 triệu",
        "Bé gái mới sinh cần tìm nhà, bồi dưỡng mẹ 40 triệu, ib",
        "Bao đậu visa Hàn thời vụ, cọc trước 5 triệu, không cần tiếng",
        "Chuyển 100 triệu thì tao thả con mày",
    ],
)
def test_it_flags_a_lure(text: str) -> None:
    judgement = judged(text)
    assert judgement.kind is Kind.LURE
    assert judgement.level is not Level.LOW
    assert len(judgement.groups) >= 2 or any("organ" in pack for pack in judgement.packs)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.upper(),
        lambda text: text.replace("a", "а").replace("o", "о"),
        lambda text: text.replace("Campuchia", "C.a.m.p.u.c.h.i.a").replace("lương", "l.ư.ơ.n.g"),
        lambda text: text.replace("Campuchia", "c a m p u c h i a"),
        lambda text: "\u200b".join(text),
        lambda text: (
            text.replace("không", "ko").replace("người", "ng").replace("kinh nghiệm", "kn")
        ),
        lambda text: text.replace("Campuchia", "Campuchiaaaaa").replace("lương", "lươngggg"),
        lambda text: text.replace("i", "ⓘ").replace("m", "𝐦"),
        lambda text: text.replace("Campuchia", "🇰🇭"),
        lambda text: text.replace("lương", "lu7o7ng").replace("nghiệm", "nghieemj"),
        lambda text: text.replace(" ", "  \n"),
    ],
)
def test_it_flags_the_same_lure_in_disguise(disguise: object) -> None:
    assert callable(disguise)
    plain, hidden = judged(LURE), judged(disguise(LURE))
    assert hidden.kind is Kind.LURE
    assert "destination" in hidden.groups
    assert hidden.score >= plain.score * 0.7


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hôm nay trời đẹp quá",
        "bản thân mình luôn cố gắng mỗi ngày",
        "Cho thuê phòng trọ giá 2 triệu, liên hệ 0900 000 124",
        "làm việc nhé em",
        "Cần tuyển kế toán 2 năm kinh nghiệm, lương 12 triệu, đóng bảo hiểm, gửi CV qua mail",
        "đi Cam Ranh chơi vui lắm, khách sạn đẹp",
        "mình đi k được, bận quá, zalo sau nhé",
        "uống nước cam ngon ghê",
    ],
)
def test_it_keeps_nothing_of_an_innocent_text(text: str) -> None:
    assert matcher().match(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Công an cảnh báo: cẩn thận chiêu lừa tuyển người sang Campuchia lương 25 triệu, không cần kinh nghiệm",
        "Cảnh giác thủ đoạn rủ đi Campuchia làm việc nhẹ lương cao, đừng tin kẻ xấu",
    ],
)
def test_a_warning_sinks_but_does_not_vanish(text: str) -> None:
    judgement = judged(text)
    assert judgement.kind in {Kind.WARNING, Kind.NEWS}
    assert judgement.level is Level.LOW
    assert judgement.urgent == ()


def test_news_of_an_arrest_is_news() -> None:
    text = "Khởi tố nhóm đưa người sang Campuchia làm việc nhẹ lương cao, nhiều nạn nhân bị đánh"
    assert judged(text).kind is Kind.NEWS


def test_a_scammer_who_swears_it_is_no_scam_is_still_a_lure() -> None:
    assert judged(LURE + ", cam kết không lừa đảo, uy tín").kind is Kind.LURE


def test_a_cry_for_help_goes_to_the_urgent_lane_and_does_not_sink() -> None:
    text = "Xin các chú công an cứu em tôi, em bị bán sang Campuchia, họ đòi 100 triệu mới cho về"
    judgement = judged(text)
    assert judgement.kind is Kind.HELP
    assert {"help", "ransom"} <= set(judgement.urgent)
    assert judgement.level is not Level.LOW


def test_a_minor_and_a_ride_tonight_are_urgent() -> None:
    text = "Cần 2 em gái qua Cam làm, 16 17 tuổi cũng nhận, tối nay có xe, zalo 0900 000 125"
    assert {"minor", "departure"} <= set(judged(text).urgent)


def test_a_word_with_other_diacritics_is_another_word() -> None:
    assert matcher().match("bàn thân thiện, bạn thân zalo 0900 000 123") is None
    assert matcher().match("ở bển để thuê nhà zalo 0900 000 123") is None


def test_hits_point_into_the_original_and_reasons_explain_each() -> None:
    text = "  Tuyển ng qua 🇰🇭 l.à.m, ngày 800k\n➡️ zalo 0️⃣900 000 123"
    judgement = judged(text)
    assert all(text[hit.start : hit.end] == hit.text for hit in judgement.hits)
    assert "🇰🇭" in " ".join(hit.text for hit in judgement.hits)
    explained = {reason.signal for reason in judgement.reasons}
    assert {hit.signal for hit in judgement.hits} <= explained
    assert all(reason.vi and reason.en for reason in judgement.reasons)
    assert set(judgement.groups) <= set(GROUPS)


def test_a_judgement_survives_json() -> None:
    judgement = judged(LURE)
    assert Judgement.from_dict(json.loads(json.dumps(judgement.to_dict()))) == judgement


def test_one_group_alone_is_not_enough() -> None:
    sample = Matcher([load_pack(SOUND)])
    assert sample.match("đi xứ lạ, sang xứ lạ") is None
    assert sample.match("đi xứ lạ, ngày 500k") is not None


def test_scope_limits_a_signal_to_its_platform() -> None:
    text = SOUND.replace("    weight: 30", "    weight: 30\n    scope: {platform: [zalo]}", 1)
    text = text.replace('positive: ["mai sang xứ lạ", "qua bên kia xứ lạ"]', "positive: []")
    sample = Matcher([load_pack(text.replace('positive: ["đi xứ lạ, ngày 500k"]', "positive: []"))])
    assert sample.match("đi xứ lạ, ngày 500k", Context(platform="zalo")) is not None
    assert sample.match("đi xứ lạ, ngày 500k", Context(platform="facebook")) is None


@pytest.mark.parametrize("state", ["draft", "shadow", "retired"])
def test_only_live_signals_flag(state: str) -> None:
    text = SOUND.replace("    weight: 30", f"    weight: 30\n    state: {state}", 1)
    text = (
        text[: text.index("    examples:")]
        + text[text.index("  - id: pays") : text.index('examples:\n  positive: ["đi')]
    )
    assert Matcher([load_pack(text)]).match("đi xứ lạ, ngày 500k") is None


def test_near_asks_for_nearness() -> None:
    text = SOUND.replace(
        'examples:\n  positive: ["đi',
        "threshold: 60\ncombinations:\n  - id: close\n    near: {within: 3, of: [there, pays]}\n"
        '    weight: 20\n    why: {vi: Gần nhau, en: Close}\nexamples:\n  positive: ["đi',
    )
    sample = Matcher([load_pack(text)])
    assert sample.match("đi xứ lạ, ngày 500k") is not None
    assert sample.match("đi xứ lạ " + "rất là xa xôi " * 5 + "ngày 500k") is None


def test_the_version_changes_with_the_rules_only() -> None:
    one, same = Matcher([load_pack(SOUND)]), Matcher([load_pack(SOUND)])
    other = Matcher([load_pack(SOUND.replace("weight: 30", "weight: 31"))])
    assert one.version == same.version != other.version


def test_a_long_text_is_judged_on_its_beginning_and_the_judgement_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert MAX_LENGTH == 1_000_000
    monkeypatch.setattr("search.rules.matcher.MAX_LENGTH", 20_000)
    told = judged(LURE + " x" * 20_000).reasons[-1]
    assert (told.signal, told.weight) == ("matcher/length", 0)
    assert told.vi
    assert told.en
    assert told.group in LABELS
    assert all(reason.group != "length" for reason in judged(LURE).reasons)
    assert matcher().match("x " * 20_000 + LURE) is None


def test_every_reason_and_hit_names_a_group_that_has_a_label_in_both_languages() -> None:
    text = LURE + ", bán thận, cam kết không lừa đảo, bao ăn ở, tối nay có xe, công an cảnh báo"
    judgement = judged(text)
    named = {reason.group for reason in judgement.reasons} | {hit.group for hit in judgement.hits}
    assert "innocent" in named
    assert all(LABELS[group]["vi"] and LABELS[group]["en"] for group in named)
    combined = {"combination" for pack in matcher().packs if pack.combinations}
    assert combined <= set(LABELS)


GAPPED = SOUND.replace(
    'phrases: ["<go> xứ lạ"', 'phrases: ["<go> ... xứ ... lạ lùng", "<go> xứ lạ"'
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đi tới một xứ thật là lạ lùng, ngày 500k", True),
        ("đi rất là xa xôi xứ rất là xa xôi lạ lùng, ngày 500k", True),
        ("đi rất là xa xôi lắm xứ lạ lùng, ngày 500k", False),
        ("xứ kia đi lạ lùng, ngày 500k", False),
        ("lạ lùng xứ đi, ngày 500k", False),
        ("đi tới. Một xứ lạ lùng, ngày 500k", False),
    ],
)
def test_a_phrase_with_gaps_wants_its_places_in_order_near_and_in_one_sentence(
    text: str, found: bool
) -> None:
    assert (Matcher([load_pack(GAPPED)]).match(text) is not None) is found


@given(
    st.lists(
        st.sampled_from(
            ["đi", "sang", "xứ", "lạ", "lùng", "ngày", "500k", ".", "a", "Di", "xu", "la"]
        ),
        max_size=25,
    )
)
@settings(max_examples=200, deadline=None)
def test_the_quick_passes_turn_nothing_away_that_the_whole_reading_flags(words: list[str]) -> None:
    text = " ".join(words)
    sample = gapped()
    assert sample.match(text) == sample.match_with(sample.packs[0].id, text)


@cache
def gapped() -> Matcher:
    return Matcher([load_pack(GAPPED)])


def test_the_quick_passes_turn_nothing_away_in_the_packs_own_examples() -> None:
    for pack in matcher().packs:
        for text in () if pack.shared else pack.examples.positive:
            alone = matcher().match_with(pack.id, text)
            together = matcher().match(text)
            assert alone is None or together is None or pack.id in together.packs
            assert alone is None or together is not None


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*LURE.split(), "cứu", "bán thận", "🇰🇭", "\ud83d", "ko", "k", "0️⃣"]),
            st.text(max_size=6),
        ),
        max_size=30,
    ).map(" ".join)
)
@settings(max_examples=300, deadline=None)
def test_nothing_makes_it_fail_and_what_it_says_is_sound(text: str) -> None:
    judgement = matcher().match(text)
    if judgement is not None:
        assert 0 <= judgement.score <= 100
        assert judgement.level is Level.of(judgement.score)
        assert judgement.groups
        assert set(judgement.urgent) <= set(URGENT)
        assert all(text[hit.start : hit.end] == hit.text for hit in judgement.hits)


@pytest.mark.parametrize("word", ["cần ", "tuyển người ", "0", "bán ... ", "campuchia", "cứu con "])
def test_a_hostile_text_takes_bounded_time(word: str) -> None:
    text = (word * (MAX_LENGTH // len(word)))[:20_000]
    judgement = matcher().match(text)
    assert judgement is None or judgement.score <= 100
