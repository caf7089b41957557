"""Writes the tables of signals at the end of docs/rules/README.md from the packs themselves.

python tools/rule_guide.py            writes; says how many signals of how many packs
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from search.rules.model import Pack, Signal  # noqa: E402
from search.rules.pack import shipped_packs  # noqa: E402

GUIDE = ROOT / "docs" / "rules" / "README.md"
HEADING = "## Dấu hiệu của các bộ kèm theo\n"
COLUMNS = "| dấu hiệu | nhóm | điểm | vì sao | why |\n|---|---|---|---|---|\n"


def row(signal: Signal) -> str:
    """One line of a table; a bar in a sentence would end its cell."""
    weight = f"{signal.weight} (decisive)" if signal.decisive else str(signal.weight)
    why = [words.replace("|", "\\|") for words in (signal.why.vi, signal.why.en)]
    return f"| `{signal.id}` | {signal.group} | {weight} | {why[0]} | {why[1]} |\n"


def section(pack: Pack) -> str:
    """A pack's heading, purpose and signals."""
    rows = "".join(row(signal) for signal in pack.signals)
    return f"\n### {pack.title.vi} (`{pack.id}`)\n{pack.purpose.vi}\n\n{COLUMNS}{rows}"


def main() -> None:
    """Replaces everything from the heading on."""
    packs = shipped_packs()
    before, heading, _ = GUIDE.read_text(encoding="utf-8").partition(HEADING)
    if not heading:
        raise SystemExit(f"{GUIDE} has no heading {HEADING.strip()}")
    GUIDE.write_text(before + heading + "".join(map(section, packs)), encoding="utf-8")
    print(f"{sum(len(pack.signals) for pack in packs)} signals of {len(packs)} packs")


if __name__ == "__main__":
    main()
