"""Finds the Chromium that captures are made with, and says how to get one."""

import os
import shutil
from contextlib import suppress
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


def sandboxed() -> bool:
    """Whether this machine and account let Chromium keep its pages in its sandbox.

    Chromium refuses it to root, and it needs user namespaces (or its set-uid helper).
    """
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return False
    for switch in (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "/proc/sys/user/max_user_namespaces",
    ):
        with suppress(OSError, ValueError):
            if int(Path(switch).read_text()) == 0:
                return Path("/usr/lib/chromium/chrome-sandbox").exists()
    return True


def _of_playwright() -> Path | None:
    """What `playwright install chromium` leaves in its cache, the newest."""
    folder = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    )
    found = sorted(folder.glob("chromium*/chrome-linux*/*"))
    wanted = [path for path in found if path.name in {"chrome", "headless_shell"}]
    return wanted[-1] if wanted else None
