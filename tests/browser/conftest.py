"""Fixtures of the browser tests: a running office, Chromium that talks to nobody else, a page that complains.

@pytest.mark.browser
def test_it_opens(office: Office, page: Page) -> None:
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(office.url + "/queue")
    assert axe(page) == []
    shot(page, "queue")
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from foundation.clock import MovableClock
from foundation.settings import Settings
from tests.browser.running import Office, launch_args, serving
from tests.support.people import People
from tests.webui.login import let_tests_log_in
from tests.webui.shell_area import MODULES, ground_wiring
from webui import nav
from webui.app import create_app

expect.set_options(timeout=15_000)
"""Milliseconds an expectation waits: a busy machine takes several times what an idle one does."""
ASKED_FOR = re.compile(r"Failed to load resource|Response Status Error Code 4\d\d")


@pytest.fixture(scope="session")
def base_url() -> str:
    """Tests name whole addresses; this stands in for a plugin's fixture that this pytest warns of."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own, with the machine's Chromium, offline."""
    mine = launch_args()
    return {
        **browser_type_launch_args,
        **mine,
        "args": [*browser_type_launch_args.get("args", []), *mine["args"]],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The screen that offices have, the language that they speak."""
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 768},
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
    }


@pytest.fixture(scope="session")
def assets() -> None:
    """The front-end packages must have been built."""
    from webui.assets.build import is_current

    if not is_current():
        pytest.fail("assets are not built: python -m webui.assets.build")


@pytest.fixture
def office(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[Office]:
    """The whole application over SQLite in a folder of the test's own, served by waitress."""
    from webui.wiring import build

    wiring = build(Settings(data_dir=tmp_path / "office"), clock)
    wiring.database.create_all()
    app = let_tests_log_in(create_app(wiring))
    app.config["WTF_CSRF_ENABLED"] = True
    with serving(app) as url:
        yield Office(app, wiring, People(wiring.database, clock), url)
    wiring.close()


@pytest.fixture
def shell_office(
    tmp_path: Path, clock: MovableClock, assets: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """The frame with the small page area of the shell's tests, and nothing that others registered."""
    monkeypatch.setattr(nav, "_TODAY", {})
    monkeypatch.setattr(nav, "_COUNTS", {})
    ground = ground_wiring(tmp_path / "shell", clock)
    app = let_tests_log_in(create_app(ground, modules=MODULES))  # type: ignore[arg-type]
    app.config["WTF_CSRF_ENABLED"] = True
    with serving(app) as url:
        yield Office(app, ground, People(ground.database, clock), url)  # type: ignore[arg-type]
    ground.database.dispose()


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails the test when a script failed, the policy refused something, or it called outside."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # An answer such as 403 or 422 that a test asks for is told in the console too; no fault of the page.
        if message.type == "error" and not ASKED_FOR.match(message.text):
            problems.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith(
            ("http://127.0.0.1", "http://localhost", "data:", "blob:", "about:")
        ):
            problems.append(f"asked outside: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("request", on_request)
    yield page
    assert problems == []
