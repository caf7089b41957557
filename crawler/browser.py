"""Finds the Chromium that pages are visited with, says how to get one, and how it is started."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from crawler.reasons import told
from foundation.errors import Unavailable
from foundation.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = told("no_browser")

# Chromium heeds the last --disable-features only, so what Playwright switches off must be said again.
_FEATURES_OFF = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "OptimizationHints"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "Translate"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch", "RenderDocument", "LensOverlay"),
    *("IsolateOrigins", "site-per-process", "SpareRendererForSitePerProcess"),
    # Suggestions below an address bar that nobody sees cost a page process of 40 MB.
    *("AimEnabled", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    "PreloadTopChromeWebUI",
)
_FLAGS = (
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--block-new-web-contents",
    # Frames of other sites in the same process: their traffic is then recorded with the page's, and a page
    # full of advertisements costs one process instead of twenty. There is nothing to keep apart: every visit
    # is of a stranger without cookies.
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--js-flags=--max-old-space-size=512",
    "--mute-audio",
)


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


def launch_options(path: Path, proxy: str, mark: str) -> dict[str, Any]:
    """How Chromium is started: behind the guard's proxy, as sandboxed as it can be, found again by its mark."""
    return {
        "executable_path": str(path),
        "ignore_default_args": ["--disable-popup-blocking", "--enable-unsafe-swiftshader"],
        "args": [*_FLAGS, mark, *([] if sandboxed() else ["--no-sandbox"])],
        "chromium_sandbox": sandboxed(),
        "proxy": {"server": proxy, "bypass": "<-loopback>"},
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def context_options(agent: str) -> dict[str, Any]:
    """How the visit of a source's page begins: as a stranger in Vietnam who stores and downloads nothing."""
    return {
        "accept_downloads": False,
        "service_workers": "block",
        "user_agent": agent,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "reduced_motion": "reduce",
        "permissions": [],
    }


def _of_playwright() -> Path | None:
    """What `playwright install chromium` leaves in its cache, the newest."""
    folder = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    )
    found = sorted(folder.glob("chromium*/chrome-linux*/*"))
    wanted = [path for path in found if path.name in {"chrome", "headless_shell"}]
    return wanted[-1] if wanted else None
