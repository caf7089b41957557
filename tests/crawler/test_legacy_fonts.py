"""Text for fonts of former years becomes Unicode where that is sure; text in Unicode is never touched."""

import io
import json
import random
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page import Parsed
from crawler.sources import KINDS
from crawler.sources.file.convert import as_lines
from crawler.sources.file.encoding import detect_encoding
from crawler.sources.file.parser import inspect, rows
from crawler.sources.legacy_fonts import TCVN3, VNI, font_of, table, to_unicode, turned
from crawler.sources.markup import decode
from search.post import Platform
from search.syllable_counts import KEPT
from tests.crawler.pages import answer, plan

LURE = (
    "Tuyển gấp 20 bạn nam nữ đi làm việc ở nước ngoài, lương 15 triệu, bao ăn ở, không cần kinh nghiệm. "
    "Ai muốn kiếm tiền thật nhanh thì nhắn số 0900 000 123, mọi giấy tờ đã có người lo hết, đừng ngại hỏi."
)
FOREIGN = (
    "Où êtes-vous allés cet été ? Nous étions à l'hôtel près de la forêt, où l'âme goûte la paix.",
    "La señora pidió más café y se fue mañana al país de los niños, según dijo él.",
    "Müßige Gäste möchten größere Tische für Frühstück, Öl und süßes Gebäck.",
    "Não há ninguém à mão; a canção da irmã é só para o avô e as lições de inglês já não são tão fáceis.",
    "På øya står en blå båt; å gå fra fjære til høyfjell tar én dag, og så får vi fløte.",
    "Àrd-sgoil ùr, òrain is ceòl; tha mi às dèidh mo dhìnnear ann an sràid bhòidheach.",
)
LATIN_ONLY = sorted(
    word for word in KEPT if not word.isascii() and re.fullmatch("[a-z\u00e0-\u00ff]+", word)
)
"""Vietnamese syllables of which every letter stands in the Western table too: là, có, cháu, bên."""


def written(text: str, font: str) -> str:
    """The text as somebody would have typed it for the font; letters that the font lacks are left out."""
    letters = {letter: codes for codes, letter in table(font).items()}
    if font == TCVN3:  # its capitals with marks are small codes, shown by a font of capitals
        letters |= {letter.upper(): codes for letter, codes in list(letters.items())}
    return "".join(letters.get(char, char) for char in text)


@pytest.mark.parametrize("font", [TCVN3, VNI])
def test_every_letter_comes_back(font: str) -> None:
    marked = "".join(sorted({letter for letter in table(TCVN3).values() if letter.islower()}))
    assert len(marked) == 67
    assert turned(written(marked, font), font) == marked
    assert turned(written(LURE, font), font) == LURE


@pytest.mark.parametrize(
    ("font", "seen", "read"),
    [
        (TCVN3, "§¨ng ký viÖc lµm t¹i Hµ Néi, l­¬ng cao", "Đăng ký việc làm tại Hà Nội, lương cao"),
        (
            VNI,
            "Ñaêng kyù vieäc laøm taïi Haø Noäi, löông cao",
            "Đăng ký việc làm tại Hà Nội, lương cao",
        ),
        (TCVN3, "CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (VNI, "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ],
)
def test_what_people_see_without_the_font_is_read(font: str, seen: str, read: str) -> None:
    assert font_of(seen) == font
    assert to_unicode(seen) == read


@pytest.mark.parametrize("text", [LURE, LURE.upper(), *FOREIGN, "café", "", "µm · ¾ © 2026 ®"])
def test_unicode_and_other_languages_stay(text: str) -> None:
    assert font_of(text) == ""
    assert to_unicode(text) is text


@given(st.lists(st.sampled_from(LATIN_ONLY), max_size=60))
def test_vietnamese_of_western_letters_only_is_never_touched(words: list[str]) -> None:
    text = " ".join(words)
    assert to_unicode(text) is text
    assert to_unicode(text.title()) == text.title()


@given(st.lists(st.sampled_from(sorted(KEPT)), max_size=60), st.text(max_size=40))
def test_text_with_a_letter_that_only_unicode_has_is_never_touched(
    words: list[str], more: str
) -> None:
    text = f"{' '.join(words)} đ {more}"
    assert to_unicode(text) is text


@given(
    st.lists(st.sampled_from(sorted(KEPT)), min_size=25, max_size=60), st.sampled_from([TCVN3, VNI])
)
def test_what_is_turned_is_what_was_meant(words: list[str], font: str) -> None:
    text = " ".join(words)
    assert to_unicode(written(text, font)) in {text, written(text, font)}


@pytest.mark.parametrize("font", [TCVN3, VNI])
def test_texts_of_a_few_sentences_are_recognised_nearly_always(font: str) -> None:
    chance = random.Random(5)  # noqa: S311 - samples, not secrets
    texts = [" ".join(chance.sample(sorted(KEPT), 30)) for _ in range(200)]
    turned_back = sum(to_unicode(written(text, font)) == text for text in texts)
    assert turned_back >= 195


@given(st.text(st.characters(max_codepoint=255)))
def test_no_text_of_western_letters_breaks_it(text: str) -> None:
    assert isinstance(to_unicode(text), str)


def both() -> Iterator[tuple[str, bytes]]:
    """The table of three rows in each font, as bytes of the font and saved as UTF-8 afterwards."""
    lines = ["Nội dung;Người gửi", f"{LURE};Chị Hậu", "Có người rủ đi;Bác Bảy", "ở;ẩn danh"]
    for font in (TCVN3, VNI):
        for encoding in ("latin-1", "utf-8"):
            yield font, written("\n".join(lines), font).encode(encoding)


@pytest.mark.parametrize(("font", "data"), list(both()))
def test_a_file_is_turned_whole_with_its_header_and_its_short_cells(font: str, data: bytes) -> None:
    layout = inspect(data, {})
    assert (layout.font, layout.header) == (font, ("Nội dung", "Người gửi"))
    posts = [row.post for row in rows(io.BytesIO(data), layout, {}, Platform.SMS)]
    assert [(post.text, post.author.name) for post in posts if post] == [
        (LURE, "Chị Hậu"),
        ("Có người rủ đi", "Bác Bảy"),
        ("ở", "ẩn danh"),
    ]


def test_a_file_with_both_kinds_of_writing_is_judged_cell_by_cell() -> None:
    data = "\n".join(["text", "Có đây", written(LURE, VNI), "cã", "café"]).encode()
    layout = inspect(data, {})
    posts = [row.post for row in rows(io.BytesIO(data), layout, {}, Platform.SMS)]
    assert layout.font == ""
    assert [post.text for post in posts if post] == ["Có đây", LURE, "cã", "café"]


def test_an_officer_may_say_that_a_short_file_is_of_a_font() -> None:
    data = written("text\nở đây", TCVN3).encode("latin-1")
    config = {"encoding": TCVN3}
    posts = [
        row.post for row in rows(io.BytesIO(data), inspect(data, config), config, Platform.SMS)
    ]
    assert [post.text for post in posts if post] == ["ở đây"]


def test_windows_1258_is_still_told_apart() -> None:
    data = "Tuyê\u0309n vi\u00ea\u0323c la\u0300m nha\u0323̂p liê\u0323u".encode("cp1258", "ignore")
    assert detect_encoding(data) == "cp1258"


def test_a_workbook_saved_from_such_a_font_is_turned() -> None:
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["Nội dung"], [LURE], ["ở nhà"]):
        sheet.append([written(row[0], VNI)])
    book.save(file)
    file.seek(0)
    with as_lines(file) as lines:
        layout = inspect(lines.read(), {})
        lines.seek(0)
        posts = [row.post for row in rows(lines, layout, {}, Platform.SMS)]
    assert [post.text for post in posts if post] == [LURE, "ở nhà"]


@pytest.mark.parametrize("font", [TCVN3, VNI])
@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "x-user-defined", "utf-8"])
def test_pages_feeds_and_interfaces_are_turned(font: str, charset: str) -> None:
    real = "utf-8" if charset == "utf-8" else "latin-1"
    page = f"<html><body><p>{written(LURE, font)}</p></body></html>".encode(real)
    assert LURE in decode(page, f"text/html; charset={charset}")
    feed = (
        f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><item><link>https://a.example/1'
        f"</link><description>{written(LURE, font)}</description></item></channel></rss>"
    )
    read: Parsed = KINDS["rss"].read(plan("rss"), answer(feed.encode(real), step="feed"))
    assert [post.text for post in read.posts] == [LURE]
    assert json.loads(
        decode(json.dumps({"a": written(LURE, font)}, ensure_ascii=False).encode())
    ) == {"a": LURE}


def test_the_look_at_a_long_page_costs_little() -> None:
    page = ("<p>" + FOREIGN[0] + "</p>") * 10_000
    began = time.process_time()
    assert to_unicode(page) is page
    assert time.process_time() - began < 0.5
