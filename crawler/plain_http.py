"""One page by plain HTTP, logged out: guarded addresses, few redirects, limits of time and size.

For looking again at single addresses; crawls go through Scrapy.
"""

import gzip
import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from types import MappingProxyType
from urllib.parse import quote, urljoin, urlsplit

from crawler.credentials import Credential
from crawler.guard import AddressGuard
from crawler.page import Fetch, Page
from foundation.errors import RasoatError

TIMEOUT_SECONDS = 20.0
WHOLE_SECONDS = 60.0
MAX_BYTES = 10 * 2**20
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_SAFE = "%/:@!$&'()*+,;=~-._?"


class NoAnswer(RasoatError):
    """No answer came: the name, the connection, the time or the number of redirects failed."""

    key = "crawler.no_answer"
    status = 502


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, guard: AddressGuard) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._guard = guard

    def connect(self) -> None:
        self.sock = self._guard.connect(self.host, self.port, TIMEOUT_SECONDS)


class _Tls(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, guard: AddressGuard) -> None:
        context = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=context)
        self._guard, self._tls = guard, context

    def connect(self) -> None:
        raw = self._guard.connect(self.host, self.port, TIMEOUT_SECONDS)
        self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)


def fetch(
    url: str,
    guard: AddressGuard,
    agent: str,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    credential: Credential | None = None,
) -> Page:
    """The answer of the last server in a chain of redirects.

    Raises NoAnswer, PrivateAddress or NoAddress. A body beyond MAX_BYTES is cut, and the page says so.
    """
    asked, until = url, monotonic() + WHOLE_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        page = _once(asked, url, guard, agent, until, headers, credential)
        target = page.headers.get("location", "")
        if page.status not in _REDIRECTS or not target:
            return page
        asked = _redirected(asked, target)
    raise NoAnswer(f"{url} redirects more than {MAX_REDIRECTS} times", about=url)


def _redirected(asked: str, target: str) -> str:
    """Where a redirect leads. NoAnswer where what it says is no address at all."""
    try:
        return urljoin(asked, target)
    except ValueError as error:
        raise NoAnswer(f"{asked}: {target[:200]}: {error}", about=asked) from error


def _once(
    asked: str,
    first: str,
    guard: AddressGuard,
    agent: str,
    until: float,
    headers: Mapping[str, str],
    credential: Credential | None,
) -> Page:
    """One answer; of a key that was sent with the request nothing is left in it."""
    if credential is None or not credential.belongs_to(asked):
        return _told(asked, asked, first, guard, agent, until, headers)
    keyed = {**headers, **credential.headers()}
    try:
        page = _told(credential.on(asked), asked, first, guard, agent, until, keyed)
    except NoAnswer as error:
        raise NoAnswer(credential.hide(str(error)), about=asked) from None
    shown = {name: credential.hide(value) for name, value in page.headers.items()}
    return replace(page, headers=shown, body=credential.hide_in(page.body))


def _told(
    sent: str,
    asked: str,
    first: str,
    guard: AddressGuard,
    agent: str,
    until: float,
    headers: Mapping[str, str],
) -> Page:
    try:
        return _ask(sent, asked, first, guard, agent, until, headers)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise NoAnswer(f"{asked}: {words}", about=asked) from error


def _ask(
    sent: str,
    asked: str,
    first: str,
    guard: AddressGuard,
    agent: str,
    until: float,
    more: Mapping[str, str],
) -> Page:
    parts = urlsplit(sent)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not a web address")
    host = (
        parts.hostname.encode("idna").decode("ascii")
        if not parts.hostname.isascii()
        else parts.hostname
    )
    kind, port = (_Tls, 443) if parts.scheme == "https" else (_Plain, 80)
    connection = kind(host, parts.port or port, guard)
    target = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    headers = {
        "User-Agent": agent,
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
        "Accept-Language": "vi,en;q=0.5",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
        **more,
    }
    watchman: threading.Timer | None = None
    try:
        connection.request("GET", target, headers=headers)
        watchman = _watchman(connection.sock, until)
        answer = connection.getresponse()
        body, cut = _body(answer, until)
        named = {name.lower(): value for name, value in answer.getheaders()}
        body, too_long = _unpacked(body, named.get("content-encoding", ""))
        now = datetime.now(UTC)
        return Page(Fetch(first, "look"), asked, answer.status, named, body, now, cut or too_long)
    finally:
        if watchman is not None:
            watchman.cancel()
        connection.close()


def _watchman(connection: socket.socket, until: float) -> threading.Timer:
    """Hangs up when the time of the whole visit is over: a server that drips never lets a read time out."""

    def hang_up() -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(until - monotonic(), 0.01), hang_up)
    timer.daemon = True
    timer.start()
    return timer


def _body(answer: http.client.HTTPResponse, until: float) -> tuple[bytes, bool]:
    parts, size = [], 0
    while chunk := answer.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            return b"".join(parts)[:MAX_BYTES], True
        if monotonic() > until:
            raise TimeoutError(f"not whole after {WHOLE_SECONDS:.0f} s")
    return b"".join(parts), False


def _unpacked(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """Unpacked up to MAX_BYTES: what unpacks to more is cut there."""
    name = encoding.strip().lower()
    if name not in {"gzip", "x-gzip", "deflate"} or not body:
        return body, False
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        whole = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise gzip.BadGzipFile(str(error)) from error
    return whole, bool(unpacker.unconsumed_tail)
