"""Looking at pages: screenshots in both sizes, and what axe-core finds."""

import os
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "webui/assets/node_modules/axe-core/axe.min.js"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def screenshots() -> Path:
    """The folder for pictures: RASOAT_SCREENSHOTS, else screenshots/ (not committed)."""
    return Path(os.environ.get("RASOAT_SCREENSHOTS") or ROOT / "screenshots")


def shot(page: Page, name: str, *, full: bool = True) -> list[Path]:
    """Pictures of the page as it is, as <name>-desk.png (1366×768) and <name>-phone.png (390×844)."""
    folder = screenshots()
    folder.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    taken = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => document.fonts.ready.then(() => true)")
        path = folder / f"{name}-{size}.png"
        page.screenshot(path=path, full_page=full, animations="disabled")
        taken.append(path)
    if before:
        page.set_viewport_size(before)
    return taken


def axe(page: Page) -> list[str]:
    """What axe-core holds against the page, one line each: rule, elements, why. Empty is good.

    The page is waited for: one that is still being read has no main part and no heading yet.
    """
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = cast(
        "dict[str, Any]", page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    )
    return [
        f"{violation['id']}: {node['html'][:160]} ({' '.join((node.get('failureSummary') or '').split())[:300]})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 means no sideways scrolling."""
    wider = "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
    return int(page.evaluate(wider))
