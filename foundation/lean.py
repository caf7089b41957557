"""Spares a process what libraries import only to be prettier or wider than we need.

`structlog` takes `rich` and `twisted` along where they are installed, as they are for other reasons: ten
megabytes and a sixth of a second in each process of a deployment. Imported first by the command line.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
