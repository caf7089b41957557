"""Children that die with their parent and do not get its Ctrl-C."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

PARENT_VARIABLE = "CRAWLER_PARENT"
_PR_SET_PDEATHSIG = 1


def spawn(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a child in a process group of its own; it learns whom to follow into the grave."""
    environment = {**os.environ, PARENT_VARIABLE: str(os.getpid())}
    return subprocess.Popen(
        list(command), stdin=subprocess.DEVNULL, env=environment, process_group=0
    )


def die_with_parent() -> None:
    """In a child made by `spawn`: be told to end (SIGTERM) when the parent is gone. Linux; elsewhere nothing."""
    parent = os.environ.get(PARENT_VARIABLE, "")
    if not parent.isdigit() or not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGTERM)
