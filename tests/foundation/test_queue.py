"""The queue carries names and ids to a worker on a real Valkey, and says when it cannot."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from foundation import queue
from foundation.errors import Unavailable
from foundation.queue import InlineQueue, JobRegistry, RqQueue

RAN: list[tuple[str, list[int]]] = []


def run(name: str, ids: Sequence[int]) -> None:
    """What the worker calls in these tests, in place of webui.jobs.run."""
    if name == "breaks":
        raise RuntimeError("the index does not answer")
    RAN.append((name, list(ids)))


@pytest.fixture
def connection(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection to an empty Valkey whose jobs call `run` above."""
    monkeypatch.setattr(queue, "JOB_FUNCTION", f"{__name__}.run")
    RAN.clear()
    found = queue.connect(queue_url)
    found.flushdb()
    yield found
    found.flushdb()
    found.close()


def test_the_registry_runs_a_job_by_name_and_refuses_a_second_of_that_name() -> None:
    registry, seen = JobRegistry(), list[Sequence[int]]()
    registry.add("index.update", seen.append)
    registry.run("index.update", [1, 2])
    assert seen == [[1, 2]]
    assert registry.names() == ("index.update",)
    with pytest.raises(ValueError, match=r"index\.update is registered twice"):
        registry.add("index.update", seen.append)
    with pytest.raises(KeyError):
        registry.run("unknown", [])


def test_inline_runs_at_once() -> None:
    registry, seen = JobRegistry(), list[Sequence[int]]()
    registry.add("index.update", seen.append)
    inline = InlineQueue(registry)
    inline.put("index.update", [3])
    assert seen == [[3]]
    assert inline.length() == 0


def test_a_job_waits_in_the_server_until_a_worker_takes_it(connection: Any) -> None:
    rq = RqQueue(connection)
    rq.put("index.update", [1, 2, 3])
    rq.put("triage.collect")
    assert rq.length() == 2
    assert RAN == []
    queue.work(connection, burst=True)
    assert RAN == [("index.update", [1, 2, 3]), ("triage.collect", [])]
    assert rq.length() == 0


def test_a_duty_that_ended_while_it_was_asked_about_is_put_again(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rq = RqQueue(connection)
    assert rq.put_once("storage.retention")
    assert not rq.put_once("storage.retention"), "it waits already"
    look = rq._rq.fetch_job

    def then_it_ends(job_id: str) -> Any:
        job = look(job_id)
        queue.work(connection, burst=True)
        return job

    monkeypatch.setattr(rq._rq, "fetch_job", then_it_ends)
    assert rq.put_once("storage.retention")
    assert rq.length() == 1


def test_a_job_is_stored_as_json_and_nothing_is_pickled(connection: Any) -> None:
    RqQueue(connection).put("index.update", [7])
    (key,) = connection.keys("rq:job:*")
    stored = json.loads(_plain(connection.hget(key, "data")))
    assert stored[0].endswith(".run")
    assert stored[2] == ["index.update", [7]]


def _plain(data: bytes) -> bytes:
    import zlib

    return zlib.decompress(data)


def test_a_job_that_breaks_is_put_off_and_not_lost(connection: Any) -> None:
    RqQueue(connection).put("breaks", [1])
    queue.work(connection, burst=True)
    assert connection.zcard("rq:scheduled:default") == 1
    (key,) = connection.keys("rq:job:*")
    assert connection.hget(key, "status") == b"scheduled"


def test_a_queue_that_does_not_answer_is_unavailable_and_names_itself(tmp_path: Path) -> None:
    dead = queue.connect(f"unix://{tmp_path}/nobody-listens")
    with pytest.raises(Unavailable) as caught:
        RqQueue(dead).put("index.update", [1])
    assert caught.value.about == "queue"
