"""WordPress and Bluesky's own programs, run beside the project: what is written there is found again."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from crawler.models import RunState
from search.models import PostRow
from tests.crawler.office import Office
from tests.crawler.words import KEPT_WORD

pytestmark = [pytest.mark.shared, pytest.mark.net, pytest.mark.servers]


class Server:
    """One of the servers' scripts; its address, seeding and deleting."""

    def __init__(self, shared: Path, name: str) -> None:
        self._script = shared / "services" / name
        self.address = os.environ.get(f"{name.upper()}_URL", "")
        if not self._script.exists():
            pytest.skip(f"no {self._script}")
        if not self.address:
            done = self._run("url")
            if done.returncode:
                pytest.skip(f"{name} does not run: {self._script} up")
            self.address = done.stdout.strip().splitlines()[-1]

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self._script), *arguments],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def seed(self, folder: Path, posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        path = folder / "posts.jsonl"
        path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in posts), "utf-8")
        done = self._run("seed", str(path))
        assert done.returncode == 0, done.stderr[-2000:]
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def delete(self, address: str) -> None:
        assert self._run("delete", address).returncode == 0


def by_text(office: Office) -> dict[str, PostRow]:
    return {post.text: post for post in office.posts()}


def test_wordpress_is_read_again_only_where_it_changed(
    office: Office, shared: Path, tmp_path: Path
) -> None:
    server, mark = Server(shared, "wordpress"), f"{KEPT_WORD} {time.time_ns()}"
    seeded = server.seed(
        tmp_path,
        [
            {
                "author": "Chị Hậu", "title": f"Cần người {mark}",
                "text": f"Bài một 💍\n\nĐoạn hai {mark}", "replies": [f"Coi chừng {mark}"],
            },
            {"author": "Anh Tư", "title": f"Hỏi việc {mark}", "text": f"Bài hai {mark}"},
        ],
    )  # fmt: skip
    source = office.source("wordpress", server.address, {"pages": "50"})
    first = office.crawl(source)
    assert (first.state, office.reasons(first.id)) == (RunState.DONE, [])
    found = by_text(office)
    post, reply = found[f"Bài một 💍\n\nĐoạn hai {mark}"], found[f"Coi chừng {mark}"]
    assert post.url == seeded[0]["url"]
    assert (post.author_name, post.zone) == ("Chị Hậu", "+07:00")
    assert reply.reply_to == post.url
    assert reply.url.startswith(f"{post.url}#comment-")
    server.delete(seeded[1]["url"])
    server.seed(tmp_path, [{"author": "Chị Hậu", "title": "Thêm", "text": f"Bài ba {mark}"}])
    second = office.crawl(source)
    assert (second.state, office.reasons(second.id)) == (RunState.DONE, [])
    assert second.kept == 1
    assert second.posts < first.posts
    assert f"Bài ba {mark}" in by_text(office)
    third = office.crawl(office.source("wordpress", server.address, {"pages": "50"}))
    assert third.kept == first.kept  # one is gone, one has come
    fresh = [post for post in office.posts() if post.run_id == third.id]
    assert f"Bài hai {mark}" not in {post.text for post in fresh}


def test_bluesky_is_read_by_author_search_and_thread(
    office: Office, shared: Path, tmp_path: Path
) -> None:
    server, mark = Server(shared, "bluesky"), f"{KEPT_WORD}{time.time_ns()}"
    seeded = server.seed(
        tmp_path,
        [
            {"author": "Nguyễn Thị Thử", "text": f"Tuyển cộng tác viên 🌸 {mark}", "replies": [f"Lừa đảo {mark}"]},
            {"author": "Nguyễn Thị Thử", "text": f"Bài sau {mark}"},
        ],
    )  # fmt: skip
    handle, uri = seeded[0]["handle"], seeded[0]["uri"]
    options: dict[str, dict[str, Any]] = {
        "author": {"read": "author", "of": handle},
        "search": {"read": "search", "of": mark},
        "thread": {"read": "thread", "of": uri},
    }
    for read, wanted in options.items():
        run = office.crawl(office.source("bluesky", server.address, wanted))
        assert (run.state, office.reasons(run.id)) == (RunState.DONE, []), read
        here = {post.text: post for post in office.posts() if post.run_id == run.id}
        post = here[f"Tuyển cộng tác viên 🌸 {mark}"]
        assert post.url == f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}"
        assert (post.author_handle, post.author_name) == (handle, "Nguyễn Thị Thử")
        reply = here[f"Lừa đảo {mark}"]
        assert reply.reply_to == post.url
        assert (f"Bài sau {mark}" in here) is (read != "thread")
    source = office.source("bluesky", server.address, options["author"])
    assert office.crawl(source).kept >= 3
    server.seed(tmp_path, [{"author": "Nguyễn Thị Thử", "text": f"Bài mới {mark}"}])
    again = office.crawl(source)
    assert (again.kept, office.reasons(again.id)) == (1, [])
    server.delete(seeded[0]["url"])
    gone = office.crawl(office.source("bluesky", server.address, options["thread"]))
    assert office.reasons(gone.id) == ["api_unknown"]
    assert gone.posts == 0
