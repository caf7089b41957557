"""How fast posts are judged on one core, against a bare automaton over the same text in the same run.

    python -m benchmarks.match [FILE.jsonl[.gz]]

FILE holds objects with `text`; without it posts are made up. The 2,000 phrases are always made up, on
top of the shipped packs. Prints posts per second and the ratio. Times are medians of five runs.
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

PHRASES, POSTS, RUNS = 2000, 20_000, 5
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
    texts = texts[:POSTS]
    phrases = make_phrases(made)
    matcher = Matcher([*shipped_packs(), pack_of(phrases)])
    bare = automaton_of(phrases)
    warm = [f" {fold(text)} " for text in texts]
    rates = {
        "normalise and judge": rate(texts, matcher.match),
        "normalise only": rate(texts, fold),
        "bare automaton on normal text": rate(warm, lambda text: list(bare.iter(text))),
    }
    flagged = sum(matcher.match(text) is not None for text in texts)
    length = statistics.mean(map(len, texts))
    print(
        f"{len(texts)} posts of {length:.0f} characters, {len(phrases)} phrases, {flagged} flagged"
    )
    for name, posts in rates.items():
        print(f"{name:32} {posts:12,.0f} posts/s")
    judged, plain = rates["normalise and judge"], rates["bare automaton on normal text"]
    print(f"judging costs {plain / judged:.1f} times the bare automaton")


def rate(texts: list[str], act: Callable[[str], object]) -> float:
    """Posts per second, the median of some runs after one to warm up."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        for text in texts:
            act(text)
        times.append(time.perf_counter() - start)
    return len(texts) / statistics.median(times[1:])


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
