"""`rasoat import` end to end: file, parser, normaliser, matcher, database.

    python benchmarks/import_volume.py [FILE.jsonl.gz]

Without a file, 20,000 made-up posts, one in fifty a lure. Beside it, in the same run, the bare way of the same
bytes: JSON read and the text written into a SQLite table, in batches of 100.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _tree import environment

LURE = (
    "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, bao vé, ib Zalo 0900 000 {:03d} số {}"
)
PLAIN = "Hôm nay trời đẹp, cả nhà đi chợ Tết mua hoa đào và bánh chưng, ai đi cùng không, chuyến {}"


def made_up(path: Path, posts: int = 20_000) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(posts):
            text = LURE.format(number % 1000, number) if number % 50 == 0 else PLAIN.format(number)
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def bare(path: Path, database: Path) -> tuple[int, float]:
    started, rows = time.monotonic(), 0
    with sqlite3.connect(database) as connection, gzip.open(path, "rt", encoding="utf-8") as file:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, text TEXT)")
        batch = []
        for line in file:
            batch.append((json.loads(line)["text"],))
            rows += 1
            if len(batch) == 100:
                connection.executemany("INSERT INTO post (text) VALUES (?)", batch)
                connection.commit()
                batch.clear()
        connection.executemany("INSERT INTO post (text) VALUES (?)", batch)
    return rows, time.monotonic() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "made-up.jsonl.gz"
        if len(sys.argv) == 1:
            made_up(file)
        env = {**os.environ, **environment(folder / "var")}
        rasoat = [sys.executable, "-m", "webui.cli"]
        subprocess.run([*rasoat, "migrate", "--quiet"], env=env, check=True)
        done = subprocess.run(
            [*rasoat, "import", str(file), "--json"],
            env=env, check=False, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        rows, seconds = bare(file, folder / "bare.db")
    print(
        f"rasoat import: {told['seen']} posts in {told['seconds']} s = {told['posts_per_second']}/s; "
        f"{told['kept']} kept, {told['not_kept']} not kept, {told['known']} known, peak {told['peak_mib']} MiB"
    )
    print(f"bare:          {rows} posts in {seconds:.1f} s = {rows / seconds:.0f}/s")
    print(f"import takes {told['seconds'] / seconds:.1f} times as long")


if __name__ == "__main__":
    main()
