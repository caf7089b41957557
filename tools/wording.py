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
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from search.evaluation.samples import is_held_back  # noqa: E402
from search.rules.matcher import Matcher  # noqa: E402
from search.rules.pack import shipped_packs  # noqa: E402
from search.rules.wording import LABELS, Wording, features, marks_of, words_of  # noqa: E402
from search.text import fold  # noqa: E402

SAMPLES, TABLE = ROOT / "tests/data/samples", ROOT / "search/rules/wording.json"
STRENGTH = 10.0
LIKENESS = ("resembling", "binding/unlike", "binding/only_looks", "binding/looks_alike")
#: Of ordinary short texts at most so many in 1,000 are that much alike.
LEAST = {"some": 3.0, "strong": 1.2, "help": 0.5, "unlike": 3.0, "unlike_strong": 12.0}
#: The same by words alone, before the signals are known.
LIKELY = {"likely": 60.0, "likely_help": 20.0}
#: Of lures at most so many in 100 may be taken for what only looks like one.
LOST = {"innocent": 9.0, "innocent_strong": 4.0}
#: So few of the labelled posts may be turned away at a glance.
SEEN = 0.01
#: How much a signal weighs beside words, whose weights are shares of one.
SIGN = 0.5


def learner() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=3000)


def analyse(text: str) -> list[str]:
    return features(words_of(fold(text).split())) + marks_of(text)


def samples() -> list[dict[str, str]]:
    rows = [json.loads(line) for file in sorted(SAMPLES.glob("*.jsonl")) for line in file.open()]
    return [row for row in rows if not is_held_back(row["id"])]


def ordinary(folder: Path) -> list[str]:
    found = []
    for name in ("job_posts_facebook", "posts_volume"):
        with gzip.open(folder / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    return found


def signals_of(matcher: Matcher, text: str) -> list[str]:
    """The names of the signals met in a text, without those of likeness itself."""
    return [name for name in matcher.evidence(text) if not name.startswith(LIKENESS)]


def main() -> None:
    rows = samples()
    texts = ordinary(Path(os.environ.get("RASOAT_SHARED", ROOT.parent / "shared")))
    learned, apart = texts[::4], texts[1::4]
    matcher = Matcher(shipped_packs())
    vectors = TfidfVectorizer(analyzer=analyse, min_df=2, sublinear_tf=True)
    signs = DictVectorizer()
    labelled = [row["text"] for row in rows]
    vectors.fit(labelled)
    met = [dict.fromkeys(signals_of(matcher, text), SIGN) for text in labelled + learned]
    signs.fit(met[: len(rows)])
    matrix = sparse.hstack([vectors.transform(labelled + learned), signs.transform(met)]).tocsr()
    models = {}
    for label in ("lure", "help"):
        right = [row["label"] == label for row in rows] + [False] * len(learned)
        models[label] = learner().fit(matrix, right)
    told = [at for at, row in enumerate(rows) if row["label"] != "help"]
    innocent = [rows[at]["label"] == "innocent" for at in told]
    models["innocent"] = learner().fit(matrix[told], innocent)
    unseen = cross_val_predict(learner(), matrix[told], innocent, cv=5, method="decision_function")
    lures = unseen[~np.array(innocent)]
    table = exported(vectors, signs, models, rows)
    wording = Wording({**table, "least": {}})
    table["least"] = (
        glances(wording, rows)
        | thresholds(wording, matcher, apart)
        | {
            name: round(float(np.quantile(lures, 1 - share / 100)), 3)
            for name, share in LOST.items()
        }
    )
    lines = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    TABLE.write_text(lines.replace('],"', '],\n"') + "\n", encoding="utf-8")
    report(Wording(table), matcher, rows)


def exported(
    vectors: TfidfVectorizer,
    signs: DictVectorizer,
    models: dict[str, LogisticRegression],
    rows: list[dict[str, str]],
) -> dict[str, object]:
    first = len(vectors.vocabulary_)

    def row(at: int, share: float = 1.0) -> list[float]:
        return [round(float(models[label].coef_[0][at]) * share, 3) for label in LABELS]

    weights = {
        name: [round(float(vectors.idf_[at]), 3), *row(at)]
        for name, at in sorted(vectors.vocabulary_.items())
    }
    digest = hashlib.sha256("\n".join(sorted(row["id"] + row["text"] for row in rows)).encode())
    return {
        "digest": digest.hexdigest()[:16],
        "samples": len(rows),
        "bias": {label: round(float(model.intercept_[0]), 4) for label, model in models.items()},
        "signals": {name: row(first + at, SIGN) for name, at in sorted(signs.vocabulary_.items())},
        "weights": weights,
    }


def thresholds(wording: Wording, matcher: Matcher, texts: list[str]) -> dict[str, float]:
    words = [(words_of(fold(text).split()), marks_of(text)) for text in texts]
    alone = np.array([wording.scores(*some) for some in words])
    whole = np.array(
        [
            wording.scores(*some, signals_of(matcher, text))
            for some, text in zip(words, texts, strict=True)
        ]
    )

    def least(scores: np.ndarray, share: float, name: str) -> float:
        column = 1 if name.endswith("help") else 0
        return round(float(np.quantile(scores[:, column], 1 - share / 1000)), 3)

    return {name: least(whole, share, name) for name, share in LEAST.items()} | {
        name: least(alone, share, name) for name, share in LIKELY.items()
    }


def glances(wording: Wording, rows: list[dict[str, str]]) -> dict[str, float]:
    """What nearly all labelled posts reach at a glance."""
    found = {}
    for name, label, column in (("glance", "lure", 0), ("glance_help", "help", 1)):
        texts = [row["text"] for row in rows if row["label"] == label]
        scores = [wording.glance(fold(text).split())[column] for text in texts]
        found[name] = round(float(np.quantile(scores, SEEN)), 3)
    return found


def report(wording: Wording, matcher: Matcher, rows: list[dict[str, str]]) -> None:
    for label in ("lure", "help", "innocent"):
        texts = [row["text"] for row in rows if row["label"] == label]
        facts = Counter(
            fact
            for text in texts
            for fact in wording.met(
                words_of(fold(text).split()), marks_of(text), signals_of(matcher, text)
            )
        )
        print(label, len(texts), dict(facts))


if __name__ == "__main__":
    main()
