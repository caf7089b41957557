"""The queue is a courier, not a store: a job is a name and ids, can run twice, and what it lost is found again.

RQ on Valkey or Redis, or inline for unit tests. The worker calls one function, `webui.jobs.run(name, ids)`,
which looks the name up in the registry that wiring fills.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from foundation.errors import Unavailable

JOB_FUNCTION = "webui.jobs.run"
JOB_TIMEOUT_SECONDS = 600
RETRIES = 3
RETRY_SECONDS = [5, 30, 120]
RELEASE_SECONDS = 2.0

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

    def put_once(self, name: str) -> bool:
        """Leave the job without ids unless one of that name waits or runs already; whether it was left."""
        ...

    def length(self) -> int: ...


class InlineQueue:
    """Runs a job at once, in the caller's thread: for commands and tests without a server."""

    def __init__(self, registry: JobRegistry) -> None:
        self._registry = registry

    def put(self, name: str, ids: Sequence[int] = ()) -> None:
        self._registry.run(name, ids)

    def put_once(self, name: str) -> bool:
        self._registry.run(name, ())
        return True

    def length(self) -> int:
        return 0


class RqQueue:
    """RQ with the JSON serializer (its default is pickle), a retry on every job."""

    def __init__(self, connection: Any, name: str = "default") -> None:
        from rq import Queue as _Rq
        from rq.serializers import JSONSerializer

        self._rq = _Rq(name, connection=connection, serializer=JSONSerializer)

    def put(self, name: str, ids: Sequence[int] = ()) -> None:
        self._put(name, ids)

    def put_once(self, name: str) -> bool:
        from redis.exceptions import RedisError

        try:
            job = self._rq.fetch_job(_once_id(name))
            if job is not None and _under_way(job):
                return False
        except RedisError as error:
            raise Unavailable("the queue does not answer", about="queue") from error
        self._put(name, (), job_id=_once_id(name))
        return True

    def _put(self, name: str, ids: Sequence[int], **more: Any) -> None:
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
                **more,
            )
        except RedisError as error:
            raise Unavailable("the queue does not answer", about="queue") from error

    def length(self) -> int:
        return int(self._rq.count)

    def failed(self) -> int:
        """Jobs that were given up after their last try; they are kept for a week."""
        return int(self._rq.failed_job_registry.count)


_UNDER_WAY = {"queued", "scheduled", "deferred"}
_KILLED_AFTER = timedelta(minutes=2)


def _under_way(job: Any) -> bool:
    """Waiting, or begun lately: one begun long ago belonged to a worker that was killed."""
    from rq.exceptions import InvalidJobOperation

    try:
        status = job.get_status()
    except InvalidJobOperation:  # it ended, and went, since it was fetched
        return False
    if status != "started" or job.started_at is None:
        return status in _UNDER_WAY
    begun = job.started_at if job.started_at.tzinfo else job.started_at.replace(tzinfo=UTC)
    return bool(datetime.now(UTC) - begun < _KILLED_AFTER)


def _once_id(name: str) -> str:
    return "once-" + name.replace(".", "-")


def append_only(connection: Any) -> bool:
    """Whether the server writes each job down; without that it loses them at a restart."""
    from redis.exceptions import ResponseError

    try:
        return bool(connection.config_get("appendonly").get("appendonly") == "yes")
    except ResponseError:
        return False


def connect(url: str) -> Any:
    """A connection to a Valkey or Redis server by address; `unix:///path` for a socket."""
    from redis import Redis

    return Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5)


def work(connection: Any, *, burst: bool = False) -> None:
    """Take jobs until told to stop (or until none is left, with `burst`), in this process.

    SimpleWorker: a fork for each job costs five times the throughput; a job here is short and repeatable.
    What RQ does in a forked process of its own, putting jobs back whose retry is due, a thread does here: a
    fork would outlive a worker that is killed.
    """
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    if not burst:
        threading.Thread(target=_release_forever, args=(connection,), daemon=True).start()
    worker = SimpleWorker(["default"], connection=connection, serializer=JSONSerializer)
    worker.work(burst=burst, logging_level="WARNING")


def _release_forever(connection: Any) -> None:
    from redis.exceptions import RedisError
    from rq.scheduler import RQScheduler
    from rq.serializers import JSONSerializer

    scheduler = RQScheduler(
        ["default"], connection, logging_level="WARNING", serializer=JSONSerializer
    )
    while True:
        try:
            if scheduler.acquire_locks():  # type: ignore[no-untyped-call]
                scheduler.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]
        except RedisError:
            pass  # the worker's own loop says so, and waits for the server
        time.sleep(RELEASE_SECONDS)
