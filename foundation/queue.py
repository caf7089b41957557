"""The queue is a courier, not a store: a job is a name and ids, can run twice, and what it lost is found again.

RQ on Valkey or Redis, or inline for unit tests. The worker calls one function, `webui.jobs.run(name, ids)`,
which looks the name up in the registry that wiring fills.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from foundation.errors import Unavailable

JOB_FUNCTION = "webui.jobs.run"
JOB_TIMEOUT_SECONDS = 600
RETRIES = 3
RETRY_SECONDS = [5, 30, 120]

Handler = Callable[[Sequence[int]], None]


class JobRegistry:
    """The names jobs go by and what does them."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def add(self, name: str, handler: Handler) -> None:
        if name in self._handlers:
            raise ValueError(f"job {name} is registered twice")
        self._handlers[name] = handler

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._handlers))

    def run(self, name: str, ids: Sequence[int]) -> None:
        self._handlers[name](ids)


class Queue(Protocol):
    """Where entry points leave work for later, after their commit."""

    def put(self, name: str, ids: Sequence[int] = ()) -> None: ...

    def length(self) -> int: ...


class InlineQueue:
    """Runs a job at once, in the caller's thread: for commands and tests without a server."""

    def __init__(self, registry: JobRegistry) -> None:
        self._registry = registry

    def put(self, name: str, ids: Sequence[int] = ()) -> None:
        self._registry.run(name, ids)

    def length(self) -> int:
        return 0


class RqQueue:
    """RQ with the JSON serializer (its default is pickle), a retry on every job."""

    def __init__(self, connection: Any, name: str = "default") -> None:
        from rq import Queue as _Rq
        from rq.serializers import JSONSerializer

        self._rq = _Rq(name, connection=connection, serializer=JSONSerializer)

    def put(self, name: str, ids: Sequence[int] = ()) -> None:
        from redis.exceptions import RedisError
        from rq import Retry

        try:
            self._rq.enqueue(
                JOB_FUNCTION,
                args=[name, list(ids)],
                job_timeout=JOB_TIMEOUT_SECONDS,
                retry=Retry(max=RETRIES, interval=RETRY_SECONDS),
                result_ttl=0,
                failure_ttl=7 * 86400,
            )
        except RedisError as error:
            raise Unavailable("the queue does not answer", about="queue") from error

    def length(self) -> int:
        return int(self._rq.count)


def connect(url: str) -> Any:
    """A connection to a Valkey or Redis server by address; `unix:///path` for a socket."""
    from redis import Redis

    return Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5)


def work(connection: Any, *, burst: bool = False) -> None:
    """Take jobs until told to stop (or until none is left, with `burst`), in this process.

    SimpleWorker: a fork for each job costs five times the throughput; a job here is short and repeatable.
    """
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    worker = SimpleWorker(["default"], connection=connection, serializer=JSONSerializer)
    worker.work(burst=burst, with_scheduler=True, logging_level="WARNING")
