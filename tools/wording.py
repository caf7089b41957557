"""Makes search/rules/wording.json: weights of words, learned from the made-up posts in tests/data/samples.

Only the development part is learned from; the held-back part stays unseen. Ordinary text (a folder given by
RASOAT_SHARED) teaches what is said by everybody: it moves weights, but every word of the table stands in at
least two made-up posts, so nothing of that text comes into the table.

    python tools/wording.py            writes the table, prints what it reaches
"""

import gzip
import hashlib
import json
import os
import sys
import zlib
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from search.rules.wording import Wording, features, words_of  # noqa: E402
from search.text import fold  # noqa: E402

SAMPLES, TABLE = ROOT / "tests/data/samples", ROOT / "search/rules/wording.json"
STRENGTH = 10.0
#: Of ordinary short texts at most so many in 1,000 are alike "some", "strong"; for help likewise.
LEAST = {"some": 10.0, "strong": 2.0, "help": 1.0}


def held_back(name: str) -> bool:
    """Whether a sample is kept from those who write rules, and from this table."""
    return zlib.crc32(name.encode()) % 3 == 0


def analyse(text: str) -> list[str]:
    return features(words_of(fold(text).split()))


def samples() -> list[dict[str, str]]:
    rows = [json.loads(line) for file in sorted(SAMPLES.glob("*.jsonl")) for line in file.open()]
    return [row for row in rows if not held_back(row["id"])]


def ordinary(folder: Path) -> list[str]:
    found = []
    for name in ("job_posts_facebook", "posts_volume"):
        with gzip.open(folder / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    return found


def main() -> None:
    rows = samples()
    texts = ordinary(Path(os.environ.get("RASOAT_SHARED", ROOT.parent / "shared")))
    learned, apart = texts[::3], texts[1::3]
    vectors = TfidfVectorizer(analyzer=analyse, min_df=2, sublinear_tf=True)
    vectors.fit([row["text"] for row in rows])
    matrix = vectors.transform([row["text"] for row in rows] + learned)
    models = {}
    for label in ("lure", "help"):
        right = [row["label"] == label for row in rows] + [False] * len(learned)
        models[label] = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=3000).fit(
            matrix, right
        )
    table = exported(vectors, models, rows)
    wording = Wording({**table, "least": dict.fromkeys(LEAST, 0.0)})
    table["least"] = thresholds(wording, apart)
    lines = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    TABLE.write_text(lines.replace('],"', '],\n"') + "\n", encoding="utf-8")
    report(Wording(table), rows)


def exported(
    vectors: TfidfVectorizer, models: dict[str, LogisticRegression], rows: list[dict[str, str]]
) -> dict[str, object]:
    lure, helping = models["lure"].coef_[0], models["help"].coef_[0]
    weights = {
        name: [
            round(float(vectors.idf_[at]), 3),
            round(float(lure[at]), 3),
            round(float(helping[at]), 3),
        ]
        for name, at in sorted(vectors.vocabulary_.items())
    }
    digest = hashlib.sha256("\n".join(sorted(row["id"] + row["text"] for row in rows)).encode())
    return {
        "digest": digest.hexdigest()[:16],
        "samples": len(rows),
        "bias": {label: round(float(model.intercept_[0]), 4) for label, model in models.items()},
        "weights": weights,
    }


def thresholds(wording: Wording, texts: list[str]) -> dict[str, float]:
    scores = np.array([wording.scores(words_of(fold(text).split())) for text in texts])
    column = {"some": 0, "strong": 0, "help": 1}
    return {
        name: round(float(np.quantile(scores[:, column[name]], 1 - share / 1000)), 3)
        for name, share in LEAST.items()
    }


def report(wording: Wording, rows: list[dict[str, str]]) -> None:
    for label in ("lure", "help", "innocent"):
        scores = [
            wording.scores(words_of(fold(r["text"]).split())) for r in rows if r["label"] == label
        ]
        some = sum(score[0] >= wording.some for score in scores)
        strong = sum(score[0] >= wording.strong for score in scores)
        helping = sum(score[1] >= wording.help for score in scores)
        print(f"{label}: {len(scores)}, some {some}, strong {strong}, help {helping}")


if __name__ == "__main__":
    main()
