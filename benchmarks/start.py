"""From `rasoat serve` to the first page: a new folder, and one that was used before.

    python benchmarks/start.py [--rounds 3]

Beside it the bare interpreter importing Flask and SQLAlchemy alone, in the same run: what no arrangement of
ours can go below on this machine. Wanted: first page under 3 s.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _tree import served

BARE = "import flask, flask_security, sqlalchemy.orm"


def bare() -> float:
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.monotonic() - started


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    rounds = asked.parse_args().rounds
    first, again, imports = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for seconds in (first, again):
                with served(Path(folder) / "var") as (_, waited):
                    seconds.append(waited)
        imports.append(bare())
    for name, seconds in (("new folder", first), ("used folder", again), ("bare imports", imports)):
        least, most = min(seconds), max(seconds)
        print(
            f"{name:<14} {statistics.median(seconds):5.2f} s   (of {rounds}: {least:.2f} to {most:.2f})"
        )
    print(
        f"used folder / bare imports: {statistics.median(again) / statistics.median(imports):.1f}"
    )


if __name__ == "__main__":
    main()
