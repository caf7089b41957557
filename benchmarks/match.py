"""How fast posts are judged on one core, against a bare automaton over the same text in the same run.

    taskset -c 1 python -m benchmarks.match [FILE.jsonl[.gz]] [SHORTEST LONGEST]

FILE holds objects with `text`; without it posts are made up. With SHORTEST and LONGEST only posts of
that many characters are taken. The 2,000 phrases are always made up, on top of the shipped packs.

Posts are cut into six parts: the first warms the caches, the others are each judged once, so no post is
measured that was seen before. Then the same posts again, as a busy forum repeats its words. Times are
process CPU seconds, medians of the parts, so that other work on the machine counts little.
"""

import gzip
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ahocorasick

from search.rules.matcher import Matcher
from search.rules.model import Pack, Signal, Words
from search.rules.pack import shipped_packs
from search.text import fold

PHRASES, POSTS, PARTS = 2000, 20_000, 6
SYLLABLES = (
    "anh bạn bán bao biết buổi cần chạy chị chiều cho chơi chuyện có còn cơm của cũng đã đang đây đẹp "
    "đến đi đó được em gì giờ hàng hay học hôm khi không làm lại lên lúc mà mai mẹ mình mới mua muốn "
    "năm này nên ngày nghe người nhà nhiều như nói nước phải qua quá ra rồi sao sáng sau sẽ tháng thấy "
    "thì thích thôi tiền tối trong trời từ và vẫn về vì việc vui với vừa xe xem xin xong yêu"
)


def main() -> None:
    """Measures and prints."""
    made = random.Random(7)  # noqa: S311
    texts = read(Path(sys.argv[1])) if len(sys.argv) > 1 else make_posts(made)
    if len(sys.argv) > 3:
        shortest, longest = int(sys.argv[2]), int(sys.argv[3])
        texts = [text for text in texts if shortest <= len(text) <= longest]
    random.Random(5).shuffle(texts)  # noqa: S311
    texts = texts[:POSTS]
    phrases = make_phrases(made)
    matcher = Matcher([*shipped_packs(), pack_of(phrases)])
    bare = automaton_of(phrases)
    rates = {
        "normalise and judge, new posts": rate(texts, matcher.match),
        "normalise and judge, seen posts": rate(texts, matcher.match),
        "normalise only, seen posts": rate(texts, fold),
    }
    warm = [f" {fold(text)} " for text in texts]
    plain = rate(warm, lambda text: list(bare.iter(text)))
    flagged = sum(matcher.match(text) is not None for text in texts)
    length = statistics.mean(map(len, texts))
    print(
        f"{len(texts)} posts of {length:.0f} characters, {len(phrases)} phrases, {flagged} flagged"
    )
    print(f"{'bare automaton on normal text':32} {plain:12,.0f} posts per CPU second")
    for name, posts in rates.items():
        ratio = plain / posts
        print(f"{name:32} {posts:12,.0f} posts per CPU second, {ratio:.1f} times the automaton")


def rate(texts: list[str], act: Callable[[str], object]) -> float:
    """Posts per CPU second: the median of the parts after the first, which only warms up."""
    size = len(texts) // PARTS
    times = []
    for part in range(PARTS):
        start = time.process_time()
        for text in texts[part * size : (part + 1) * size]:
            act(text)
        times.append(time.process_time() - start)
    return size / statistics.median(times[1:])


def read(file: Path) -> list[str]:
    """The texts of a JSONL file."""
    content = file.read_bytes()
    if file.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line)["text"] for line in content.decode().split("\n") if line.strip()]


def make_posts(made: random.Random) -> list[str]:
    """Posts of 10 to 90 everyday syllables, every hundredth with an offer in it."""
    words = SYLLABLES.split()
    posts = [" ".join(made.choices(words, k=made.randint(10, 90))) for _ in range(POSTS)]
    for at in range(0, POSTS, 100):
        posts[at] += " cần ng qua Campuchia làm, lương 25tr, ib zalo 0900 000 140"
    return posts


def make_phrases(made: random.Random) -> list[str]:
    """Phrases of 3 to 5 syllables."""
    words = SYLLABLES.split()
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
