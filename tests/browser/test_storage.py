"""The page Lưu trữ and the list of evidence in Chromium: both sizes, the chart, the keys, and what axe finds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.evidence import service
from casework.evidence.models import EvidenceItem
from foundation.clock import MovableClock
from foundation.models_storage import StorageSample
from foundation.people import Role
from foundation.settings import Settings
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office, serving
from tests.support.people import People
from tests.webui.login import let_tests_log_in
from webui import migrate
from webui.app import create_app
from webui.storage.kinds import Kind
from webui.wiring import build

pytestmark = pytest.mark.browser
TITLE = "Tuyển nam nữ đi làm Campuchia lương 25 triệu, bao ăn ở, bay ngay trong tuần"


@pytest.fixture
def running(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[Office]:
    """A deployment with a month of samples and some evidence."""
    wiring = build(Settings(data_dir=tmp_path / "office", secret_key="k" * 40), clock)
    migrate.upgrade(wiring.database)
    now = clock.now()
    with wiring.database.writing() as session:
        for ago in range(30):
            at = now - timedelta(days=ago)
            for kind, size in ((Kind.CAPTURES, 2**30 * (60 - ago)), (Kind.UNUSED, 2**20)):
                row = StorageSample(day=at.date(), kind=kind, files=10, bytes=size, at=at)
                session.add(row)
        for number in range(12):
            address = f"https://dien-dan-viec-lam.example/chu-de/{number}-" + "tuyen-nam-nu-" * 8
            item = EvidenceItem(
                url=address, title=TITLE, captured_at=now, created_at=now, origin="crawler",
                availability="login_wall", files=[], shows_victim=number == 3,
            )  # fmt: skip
            service.keep(session, item)
    app = let_tests_log_in(create_app(wiring))
    with serving(app) as url:
        yield Office(app, wiring, People(wiring.database, clock), url)
    wiring.close()


def test_storage_and_evidence_can_be_read_and_worked_by_keys(page: Page, running: Office) -> None:
    who = running.people(Role.ADMINISTRATOR, Role.INSPECTOR)
    running.log_in(page, who)
    page.goto(f"{running.url}/system/storage")
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, width
        shot(page, f"storage-{width}")
        assert axe(page) == []
    page.goto(f"{running.url}/evidence/")
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, width
        shot(page, f"evidence-{width}")
        assert axe(page) == []
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    wanted = rows.nth(1).locator("[data-open]").get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(f"**{wanted}")
