"""Pages and plans for tests of parsers, without a network."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.page import Fetch, Page, SourcePlan
from crawler.sources import KINDS
from search.post import Platform

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BASE = "https://dien-dan.example/"


def plan(
    kind: str, options: Mapping[str, Any] | None = None, address: str = BASE, **given: Any
) -> SourcePlan:
    """A source of that kind, its options checked by its form."""
    config = KINDS[kind].form.read(options or {})
    return SourcePlan(1, address, Platform.FORUM, config, **given)


def answer(
    body: str | bytes,
    url: str = BASE,
    step: str = "list",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **given: Any,
) -> Page:
    """An answer of a server to a fetch of that step."""
    content = body.encode() if isinstance(body, str) else body
    fetch = Fetch(url, step, meta=given.pop("meta", {"n": 1}))
    named = {"content-type": "text/html; charset=utf-8", **(headers or {})}
    return Page(fetch, given.pop("final", url), status, named, content, NOW, **given)
