"""Where the crawl of a list begins: its first page. Which pages a browser has to show."""

from collections.abc import Mapping
from typing import Any

from crawler.page import Fetch, SourcePlan

LIST_PRIORITY = 10


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The address of the source as the first page of the list."""
    meta = {"n": 1, **shown_by_browser(plan.config, "list")}
    return (Fetch(plan.address, step="list", priority=LIST_PRIORITY, meta=meta),)


def shown_by_browser(config: Mapping[str, Any], step: str) -> dict[str, str]:
    """What a page's meta says when its posts are made by scripts: the selector that is waited for."""
    if not config.get("javascript"):
        return {}
    entry = config.get(f"{step}_item") or (config.get("list_link") if step == "list" else "")
    return {"render": str(config.get("wait_for") or entry or config.get("detail_text") or "")}
