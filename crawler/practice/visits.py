"""Counts who asked for what, so that a test can prove where a crawler did not go."""

from collections import Counter
from threading import Lock

from flask import request

_MOST_PATHS = 5_000


class Visits:
    """Requests by address and by user agent since the start; kept in memory only."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: Counter[str] = Counter()
        self._agents: Counter[str] = Counter()

    def count(self) -> None:
        """Note the request that is being answered; the operator's own pages are left out."""
        if request.path.startswith("/quan-tri"):
            return
        with self._lock:
            if request.path in self._paths or len(self._paths) < _MOST_PATHS:
                self._paths[request.path] += 1
            self._agents[request.headers.get("User-Agent", "")[:200]] += 1

    def as_json(self) -> dict[str, dict[str, int]]:
        """``{"paths": {path: times}, "agents": {user agent: times}}``."""
        with self._lock:
            return {"paths": dict(self._paths), "agents": dict(self._agents)}

    def forget(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._paths.clear()
            self._agents.clear()
