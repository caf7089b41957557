"""The page of the system in Chromium: both sizes, the examination, and what axe finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation import heartbeat
from foundation.clock import MovableClock
from foundation.people import Role
from foundation.settings import Settings
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office, serving
from tests.support.people import People
from tests.webui.login import let_tests_log_in
from webui import backup, migrate
from webui.app import create_app
from webui.wiring import build

pytestmark = pytest.mark.browser


@pytest.fixture
def running(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[Office]:
    """A deployment with a backup and two processes that live."""
    wiring = build(Settings(data_dir=tmp_path / "office", secret_key="k" * 40), clock)
    migrate.upgrade(wiring.database)
    with wiring.database.writing() as session:
        heartbeat.write(session, "indexer", at=clock.now())
        heartbeat.write(session, "worker", at=clock.now())
    backup.make(wiring, tmp_path / "rasoat-20261123-020000.tar.gz")
    app = let_tests_log_in(create_app(wiring))
    with serving(app) as url:
        yield Office(app, wiring, People(wiring.database, clock), url)
    wiring.close()


def test_the_system_is_examined_at_the_press_of_a_button(page: Page, running: Office) -> None:
    running.log_in(page, running.people(Role.ADMINISTRATOR))
    page.goto(f"{running.url}/system")
    expect(page.get_by_text("rasoat-20261123-020000.tar.gz")).to_be_visible()
    expect(page.get_by_text("đang hoạt động")).to_have_count(2)
    shot(page, "system")
    assert axe(page) == []
    page.get_by_role("button", name="Kiểm tra mọi bộ phận").click()
    found = page.locator("#findings")
    expect(found.get_by_role("row")).to_have_count(21, timeout=60_000)
    expect(found).to_contain_text("Cơ sở dữ liệu")
    shot(page, "system-examined")
    assert axe(page) == []
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, width
