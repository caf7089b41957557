"""Spellings that hide a lure, each with an innocent word that must stay what it is."""

import pytest

from search.text import fold, normalise, normalise_spans

#: How it is written, and what is meant.
DISGUISED = {
    "split onsets": ("v iệc n hẹ l ương c ao", "việc nhẹ lương cao"),
    "split rhymes": ("vi ệc nh ẹ", "việc nhẹ"),
    "split ends": ("tuyể n d ụng", "tuyển dụng"),
    "split short form": ("cần ng ười đi làm", "cần người đi làm"),
    "split without diacritics": ("v iec n he l uong c ao", "viec nhe luong cao"),
    "spaced letters": ("v i ệ c   n h ẹ   l ư ơ n g", "việc nhẹ lương"),
    "spaced and split": ("v i ệ c l ương c ao", "việc lương cao"),
    "emoji between letters": ("v🔥i🔥ệ🔥c l💰ương c💰ao", "việc lương cao"),
    "emoji between words": ("🔥việc💰nhẹ💰lương💰cao🔥", "việc nhẹ lương cao"),
    "emoji with a skin tone": ("v👍🏻iệc nhẹ", "việc nhẹ"),
    "slashes and pipes": ("vi/ệc v|i|ệ|c n/h/ẹ l_ương", "việc việc nhẹ lương"),
    "brackets": ("(v)(i)(ệ)(c) [n][h][ẹ]", "việc nhẹ"),
    "Hangul filler": ("vㅤiㅤệㅤcㅤㅤnhẹ", "việc nhẹ"),
    "Braille blank": ("v⠀i⠀ệ⠀c", "việc"),
    "tags and selectors": ("v\U000e0061i\ufe0fệ\U000e0020c", "việc"),
    "bidirectional": ("\u202eviệc\u202c \u2066nhẹ\u2069", "việc nhẹ"),
    "soft hyphen and joiners": ("vi\u00adệ\u2060c n\u200dhẹ", "việc nhẹ"),
    "struck through": ("t̶i̶ề̶n̶ n̷h̷a̷n̷h̷", "tiền nhanh"),
    "Fraktur and double-struck": ("𝔳𝔦𝔢𝔠 𝕝𝕒𝕞", "viec lam"),
    "squared and circled": ("🆅🅸🅴🅲 🄽🄷🄴 ⓛⓤⓞⓝⓖ 🅒🅐🅞", "viec nhe luong cao"),
    "small capitals": ("ᴠɪᴇᴄ ɴʜᴇ ʟᴜᴏɴɢ ᴄᴀᴏ", "viec nhe luong cao"),
    "superscripts": ("ᵛⁱᵉᶜ ⁿʰᵉ", "viec nhe"),
    "full-width": ("ｖｉệｃ　ｌàｍ", "việc làm"),
    "regional letters": ("🇻🇮🇪🇨 🇳🇭🇪", "viec nhe"),
    "regional letters apart": ("🇻 🇮 🇪 🇨", "viec"),
    "upside down": ("ɔǝᴉʌ oɐɔ", "viec cao"),
    "upside down letters": ("vᴉệc", "việc"),
    "Cyrillic and Greek": ("саѕіnо ταі", "casino tai"),
    "Cherokee and Lisu": ("ᏟᎪᎷᏢ ꓡꓴꓳꓠꓖ", "camp luong"),
    "African letters": ("ƥroduƈt kiƈɦ", "product kich"),
    "Chinese among Latin": ("丅uyển dụng l丨ên", "tuyển dụng liên"),
    "Chinese alone": ("丅ㄩㄚ匚 乃卂ㄖ", "丅ㄩㄚ匚 bao"),
    "umlauts": ("lüöng cäo vïệc", "luong cao việc"),
    "Scandinavian and Spanish": ("ñhån tiền", "nhan tiền"),
    "at sign": ("z@lo c@mpuchia l@m", "zalo campuchia lam"),
    "capital I for l": ("Iương cao zaIo Iiên hệ", "lương cao zalo liên hệ"),
    "l for i": ("vlệc", "việc"),
    "digits": ("v1ệc l4m c4mpuch1a", "việc làm campuchia".replace("làm", "lam")),
    "Telex": ("vieejc nhej luwowng cao ddi campuchia", "việc nhẹ lương cao đi campuchia"),
    "Telex half done": ("tienf chuyenj", "tiền chuyện"),
    "VNI": ("vie65c lu7o7ng", "việc lương"),
    "VIQR": ("vie^.c lu+o+ng tie^`n la`m ca(`ng", "việc lương tiền làm cằng"),
    "doubled letters": ("việcc nhẹee lươngg caoo", "việc nhẹ lương cao"),
    "repeated letters": ("vieeecccc lươngggg caooo", "viec lương cao"),
    "two tones": ("vịệc", "việc"),
    "half a horn": ("lưong nguời đuợc", "lương người được"),
    "glued hashtags": ("#viecnheluongcao #tuyengap", "viec nhe luong cao tuyen gap"),
    "glued with diacritics": ("VIỆCNHẸLƯƠNGCAO", "việc nhẹ lương cao"),
    "written line ends": ("gấp\\nviệc nhẹ\\n", "gấp việc nhẹ"),
    "flags": ("đi🇰🇭🇲🇲 🇹🇭 🇷🇺", "đi campuchia myanmar thái lan nga"),
    "figures": ("6OOk 3OOOk l5tr 2Otr", "600k 3000k 15 triệu 20 triệu"),
    "figures with dots": ("25.000.000 25,000,000đ", "25000000 25000000 đồng"),
    "figures with units": (
        "25tr 25 tr 25triệu 2tr5 1tr500",
        "25 triệu 25 triệu 25 triệu 2.5 triệu 1.5 triệu",
    ),
    "slang": ("25cu 25củ 25chai 25lít 25lúa", "25 cu 25 củ 25 chai 25 lít 25 lúa"),
    "ranges": ("500-800k 500k~1tr", "500 800k 500k 1 triệu"),
    "split anywhere": (
        "tuy ển nh ân viên đi c am pu chia b ao ăn ở",
        "tuyển nhân viên đi cam pu chia bao ăn ở",
    ),
    "split accented consonants": ("n hận ng ười k hông b ằng c ấp", "nhận người không bằng cấp"),
    "split plain consonants": (
        "tuye n ng uoi di la m k hong c an b ang",
        "tuyen nguoi di lam khong can bang",
    ),
    "glued in twos": ("emcó bạnnào vềnước côngty", "em có bạn nào về nước công ty"),
    "glued in twos without diacritics": ("begai duocve khongcan", "be gai duoc ve khong can"),
    "Telex tones alone": ("cos khoong phis thangs khachs nhoms", "có không phí tháng khách nhóm"),
    "Telex words that are English": ("teen been vieejc ddc", "tên bên việc được"),
    "Telex inside": ("lafm phofng mifnh đuowcj", "làm phòng mình được"),
    "VNI tones alone": ("co1 la2m thi2 nha2 chi5", "có làm thì nhà chị"),
    "leading digits": ("7uyển 9iấy 5inh 8ạn 1ương n9ười", "tuyển giấy sinh bạn lương người"),
    "trailing digits": (
        "khon9 than9 qu4 nhan9h mo7",
        "khong thang qua nhangh mot".replace("nhangh", "nhan9h"),
    ),
    "signs": ("t!ền v|ệc $inh rồ! |ương", "tiền việc sinh rồi lương"),
    "by sound": ("fong wa mún ngừi bik zậy", "phong qua muốn người biết vậy"),
    "repeated units": ("45trrrr luôngggg", "45 triệu luông"),
    "parentheses": ("⒱⒤⒠⒞ ⓝ⒣ⓔ", "viec nhe"),
    "Greek capitals": ("ΝHÂΝ VIÊΝ ΗÀΝ ΜỘT ΤΥ", "nhân viên hàn một ty"),
    "Chinese in short words": ("匚o 乇m d丨 20t尺 片o", "co em di 20 triệu không"),
    "apostrophes": ("v'i'ệ'c n’h’ẹ", "việc nhẹ"),
    "two halves that are words": ("tu-oi vi/ệc ngu.oi", "tuoi việc nguoi"),
    "emoji digits": ("0️⃣9️⃣0️⃣ ⑤ 🔟", "090 5 10"),
}
#: What honest people write; it comes out as it is, apart from marks between words.
HONEST = [
    "k ai", "m ơi", "a c e", "b ơi", "c ơi", "t ở nhà", "đ c", "e ăn", "k em", "h anh", "m à", "c ai ơi",
    "a ấy k ở đây", "trung ương", "công việc 工作 中文", "北京 人口", "Q工", "iphone15", "covid19",
    "quan1", "h2o", "box", "too", "tree", "coffee", "meow", "tower", "power", "choose", "bill", "class",
       "e ở nhà c", "hồng kông", "kon tum", "koh kong", "fan", "trade", "code",
    "photo", "menu", "remote", "mobile", "manager", "quan9", "ban9", "8am", "7 ngày", "2 con", "5sao", "top1",
    "his", "car", "max", "rust", "its", "chị em", "con anh", "cam on", "la ai", "ba o",
    "and or", "part time", "ok em", "i5", "l5", "o2", "nh3", "x y", "ví dụ", "uống nước", "ước mơ", "yêu",
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), DISGUISED.values(), ids=DISGUISED.keys())
def test_a_disguise_is_read_as_what_is_meant(written: str, meant: str) -> None:
    assert normalise(written).kept == meant
    assert fold(written) == normalise(meant).folded
    assert normalise_spans(written).normal == normalise(written)


@pytest.mark.parametrize("text", HONEST)
def test_honest_writing_is_left_alone(text: str) -> None:
    assert normalise(text).kept == text.lower()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("rẻ^^ quá^^", "rẻ quá"),
        ("anh/chị nam/nữ có/không", "anh chị nam nữ có không"),
        ("a/c n/a đ/c", "a c n a đ c"),
        ("chỉ 1tr699", "chỉ 1699 nghìn"),
        ("lan@cong-ty.example", "lan cong ty example"),
        ("@lan_anh ơi", "lan anh ơi"),
        ("24/7, 12/10/2026", "24 7 12 10 2026"),
        ("it's don't", "it s don t"),
        ("1+1 zalo+tele", "1 1 zalo telegram"),
        ("C:\\data", "c data"),
        ("500k/ngày", "500k ngày"),
        ("chị/em cha-mẹ mua/bán", "chị em cha mẹ mua bán"),
        ("hay quá! đi thôi!", "hay quá đi thôi"),
        ("1000$/tháng", "1000 usd tháng"),
        ("|tên|tuổi|", "tên tuổi"),
        ("có ng ở đây, cho ng ta", "có người ở đây cho người ta"),
    ],
)
def test_marks_of_honest_writing_only_separate(text: str, kept: str) -> None:
    assert normalise(text).kept == kept


def test_the_spans_of_torn_words_cover_what_was_torn() -> None:
    text = "có v iệc n hẹ nha, l💰ương"
    spans = normalise_spans(text)
    found = [text[a:b] for a, b in zip(spans.starts, spans.ends, strict=True)]
    assert found == ["có", "v iệc", "n hẹ", "nha", "l💰ương"]
    assert spans.normal.kept == "có việc nhẹ nha lương"


def test_letters_that_the_author_wrote_count_as_written_though_torn() -> None:
    from search.text import tokenise

    assert tokenise("v iệc ko").written == (True, False)


def test_one_torn_place_tells_of_others() -> None:
    assert normalise("ca o").kept == "ca o"
    assert normalise("lương ca o v iệc").kept == "lương cao việc"


def test_words_typed_without_an_input_method_tell_of_others() -> None:
    assert normalise("max teen").kept == "max teen"
    assert normalise("vieejc max teen").kept == "việc mã tên"
