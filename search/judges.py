"""Processes that judge beside the one that stores, where thousands of posts come at once.

Judging is most of the work and needs no database. Each process has its own copy of the rules, some seventy
megabytes, and takes about two seconds to begin, so they are started only for many posts and end with them.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from foundation.lean import collect_seldom
from search.rules import kept
from search.rules.matcher import Matcher
from search.rules.model import Pack

P = ParamSpec("P")
T = TypeVar("T")
MOST = 4
"""Of processes, unless the settings say otherwise: what one process can store."""
_MATCHER: list[Matcher] = []


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def wanted(setting: int) -> int:
    """How many processes to judge in, by the setting `judges`: 0 asks for one for each core, a few at most."""
    count = setting or min(cores(), MOST)
    return count if count > 1 else 0


class Judges:
    """`count` processes with these rules. What they are asked is answered in any order; close them at the end.

    They end with the process that began them, also when that one is killed.
    """

    def __init__(self, matcher: Matcher, count: int) -> None:
        self.version = matcher.version
        self.count = count
        self._pool = ProcessPoolExecutor(
            count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(matcher.packs, kept.folder()),
        )

    def ask(
        self, work: Callable[Concatenate[Matcher, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> "Future[T]":
        """`work(matcher, ...)` in one of the processes; it stands at the top of a module.

        BrokenProcessPool, now or as the answer, when a process was killed or could not begin.
        """
        asked: Callable[..., T] = _work
        return self._pool.submit(asked, self.version, work, *args, **kwargs)

    def close(self) -> None:
        """End the processes; what was not begun is left."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class OtherRules(RuntimeError):
    """A process came to other rules than the one that began it."""


def _begin(packs: tuple[Pack, ...], folder: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that stores ends them
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collect_seldom()
    kept.keep_in(folder)
    _MATCHER[:] = [Matcher(packs, keep=True)]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(version: str, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    matcher = _MATCHER[0]
    if matcher.version != version:
        raise OtherRules(version)
    return work(matcher, *args, **kwargs)
