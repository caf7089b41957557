"""Spares a process what it does not need: what libraries import only to be prettier, and looking for garbage.

`structlog` takes `rich` and `twisted` along where they are installed, as they are for other reasons: ten
megabytes and a sixth of a second in each process of a deployment. Imported first by the command line.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 20_000
"""New objects after which Python looks for those that only hold each other; of itself it looks after 700."""


def collect_seldom() -> None:
    """Look for garbage seldom: what judges makes many objects, and a tenth of its time went there."""
    gc.set_threshold(YOUNG, 20, 20)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """For a while these libraries cannot be imported, as if they were not installed; those that are stay."""
    kept_out = [name for name in names if name not in sys.modules]
    for name in kept_out:
        sys.modules[name] = None  # type: ignore[assignment]  # what `import` takes for "there is none"
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]


with without("rich", "twisted"):
    import structlog  # noqa: F401
