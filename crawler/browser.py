"""Finds the Chromium that captures are made with, and says how to get one."""

import os
import shutil
from pathlib import Path

from crawler.reasons import told
from foundation.errors import Unavailable
from foundation.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = told("no_browser")


class BrowserMissing(Unavailable):
    """There is no browser on this machine; the message names the command that brings one."""

    key = "crawler.browser_missing"

    def __init__(self, message: str = REMEDY) -> None:
        super().__init__(message, about="browser")


def find_browser(settings: Settings) -> Path | None:
    """The browser of the settings, of the system, or of Playwright; None when there is none."""
    if settings.browser_path:
        named = Path(settings.browser_path)
        return named if named.is_file() else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _of_playwright()


def _of_playwright() -> Path | None:
    """What `playwright install chromium` leaves in its cache, the newest."""
    folder = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    )
    found = sorted(folder.glob("chromium*/chrome-linux*/*"))
    wanted = [path for path in found if path.name in {"chrome", "headless_shell"}]
    return wanted[-1] if wanted else None
