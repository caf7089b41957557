"""``python -m crawler.practice --port N [--host 127.0.0.1] [--data FILE]``."""

import argparse
import signal
import sqlite3
import sys
from pathlib import Path
from types import FrameType

from waitress.server import create_server

from crawler.practice.app import create_app
from crawler.practice.content import ContentError


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; the first line of the output is the address."""
    asked = _arguments()
    try:
        app = create_app(asked.data)
    except (ContentError, OSError, sqlite3.Error) as error:
        sys.stderr.write(f"Làng Phố: {asked.data}: {error}\n")
        return 1
    signal.signal(signal.SIGTERM, _leave)
    server = create_server(
        app,
        host=asked.host,
        port=asked.port,
        threads=8,
        ident="LangPho",
        clear_untrusted_proxy_headers=True,
    )
    sys.stdout.write(f"http://{asked.host}:{server.effective_port}\n")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crawler.practice", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, default=Path("var/practice/state.sqlite3"))
    return parser.parse_args()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
