"""Memory of the embedded stack as proportional set size: what it costs this machine, shared pages divided.

    python benchmarks/memory.py [--seconds 20]

Without a browser, a practice site and a running crawl. Beside it a bare interpreter with SQLAlchemy. Linux only
(/proc/PID/smaps_rollup). Wanted: under 450 MB in all.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _tree import served

BARE = "import sqlalchemy.orm, time; time.sleep(60)"


def pss(pid: int) -> float:
    """MB of one process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def name_of(process: psutil.Process) -> str:
    line = process.cmdline()
    return "valkey" if "valkey-server" in line[0] else line[3]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--seconds", type=float, default=20.0, help="how long it runs before it is measured"
    )
    seconds = asked.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "var") as (supervisor, _):
        time.sleep(seconds)
        tree = {"supervisor": supervisor.pid}
        tree |= {
            name_of(child): child.pid
            for child in psutil.Process(supervisor.pid).children(recursive=True)
        }
        found = {name: pss(pid) for name, pid in tree.items()}
    for name, size in sorted(found.items(), key=lambda item: -item[1]):
        print(f"{name:<12} {size:7.1f} MB")
    print(f"{'in all':<12} {sum(found.values()):7.1f} MB of 450")
    bare = subprocess.Popen([sys.executable, "-c", BARE])
    time.sleep(3)
    print(f"{'bare':<12} {pss(bare.pid):7.1f} MB  (an interpreter with SQLAlchemy alone)")
    bare.kill()
    bare.wait()


if __name__ == "__main__":
    main()
