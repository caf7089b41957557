"""A linear model: its coefficients as plain bytes, and the one place where scikit-learn is imported.

Fitting runs in a process of its own (`python -m search.learning.model`: JSON in, JSON out), so that no
other process ever holds the library. A stored model is JSON and figures; nothing is unpickled, ever.
"""

import base64
import json
import subprocess
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from foundation.errors import IntegrityError, Unavailable
from search.learning.features import SIZE, VERSION, Features

FORMAT = "rasoat-linear-1"
SECONDS = 300
STRENGTH = 3.0
"""Inverse of the regularisation; chosen on made-up decisions, and the same for every office."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by bucket, and a bias; a positive score speaks for what this office has flagged."""

    weights: Mapping[int, float]
    bias: float

    def score(self, features: Features) -> float:
        """Log-odds."""
        return self.bias + sum(
            value * self.weights.get(bucket, 0.0) for bucket, value in features.items()
        )

    def to_bytes(self) -> bytes:
        """JSON with the figures packed; the same model gives the same bytes."""
        buckets = sorted(self.weights)
        head = {
            "format": FORMAT,
            "features": VERSION,
            "size": SIZE,
            "bias": self.bias,
            "buckets": _packed(array("I", buckets)),
            "weights": _packed(array("f", [self.weights[one] for one in buckets])),
        }
        return json.dumps(head, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Linear":
        """What `to_bytes` gave; IntegrityError for anything else, also of another version of the features."""
        try:
            head = json.loads(data)
            ours = (head["format"], head["features"], head["size"]) == (FORMAT, VERSION, SIZE)
            buckets, weights = _unpacked("I", head["buckets"]), _unpacked("f", head["weights"])
            found = cls(dict(zip(buckets, weights, strict=True)), float(head["bias"]))
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise IntegrityError(f"no model: {error}", about="model") from error
        if not ours:
            raise IntegrityError("a model of another format or version", about="model")
        return found


def chance(score: float) -> float:
    """A score as a share from 0 to 1."""
    if score >= 0:
        return 1 / (1 + exp(-score))
    return exp(score) / (1 + exp(score))


Task = tuple[Sequence[Features], Sequence[bool]]
"""Rows and, for each, whether it was flagged; both kinds must be there."""


def fit(*tasks: Task) -> list[Linear]:
    """Learn each task, all in one other process. Unavailable when that fails."""
    given = [
        {"rows": [list(row.items()) for row in rows], "labels": list(labels)}
        for rows, labels in tasks
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "search.learning.model"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Unavailable(
            f"training failed: {said[-1] if said else error}", about="train"
        ) from error
    return [
        Linear({int(k): float(v) for k, v in one["weights"]}, float(one["bias"]))
        for one in json.loads(done.stdout)
    ]


def fit_here(rows: Sequence[Sequence[tuple[int, float]]], labels: Sequence[bool]) -> dict[str, Any]:
    """The fitting itself, by scikit-learn, in this process."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    starts, buckets, values = [0], [], []
    for row in rows:
        for bucket, value in row:
            buckets.append(int(bucket))
            values.append(float(value))
        starts.append(len(buckets))
    matrix = csr_matrix((values, buckets, starts), shape=(len(rows), SIZE))
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500)
    model.fit(matrix, labels)
    used = sorted(set(buckets))
    return {
        "weights": [(one, float(model.coef_[0][one])) for one in used],
        "bias": float(model.intercept_[0]),
    }


def _packed(figures: "array[Any]") -> str:
    if sys.byteorder == "big":
        figures.byteswap()
    return base64.b64encode(zlib.compress(figures.tobytes(), 6)).decode()


def _unpacked(kind: str, text: str) -> "array[Any]":
    figures = array(kind)
    figures.frombytes(zlib.decompress(base64.b64decode(text, validate=True)))
    if sys.byteorder == "big":
        figures.byteswap()
    return figures


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([fit_here(one["rows"], one["labels"]) for one in asked], sys.stdout)
