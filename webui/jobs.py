"""The one function that the queue calls: a name and ids, looked up in the registry that wiring fills."""

import os
from collections.abc import Sequence
from functools import lru_cache

from webui.wiring import Wiring, build_from_env


@lru_cache(maxsize=1)
def _wiring(_process: int) -> Wiring:
    return build_from_env()


def run(name: str, ids: Sequence[int]) -> None:
    """Do the job `name` for these ids. Jobs can run twice; what they lost is found again by the scheduler."""
    _wiring(os.getpid()).jobs.run(name, ids)
