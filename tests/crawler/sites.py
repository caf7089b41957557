"""Small real web servers for tests: each path is a function that answers, visits are counted."""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: path, query (first values), headers with names in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    stream: Iterable[bytes] | None = None
    """Sent after the body, piece by piece, until it ends or the visitor has gone."""
    raw: bool = False
    """Nothing but the stream is sent: no status, no headers."""


Handler = Callable[[Asked], Answer]


class Site:
    """A running site: its address, its pages (may be changed while it runs), and who came."""

    def __init__(self, pages: dict[str, Handler]) -> None:
        self.pages = pages
        self.visits: list[Asked] = []
        self.address = ""

    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]


@contextmanager
def serving(
    pages: dict[str, Handler],
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Site]:
    """Serve the pages while the block runs; an unknown path is a 404. Port 0: a free one.

    With `tls` by https, under the name localhost.
    """
    site = Site(pages)

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(parts.path, query, headers)
            site.visits.append(asked)
            handler = site.pages.get(parts.path)
            self._send(handler(asked) if handler else Answer("không có", 404))

        def _send(self, answer: Answer) -> None:
            if answer.raw:
                self._stream(answer)
                return
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            if answer.stream is None:
                self.send_header("Content-Length", str(len(body)))
            else:
                self.close_connection = True
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if answer.stream is not None:
                self._stream(answer)

        def _stream(self, answer: Answer) -> None:
            self.close_connection = True
            for piece in answer.stream or ():
                self.wfile.write(piece)

        def log_message(self, *args: object) -> None:
            """Silent."""

    class _Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that breaks off is what some tests are about."""

    server = _Server((host, port), _Handler)
    site.address = f"http://{host}:{server.server_address[1]}"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        site.address = f"https://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def page(text: str, **given: object) -> Handler:
    """A page that always answers the same."""
    return lambda _asked: Answer(text, **given)  # type: ignore[arg-type]
