"""How often one may try to log in: per address of the network, and per account."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

if TYPE_CHECKING:
    from webui.wiring import Wiring

T = TypeVar("T")
PER_ADDRESS = "30/minute"
PER_ACCOUNT = parse("10 per 15 minutes")
"""Failures, right or wrong account alike, so that the answer tells nobody which accounts exist."""
_GUARDED = (
    "security.login",
    "security.two_factor_token_validation",
    "security.verify",
    "login.set_password",
)


class LoginLimits:
    """The limits of one app, counted in the queue's server where there is one, else in memory."""

    def __init__(self, app: Flask, wiring: "Wiring") -> None:
        self._limiter = Limiter(
            get_remote_address,
            app=app,
            storage_uri=_storage(wiring),
            storage_options={"wrap_exceptions": True},
            in_memory_fallback_enabled=True,
            key_prefix="rasoat",
            strategy="fixed-window",
        )
        self._fallback = FixedWindowRateLimiter(MemoryStorage())

    def guard(self, app: Flask) -> None:
        """Limit POSTs to the pages where a secret is tried."""
        for endpoint in _GUARDED:
            if endpoint in app.view_functions:
                view: Callable[..., Any] = app.view_functions[endpoint]
                limited: Any = self._limiter.limit(PER_ADDRESS, methods=["POST"])(view)
                app.view_functions[endpoint] = limited

    def is_locked(self, account: str) -> bool:
        """Whether this account has failed too often of late."""
        return not self._count(lambda limiter: limiter.test(PER_ACCOUNT, "login", _key(account)))

    def failed(self, account: str) -> bool:
        """Count one failure; True when it is the one that locks the account."""
        self._count(lambda limiter: limiter.hit(PER_ACCOUNT, "login", _key(account)))
        return self.is_locked(account)

    def forget(self, account: str) -> None:
        """A right password takes the failures back."""
        self._count(lambda limiter: limiter.clear(PER_ACCOUNT, "login", _key(account)))

    def _count(self, work: Callable[[RateLimiter], T]) -> T:
        """Where the queue's server does not answer, this process counts by itself."""
        try:
            return work(self._limiter.limiter)
        except StorageError:
            return work(self._fallback)


def _key(account: str) -> str:
    return hashlib.sha256(account.strip().lower().encode()).hexdigest()[:32]


def _storage(wiring: "Wiring") -> str:
    url = wiring.redis_url
    if url.startswith("unix://"):
        path = url.removeprefix("unix://")
        return f"redis+unix://{path}" if wiring.settings.redis_url or _exists(path) else "memory://"
    return url


def _exists(path: str) -> bool:
    return Path(path.partition("?")[0]).exists()


def source() -> str:
    """Where a try came from, as a digest: enough to see that tries belong together."""
    return hashlib.sha256(str(request.remote_addr).encode()).hexdigest()[:16]
