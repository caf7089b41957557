"""How fast posts are judged on one core, against a plain list of phrases over the same posts.

    taskset -c 1 python -m benchmarks.match [--alone] [FILE.jsonl[.gz]] [SHORTEST LONGEST]

FILE holds objects with `text`; without it three kinds of posts are measured: short comments and honest
job posts (where RASOAT_SHARED or ../shared has them) and made-up posts of about 293 characters, of so
many different words that what was read before says little of what comes. With SHORTEST and LONGEST only
posts of that many characters are taken. The 2,000 phrases are always made up, on top of the shipped packs;
with --alone instead of them, which leaves out likeness, too.

Half of the posts are read first, as a service that runs all day has read the words of others; the rest is
measured in parts, each post judged once and none normalised before. Comments come as they are, long ones
among them; those of more than 200 characters are told apart too. Beside it stands what a plain list of
the same 2,000 phrases costs with the same normaliser. Times are process CPU seconds, medians of the parts, so
that other work on the machine counts little; "lower and split" in the same parts tells how busy it was.
"""

import gzip
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ahocorasick

from search.rules.matcher import Matcher
from search.rules.model import Pack, Signal, Words
from search.rules.pack import shipped_packs
from search.syllables import ONSETS, RHYMES_KEPT, SYLLABLES, TONES, well_formed
from search.text import fold, fold_padded
from search.text_torn import TORN
from search.typing_leftovers import place_tone

ALONE = "--alone"
PHRASES, POSTS, PARTS, LONG = 2000, 40_000, 6, 200
#: Characters of a made-up post, and the share of its words that are everyday ones.
LENGTH, EVERYDAY = 293, 0.5
SHARED = Path(os.environ.get("RASOAT_SHARED", "../shared")) / "data"
EVERY_DAY = (
    "anh bạn bán bao biết buổi cần chạy chị chiều cho chơi chuyện có còn cơm của cũng đã đang đây đẹp "
    "đến đi đó được em gì giờ hàng hay học hôm khi không làm lại lên lúc mà mai mẹ mình mới mua muốn "
    "năm này nên ngày nghe người nhà nhiều như nói nước phải qua quá ra rồi sao sáng sau sẽ tháng thấy "
    "thì thích thôi tiền tối trong trời từ và vẫn về vì việc vui với vừa xe xem xin xong yêu"
)


def main() -> None:
    """Measures and prints."""
    made = random.Random(7)  # noqa: S311
    phrases = make_phrases(made)
    shipped = () if ALONE in sys.argv else shipped_packs()
    sys.argv = [given for given in sys.argv if given != ALONE]
    matcher = Matcher([*shipped, pack_of(phrases)])
    bare = automaton_of(phrases)
    for name, texts in corpora(made):
        if len(sys.argv) > 3:
            shortest, longest = int(sys.argv[2]), int(sys.argv[3])
            texts = [text for text in texts if shortest <= len(text) <= longest]
        random.Random(5).shuffle(texts)  # noqa: S311
        measure(name, texts[:POSTS], matcher, bare)


def corpora(made: random.Random) -> Iterator[tuple[str, list[str]]]:
    """What is measured: name and posts."""
    if len(sys.argv) > 1:
        yield sys.argv[1], read(Path(sys.argv[1]))
        return
    for name, file in (("comments", "posts_volume"), ("job posts", "job_posts_facebook")):
        path = SHARED / f"{file}.jsonl.gz"
        if path.is_file():
            yield name, read(path)
    yield "made-up posts", make_posts(made)


def measure(name: str, texts: list[str], matcher: Matcher, bare: "ahocorasick.Automaton") -> None:
    """Prints the rates for one kind of posts."""
    half = len(texts) // 2
    known, new = texts[:half], texts[half:]
    for text in known:
        matcher.match(text)

    def listed(text: str) -> list[object]:
        return list(bare.iter(fold_padded(text)))

    flagged: list[object] = []
    rates = {
        "lower and split": rate(new, lambda text: text.lower().split()),
        "normalise and judge, new posts": rate(
            new, lambda text: flagged.append(matcher.match(text))
        ),
        "the same posts again": rate(new, matcher.match),
        "normalise only, seen posts": rate(new, fold),
        "a plain list, seen posts": rate(new, listed),
    }
    longer = [text for text in new if len(text) > LONG]
    if len(longer) >= PARTS:
        rates[f"{len(longer)} of over {LONG} characters again"] = rate(longer, matcher.match)
    length = statistics.mean(map(len, new))
    kept = sum(one is not None for one in flagged)
    print(f"{name}: {len(new)} of {length:.0f} characters after {half} others, {kept} kept")
    listing = rates["a plain list, seen posts"]
    for what, posts in rates.items():
        print(f"  {what:36} {posts:9,.0f} posts per CPU second, {listing / posts:5.1f} of a list")


def rate(texts: list[str], act: Callable[[str], object]) -> float:
    """Posts per CPU second: the median of the parts."""
    size = len(texts) // PARTS
    times = []
    for part in range(PARTS):
        start = time.process_time()
        for text in texts[part * size : (part + 1) * size]:
            act(text)
        times.append(time.process_time() - start)
    return size / statistics.median(times)


def read(file: Path) -> list[str]:
    """The texts of a JSONL file."""
    content = file.read_bytes()
    if file.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line)["text"] for line in content.decode().split("\n") if line.strip()]


def make_posts(made: random.Random) -> list[str]:
    """Posts of everyday and of rare syllables, with capitals, marks and figures; each hundredth an offer."""
    everyday, rare = EVERY_DAY.split(), all_syllables()
    posts = []
    for number in range(POSTS):
        words, length = [], 0
        while length < LENGTH:
            word = made.choice(everyday if made.random() < EVERYDAY else rare)
            chance = made.random()
            if chance < 0.08:
                word = word.capitalize()
            elif chance < 0.18:
                word += made.choice(",.!?:")
            elif chance < 0.20:
                word = str(made.randint(1, 99_999))
            words.append(word)
            length += len(word) + 1
        offer = " cần ng qua Campuchia làm, lương 25tr, ib zalo 0900 000 140"
        posts.append(" ".join(words) + (offer if number % 100 == 0 else ""))
    return posts


def all_syllables() -> list[str]:
    """Every syllable that Vietnamese spelling allows and that can stand alone."""
    bare = sorted(onset + rhyme for onset in ["", *ONSETS] for rhyme in RHYMES_KEPT)
    toned = {place_tone(syllable, tone) for syllable in bare for tone in ("", *TONES)}
    return sorted(one for one in toned - TORN if well_formed(one) and fold(one) in SYLLABLES)


def make_phrases(made: random.Random) -> list[str]:
    """Phrases of 3 to 5 syllables."""
    words = EVERY_DAY.split()
    found: dict[str, None] = {}
    while len(found) < PHRASES:
        found[" ".join(made.choices(words, k=made.randint(3, 5)))] = None
    return list(found)


def pack_of(phrases: list[str]) -> Pack:
    """The phrases as one pack of a hundred signals."""
    why = Words("Đo tốc độ", "Speed")
    signals = tuple(
        Signal(f"made-{n}", "offer", 5, why, phrases=tuple(phrases[n::100])) for n in range(100)
    )
    return Pack("made", 1, why, why, ("none",), "benchmark", uses=("common",), signals=signals)


def automaton_of(phrases: list[str]) -> "ahocorasick.Automaton":
    """What the fastest thinkable matcher would be: literals only, no rules."""
    automaton = ahocorasick.Automaton()
    for number, phrase in enumerate(phrases):
        automaton.add_word(f" {fold(phrase)} ", number)
    automaton.make_automaton()
    return automaton


if __name__ == "__main__":
    main()
