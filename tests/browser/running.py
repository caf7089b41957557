"""A real server over a real application, and the browser that the machine has."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page
from waitress import wasyncore
from waitress.server import create_server

from foundation.people import User
from tests.support.people import People
from tests.webui.login import cookie_of

if TYPE_CHECKING:
    from webui.wiring import Wiring

OFFLINE = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
"""What keeps Chromium from talking to anybody but us."""


def chromium_path() -> str | None:
    """RASOAT_CHROMIUM, else the system's Chromium, else None: Playwright's own."""
    named = os.environ.get("RASOAT_CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def launch_args() -> dict[str, Any]:
    """How Chromium is started in tests."""
    args = [*OFFLINE]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses its sandbox to root, which containers are
    found: dict[str, Any] = {"args": args}
    if path := chromium_path():
        found["executable_path"] = path
    return found


@dataclass
class Office:
    """A running deployment: `url`, the app, its wiring, and people who can sit down at a browser."""

    app: Flask
    wiring: "Wiring"
    people: People
    url: str

    def log_in(self, where: Page | BrowserContext, user: User) -> None:
        """Give this browser the session of this person; the page is left first, and all it still asks for."""
        if isinstance(where, Page):
            where.goto("about:blank")
        context = where.context if isinstance(where, Page) else where
        context.add_cookies(
            [{"name": "rasoat", "value": cookie_of(self.app, user), "url": self.url}]
        )


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app behind waitress on a free port of 127.0.0.1; yields its address."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    stop = threading.Event()

    def run() -> None:
        # Closed by the thread that waits on the sockets, or it would wait on closed ones.
        while not stop.is_set():
            wasyncore.loop(timeout=0.2, map=sockets, count=1)
        server.task_dispatcher.shutdown(timeout=5)
        wasyncore.close_all(sockets)

    thread = threading.Thread(target=run, name="office")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        server.pull_trigger()
        thread.join(timeout=10)
