"""`rasoat demo`: a crawl of the practice site for real, a login for every role, and quick the second time."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from foundation.people import Role
from tests.support.tree import Tree, free_port, tree, until
from tests.webui.test_backup import Visitor

pytestmark = [pytest.mark.net, pytest.mark.slow]
LOGIN = re.compile(r"^    .+ / \w.+?  +(\S+@demo\.example) +(\S+)$", re.MULTILINE)


def ready(running: Tree) -> str:
    def said() -> str:
        if running.process.poll() is not None:
            raise AssertionError(f"ended: {running.said()}")
        return running.said() if "Ctrl-C: stop" in running.said() else ""

    return until(said, f"the demo is ready; it said: {running.said()}", 180)


def test_the_demo_crawls_shows_logins_and_starts_quickly_the_second_time(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    port = str(free_port())
    with tree("demo", "--port", port, data=data, log=tmp_path / "log", RASOAT_PORT=port) as first:
        said = ready(first)
        logins = dict(LOGIN.findall(said))
        assert len(logins) == len(Role), said
        assert "set-password" not in said, (
            "the demo has an administrator; a link would only confuse"
        )
        assert said.count("==> crawling") < 40
        assert "Scrapy" not in said
        seen, kept = re.findall(r"(\d+) posts seen, (\d+) kept", said)[-1]
        assert int(seen) >= 120
        assert 30 <= int(kept) < int(seen)
        visitor = Visitor(first.url)
        email, password = next(iter(logins.items()))
        assert "/login" not in visitor.log_in(email, password)
        assert {"practice", "web", "crawler"} <= set(first.children())
    assert not first.orphans()
    assert "stopping ..." in first.said()[-3000:]
    kept_file = data / "demo-logins.json"
    assert kept_file.stat().st_mode & 0o077 == 0
    assert {pair[0] for pair in json.loads(kept_file.read_text()).values()} == set(logins)
    with sqlite3.connect(data / "rasoat.db") as database:
        assert database.execute("SELECT count(*) FROM post").fetchone()[0] == int(kept)
    with tree("demo", "--port", port, data=data, log=tmp_path / "log2", RASOAT_PORT=port) as second:
        said = ready(second)
        assert dict(LOGIN.findall(said)) == logins
        assert "==> crawling" not in said


def test_a_port_that_is_taken_leaves_the_next_one(tmp_path: Path) -> None:
    import socket

    from webui.commands.demo import free_port as next_free

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert next_free(port) > port
