"""The frame in a real browser: keys, input methods, languages, sizes, accessibility."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation.clock import MovableClock
from foundation.people import Role
from tests.browser.looks import axe, shot
from tests.browser.running import Office, serving
from tests.support.people import People
from tests.webui.login import let_tests_log_in
from tests.webui.shell_area import ground_wiring
from webui.app import create_app

pytestmark = pytest.mark.browser
AREAS = ("webui.views.shell", "webui.views.today", "tests.webui.shell_area")


@pytest.fixture
def office(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[Office]:
    """The frame with the small page area of the tests."""
    wiring = ground_wiring(tmp_path, clock)
    app = let_tests_log_in(create_app(wiring, modules=AREAS))  # type: ignore[arg-type]
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    with serving(app) as url:
        yield Office(app, wiring, People(wiring.database, clock), url)  # type: ignore[arg-type]
    wiring.database.dispose()


@pytest.fixture
def inspector(office: Office, page: Page) -> Page:
    office.log_in(page, office.people(Role.INSPECTOR))
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_frame_is_accessible_in_both_languages_and_themes(
    office: Office, inspector: Page, language: str, theme: str
) -> None:
    inspector.context.add_cookies([{"name": "theme", "value": theme, "url": office.url}])
    office.log_in(inspector, office.people(Role.INSPECTOR, language=language))
    for name in ("", "queue", "parts", "things", "nowhere"):
        answer = inspector.goto(f"{office.url}/{name}")
        assert answer is not None
        assert answer.status == (404 if name == "nowhere" else 200)
        expect(inspector.locator("html")).to_have_attribute("lang", language)
        expect(inspector.locator("html")).to_have_attribute("data-bs-theme", theme)
        assert axe(inspector) == [], name
        shot(inspector, f"shell-{name or 'today'}-{language}-{theme}")
