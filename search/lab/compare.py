"""Two sets of rules on the same texts: what is newly flagged, no longer flagged, at another level, and how right.

A Comparison adds up plain figures and a few examples, so that it can be kept as JSON between two slices of
a long run. Texts carry a label where somebody said what they are: an officer's verdict, or a sample's label.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.lab.shadow import raises
from search.rules.judgement import Judgement

CHANGES = ("new", "gone", "level", "both", "neither")
SHOWN = ("new", "gone", "level")
#: Examples that are kept of each change in each section.
MOST_EXAMPLES = 15
#: Characters of a text that an example shows.
LONGEST_EXAMPLE = 1200
MOST_SPANS = 40
#: Labels of samples: what should reach an officer, and what should not.
RIGHT = frozenset({"lure", "help", "positive", "true", "1"})
WRONG = frozenset(
    {"innocent", "ok", "honest", "negative", "false", "0", "warning", "news", "legal", "satire"}
    | {"other"}
)


def meaning_of(label: object) -> bool | None:
    """Whether a sample's label says that it should be flagged; None for a label that says neither."""
    word = str(label).strip().lower()
    return True if word in RIGHT else False if word in WRONG else None


def change_of(before: Judgement | None, after: Judgement | None) -> str:
    """What becomes of one text: one of CHANGES."""
    if raises(before) and before is not None:
        if not raises(after) or after is None:
            return "gone"
        return "both" if before.level is after.level else "level"
    return "new" if raises(after) else "neither"


@dataclass(frozen=True, slots=True)
class Text:
    """One text to compare on. `right`: whether it should be flagged, None where nobody said.

    `post_id` names a stored post, whose words are not copied; `reason` is why an officer dismissed it.
    """

    section: str
    id: str
    text: str
    right: bool | None = None
    reason: str = ""
    post_id: int | None = None


@dataclass
class Comparison:
    """Figures by section (stored, samples, own, texts), and examples of what changes."""

    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Comparison":
        return cls(dict(stored.get("sections", {})), list(stored.get("examples", ())))

    def to_dict(self) -> dict[str, Any]:
        return {"sections": self.sections, "examples": self.examples}

    def add(self, text: Text, before: Judgement | None, after: Judgement | None) -> None:
        """Count one text under both sets of rules."""
        figures = self.sections.setdefault(text.section, _nothing())
        change = change_of(before, after)
        figures["seen"] += 1
        figures[change] += 1
        if text.right is not None:
            for name, judgement in (("before", before), ("after", after)):
                figures[name][_cell(flagged=raises(judgement), right=text.right)] += 1
        if text.reason:
            told = figures["reasons"].setdefault(text.reason, {"before": 0, "after": 0})
            told["before"] += raises(before)
            told["after"] += raises(after)
        if change in SHOWN and self._room(text.section, change):
            self.examples.append(_example(text, change, before, after))

    def _room(self, section: str, change: str) -> bool:
        same = [e for e in self.examples if e["section"] == section and e["change"] == change]
        return len(same) < MOST_EXAMPLES


def precision(cells: Mapping[str, int]) -> float | None:
    """Of what was flagged, the share that is right, 0 to 1; None where nothing was flagged."""
    flagged = cells["tp"] + cells["fp"]
    return cells["tp"] / flagged if flagged else None


def recall(cells: Mapping[str, int]) -> float | None:
    """Of what should be flagged, the share that was, 0 to 1; None where nothing should be."""
    wanted = cells["tp"] + cells["fn"]
    return cells["tp"] / wanted if wanted else None


def _nothing() -> dict[str, Any]:
    cells = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    return {
        "seen": 0,
        **dict.fromkeys(CHANGES, 0),
        "before": dict(cells),
        "after": dict(cells),
        "reasons": {},
    }


def _cell(*, flagged: bool, right: bool) -> str:
    if flagged:
        return "tp" if right else "fp"
    return "fn" if right else "tn"


def _example(
    text: Text, change: str, before: Judgement | None, after: Judgement | None
) -> dict[str, Any]:
    judged = before if change == "gone" else after
    hits = [] if judged is None else judged.hits
    found: dict[str, Any] = {
        "section": text.section,
        "change": change,
        "id": text.id,
        "right": text.right,
        "reason": text.reason,
        "before": _short(before),
        "after": _short(after),
        "signals": sorted({hit.signal for hit in hits}),
    }
    found["spans"] = [(h.start, h.end, h.signal) for h in hits if h.end <= LONGEST_EXAMPLE]
    found["spans"] = found["spans"][:MOST_SPANS]
    if text.post_id is not None:
        return {**found, "post_id": text.post_id, "length": len(text.text)}
    return {**found, "text": text.text[:LONGEST_EXAMPLE]}


def _short(judgement: Judgement | None) -> dict[str, Any] | None:
    if judgement is None:
        return None
    return {"score": judgement.score, "level": judgement.level, "kind": judgement.kind}
