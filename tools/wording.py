"""Makes search/rules/wording.json: weights of words, learned from the made-up posts in tests/data/samples.

Only the development part is learned from; the held-back part stays unseen. Ordinary text (a folder given by
RASOAT_SHARED) teaches what is said by everybody, and offers and warnings after the press how those are told:
they move weights, but every word of the table stands in at least two made-up posts and every pair of words in
five, so nothing of those texts comes into the table.

Two questions are learned apart: lures against ordinary text, and lures against what only looks like one. A
single table for both is worse at either, because ordinary text is so much more.

    python tools/wording.py            writes the table, prints what it reaches
"""

import gzip
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from search.evaluation.packs import packs_of  # noqa: E402
from search.evaluation.samples import is_held_back, quoted_innocents, quoted_lures  # noqa: E402
from search.rules.matcher import Matcher  # noqa: E402
from search.rules.traits import Traits, traits_of  # noqa: E402
from search.rules.wording import LABELS, STRANGE, UNSAID, Wording  # noqa: E402
from search.text import fold  # noqa: E402

SAMPLES, TABLE = ROOT / "tests/data/samples", ROOT / "search/rules/wording.json"
STRENGTH = 100.0
LIKENESS = (
    "resembling",
    "binding/unlike",
    "binding/only_looks",
    "binding/looks_alike",
    "binding/told_only",
)
#: Of ordinary short texts at most so many in 1,000 are that much alike.
LEAST = {"some": 4.0, "strong": 1.6, "sure": 0.8, "help": 1.6, "unlike": 3.0, "unlike_strong": 12.0}
#: The same by words alone, before the signals are known.
LIKELY = {"likely": 60.0, "likely_help": 20.0}
#: Of what only looks like a lure at most so many in 100 are that much alike.
TAKEN = {"some": 16.0, "strong": 12.0, "sure": 9.0}
#: Of lures at most so many in 100 may be taken for what only looks like one.
LOST = {"innocent": 7.0, "innocent_strong": 5.0, "innocent_sure": 1.6}
#: Of lures at most so many in 100 are taken for cries for help where they are much alike lures too.
CRIED = 0.3
#: So few of the lures and cries for help may be turned away at a glance, each judged by a table made without it.
SEEN = 0.005
#: How freely the table for a glance may follow the labelled posts.
GLANCED = 10.0
#: A word of the table stands in so many made-up posts, two side by side in so many.
FEWEST_WORD, FEWEST_PAIR = 2, 5
#: And a word beside a signal.
FEWEST_BESIDE = 60
#: Of each four ordinary texts these teach, this one sets the levels, and the last is left for measuring.
LEARNED, APART = (0, 2), 1
#: How much a signal, a look, and a word beside a signal weigh beside words, whose weights are shares of one.
SIGN, LOOK, BESIDE = 0.25, 0.3, 0.5

Rows = Sequence[dict[str, str]]
NOTHING = {"digest": "", "bias": dict.fromkeys(LABELS, 0), "least": {}, "weights": {}} | {
    part: {} for part in ("signals", "marks", "beside", "glance")
}


def learner() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=3000)


@dataclass(frozen=True)
class Seen:
    """What is weighed of one text."""

    traits: Traits
    signals: Sequence[str]


def samples() -> list[dict[str, str]]:
    rows = [json.loads(line) for file in sorted(SAMPLES.glob("*.jsonl")) for line in file.open()]
    return [row for row in rows if not is_held_back(row["id"])]


def ordinary(folder: Path) -> list[str]:
    found = []
    for name in ("job_posts_facebook", "posts_volume"):
        with gzip.open(folder / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    return found


def quoted(folder: Path) -> list[dict[str, str]]:
    """Offers and what looks like them after the press, without each third, which is held back."""
    lures, alike = (
        [row for row in rows if not row.held and not row.doubtful]
        for rows in (quoted_lures(folder / "data"), quoted_innocents(folder / "data"))
    )
    return [{"id": row.id, "text": row.text, "label": row.label} for row in (*lures, *alike)]


def seen_in(matcher: Matcher, text: str) -> Seen:
    """Its traits, and the names of the signals met in it without those of likeness itself."""
    signals = [name for name in matcher.evidence(text) if not name.startswith(LIKENESS)]
    return Seen(traits_of(fold(text), text), signals)


class Columns:
    """Texts as rows of a matrix: words as shares of one, looks and signals as they are."""

    def __init__(self, labelled: Sequence[Seen]) -> None:
        known = [
            name
            for name, posts in Counter(
                name for seen in labelled for name in set(seen.traits.features)
            ).items()
            if posts >= (FEWEST_PAIR if " " in name else FEWEST_WORD)
        ]
        self.words = TfidfVectorizer(
            analyzer=lambda seen: seen.traits.features,
            vocabulary=sorted(known),
            sublinear_tf=True,
            norm=None,
        ).fit(labelled)
        self.marks, self.signals = DictVectorizer(), DictVectorizer()
        self.marks.fit([_each(seen.traits.marks, LOOK) for seen in labelled])
        self.signals.fit([_each(seen.signals, SIGN) for seen in labelled])
        posts = Counter(name for seen in labelled for name in beside(seen))
        often = sorted(name for name, n in posts.items() if n >= FEWEST_BESIDE)
        self.beside = TfidfVectorizer(analyzer=beside, vocabulary=often, binary=True).fit(labelled)

    def matrix(self, texts: Sequence[Seen]) -> Any:
        words = self.words.transform(texts)
        known = self.words.vocabulary_
        strange = [
            len({word.text for word in seen.traits.words}.difference(known)) for seen in texts
        ]
        squares = np.asarray(words.multiply(words).sum(1)).ravel()
        length = np.sqrt(squares + STRANGE * np.array(strange) + UNSAID)
        return sparse.hstack(
            [
                sparse.diags(1 / length) @ words,
                self.marks.transform([_each(seen.traits.marks, LOOK) for seen in texts]),
                self.signals.transform([_each(seen.signals, SIGN) for seen in texts]),
                BESIDE * self.beside.transform(texts),
            ]
        ).tocsr()


def beside(seen: Seen) -> list[str]:
    """Each signal with each word of the text."""
    words = set(seen.traits.texts)
    return [f"{signal} {word}" for signal in seen.signals for word in words]


def _each(names: Sequence[str], weight: float) -> dict[str, float]:
    return dict.fromkeys(names, weight)


def main() -> None:
    rows, shared = samples(), Path(os.environ.get("RASOAT_SHARED", ROOT.parent / "shared"))
    texts, others = ordinary(shared), quoted(shared)
    matcher = Matcher(packs_of(None), Wording(NOTHING))
    labelled = [seen_in(matcher, row["text"]) for row in rows]
    apart = [seen_in(matcher, text) for text in texts[APART::4]]
    teaching = [text for at in LEARNED for text in texts[at::4]]
    learned = [seen_in(matcher, text) for text in teaching]
    columns = Columns(labelled)
    labelled += [seen_in(matcher, row["text"]) for row in others]
    matrix, common = columns.matrix(labelled), columns.matrix(learned)
    models = learn([*rows, *others], matrix, common)
    table = exported(columns, models, rows)
    levels, weighed = {}, {}
    for name, words in (("glance", 1), ("look", 2)):
        weighed[name], table["bias"][name], levels[name] = glance(
            [*rows, *others], teaching, table["weights"], words
        )
    table["glance"] = weighed["glance"]
    for name, weights in table["weights"].items():
        weights.append(weighed["look"].get(name, 0.0))
    wording = Wording({**table, "least": {}})
    ours = matrix[: len(rows)]
    table["least"] = (
        levels
        | thresholds(wording, apart)
        | unseen_thresholds(rows, ours)
        | {"help_sure": min(unseen_cries(rows, ours, common), HEARD)}
    )
    lines = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    TABLE.write_text(lines.replace('],"', '],\n"') + "\n", encoding="utf-8")
    report(Wording(table), labelled, rows)


#: A cry for help that is worded like a lure, too, is heard from here on, whatever would part the two best:
#: one that is missed weighs more than a lure that stands in the lane of those who need help.
HEARD = -1.5


def of(rows: Rows, *labels: str) -> list[int]:
    return [at for at, row in enumerate(rows) if row["label"] in labels]


def learn(rows: Rows, matrix: Any, common: Any) -> dict[str, LogisticRegression]:
    lures, told = of(rows, "lure"), of(rows, "lure", "innocent")
    none = [False] * common.shape[0]
    return {
        "lure": learner().fit(sparse.vstack([matrix[lures], common]), [True] * len(lures) + none),
        "help": learner().fit(
            sparse.vstack([matrix, common]), [row["label"] == "help" for row in rows] + none
        ),
        "innocent": learner().fit(matrix[told], [rows[at]["label"] == "innocent" for at in told]),
    }


def exported(columns: Columns, models: dict[str, LogisticRegression], rows: Rows) -> dict[str, Any]:
    def row(at: int, share: float = 1.0) -> list[float]:
        return [round(float(models[label].coef_[0][at]) * share, 3) for label in LABELS]

    words, marks = columns.words.vocabulary_, columns.marks.vocabulary_
    first = len(words) + len(marks)
    last = first + len(columns.signals.vocabulary_)
    weights = {
        name: [round(float(columns.words.idf_[at]), 3), *row(at)]
        for name, at in sorted(words.items())
    }
    digest = hashlib.sha256("\n".join(sorted(row["id"] + row["text"] for row in rows)).encode())
    return {
        "digest": digest.hexdigest()[:16],
        "samples": len(rows),
        "bias": {label: round(float(model.intercept_[0]), 4) for label, model in models.items()},
        "signals": {
            name: row(first + at, SIGN) for name, at in sorted(columns.signals.vocabulary_.items())
        },
        "marks": {name: row(len(words) + at, LOOK) for name, at in sorted(marks.items())},
        "beside": {
            name: [round(float(columns.beside.idf_[at]), 3), *row(last + at, BESIDE)]
            for name, at in sorted(columns.beside.vocabulary_.items())
        },
        "weights": weights,
    }


def thresholds(wording: Wording, texts: Sequence[Seen]) -> dict[str, float]:
    """Of ordinary texts that taught nothing only so many reach a level."""
    alone = np.array([wording.scores(seen.traits) for seen in texts])
    whole = np.array([wording.scores(seen.traits, seen.signals) for seen in texts])

    def least(scores: Any, share: float, name: str) -> float:
        column = LABELS.index("help" if name.endswith("help") else "lure")
        return round(float(np.quantile(scores[:, column], 1 - share / 1000)), 3)

    return {name: least(whole, share, name) for name, share in LEAST.items()} | {
        name: least(alone, share, name) for name, share in LIKELY.items()
    }


def unseen_thresholds(rows: Rows, matrix: Any) -> dict[str, float]:
    """Where lures and what looks like them part, each judged by a table that was made without it."""
    told = of(rows, "lure", "innocent")
    innocent = np.array([rows[at]["label"] == "innocent" for at in told])
    scores = cross_val_predict(learner(), matrix[told], innocent, cv=5, method="decision_function")
    taken = {f"{name}_innocent": share for name, share in TAKEN.items()}
    return {
        name: round(float(np.quantile(scores[innocent], share / 100)), 3)
        for name, share in taken.items()
    } | {
        name: round(float(np.quantile(scores[~innocent], 1 - share / 100)), 3)
        for name, share in LOST.items()
    }


def unseen_cries(rows: Rows, matrix: Any, common: Any) -> float:
    """What hardly any lure reaches as a cry for help, judged by a table that was made without it."""
    helping = np.array([row["label"] == "help" for row in rows] + [False] * common.shape[0])
    scores = cross_val_predict(
        learner(),
        sparse.vstack([matrix, common]).tocsr(),
        helping,
        cv=3,
        method="decision_function",
    )
    return round(float(np.quantile(scores[of(rows, "lure")], 1 - CRIED / 100)), 3)


def glance(
    rows: Rows, texts: Sequence[str], weights: dict[str, list[float]], words: int
) -> tuple[dict[str, float], float, float]:
    """For words, or words and two of them side by side, their weights and the bias.

    And what nearly all lures and cries for help reach, judged by a table made without them.
    """
    rarity = {
        name: row[0]
        for name, row in weights.items()
        if name.count(" ") < words and "<" not in name and name[0] != "="
    }

    def shares(text: str) -> dict[str, float]:
        tokens = fold(text).split()
        named = [*tokens, *map(" ".join, pairwise(tokens))]
        times = Counter(name for name in named if name in rarity)
        length = np.sqrt(sum(n * rarity[word] ** 2 for word, n in times.items()) + UNSAID)
        return {word: n * rarity[word] / length for word, n in times.items()}

    wanted = [rows[at]["text"] for at in of(rows, "lure", "help")]
    columns = DictVectorizer()
    matrix = columns.fit_transform([shares(text) for text in (*wanted, *texts)])
    # The learner takes places of 32 bits only.
    matrix.indices, matrix.indptr = matrix.indices.astype("i4"), matrix.indptr.astype("i4")
    asked = np.arange(matrix.shape[0]) < len(wanted)
    model = LogisticRegression(C=GLANCED, solver="liblinear", max_iter=3000)
    unseen = cross_val_predict(model, matrix, asked, cv=3, method="decision_function")[asked]
    model.fit(matrix, asked)
    found = {
        word: round(float(model.coef_[0][at]), 3)
        for word, at in sorted(columns.vocabulary_.items())
    }
    return found, round(float(model.intercept_[0]), 4), round(float(np.quantile(unseen, SEEN)), 3)


def report(wording: Wording, labelled: Sequence[Seen], rows: Rows) -> None:
    for label in ("lure", "help", "innocent"):
        at = of(rows, label)
        met = [wording.met(labelled[n].traits, labelled[n].signals) for n in at]
        print(label, len(at), dict(Counter(fact for facts in met for fact in facts)))
    print(len(wording.weights), "words,", dict(sorted(wording.least.items())))


if __name__ == "__main__":
    main()
