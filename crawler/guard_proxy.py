"""A forward proxy on this machine that a browser's every connection goes through.

A browser resolves names itself and follows redirects where no one can interfere, so a check before each
request would not hold. Behind this proxy it can reach only addresses that the guard has let through, and
exactly those that were checked.
"""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.guard import AddressGuard, NoAddress, PrivateAddress

TIMEOUT_SECONDS = 20.0
IDLE_SECONDS = 60.0
REFUSED = "rasoat; error=destination_unavailable"
"""The Proxy-Status (RFC 9209) of what this proxy answers itself, where no server was reached."""
_CHUNK = 65_536
_HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "upgrade"),
    }
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, guard: AddressGuard) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.guard = guard
        self.refused: list[str] = []
        self.reached: dict[str, str] = {}
        self.carried = 0
        self.most = 0

    def carry(self, size: int) -> bool:
        """Count what came in; False when a visit has had more than it may (0: without limit)."""
        self.carried += size
        return not self.most or self.carried <= self.most

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that breaks off is everyday life."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout: ClassVar[float] = IDLE_SECONDS

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        upstream = self._connect(host.strip("[]"), int(port) if port.isdigit() else 443)
        if upstream is None:
            return
        with upstream:
            self.send_response(200)
            self.end_headers()
            _pump(self.connection, upstream, self.server.carry)
        self.close_connection = True

    def _forward(self) -> None:
        """Plain HTTP: one request, one connection; the answer is passed on as it comes."""
        parts = urlsplit(self.path)
        upstream = self._connect(parts.hostname or "", parts.port or 80)
        if upstream is None:
            return
        with upstream:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            lines = [f"{self.command} {target} HTTP/1.1"]
            lines += [
                f"{name}: {value}"
                for name, value in self.headers.items()
                if name.lower() not in _HOP_BY_HOP
            ]
            head = "\r\n".join([*lines, "Connection: close", "", ""])
            upstream.sendall(head.encode("latin-1", "replace"))
            if length := int(self.headers.get("Content-Length") or 0):
                upstream.sendall(self.rfile.read(length))
            self.close_connection = True
            while (chunk := upstream.recv(_CHUNK)) and self.server.carry(len(chunk)):
                self.wfile.write(chunk)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _forward  # noqa: N815

    def _connect(self, host: str, port: int) -> socket.socket | None:
        try:
            upstream = self.server.guard.connect(host, port, TIMEOUT_SECONDS)
            self.server.reached[host] = str(upstream.getpeername()[0])
        except PrivateAddress:
            self.server.refused.append(host)
            self._refuse(403)
        except (NoAddress, OSError):
            self._refuse(502)
        else:
            return upstream
        return None

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Proxy-Status", REFUSED)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """What a captured page loads is nobody's business here."""


class GuardProxy:
    """A running proxy: its address, and the hosts it refused."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.address = f"http://127.0.0.1:{server.server_address[1]}"

    def refused(self, host: str) -> bool:
        """Whether this host was refused since `take_refused` was last called."""
        return host in self._server.refused

    def begin_visit(self, most: int) -> None:
        """From now on count anew; connections are closed when more than `most` bytes came (0: no limit)."""
        self._server.refused.clear()
        self._server.reached.clear()
        self._server.carried, self._server.most = 0, most

    def reached(self) -> dict[str, str]:
        """The addresses that were connected to since the visit began, by host."""
        return dict(self._server.reached)

    def is_over(self) -> bool:
        """Whether the visit was cut off because it carried too much."""
        return bool(self._server.most) and self._server.carried > self._server.most

    def take_refused(self) -> list[str]:
        """The hosts refused since the last call, each once."""
        refused = list(dict.fromkeys(self._server.refused))
        self._server.refused.clear()
        return refused


@contextmanager
def guard_proxy(guard: AddressGuard) -> Iterator[GuardProxy]:
    """Run the proxy in threads of this process while the block runs."""
    server = _Server(guard)
    thread = threading.Thread(target=server.serve_forever, name="guard-proxy", daemon=True)
    thread.start()
    try:
        yield GuardProxy(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _pump(one: socket.socket, other: socket.socket, carry: Callable[[int], bool]) -> None:
    """Carry bytes both ways until one side ends, nothing comes for a minute, or too much came."""
    pairs = {one: other, other: one}
    with suppress(OSError):
        while True:
            ready, _, _ = select.select(list(pairs), [], [], IDLE_SECONDS)
            if not ready:
                return
            for source in ready:
                data = source.recv(_CHUNK)
                if not data or not carry(len(data)):
                    return
                pairs[source].sendall(data)
