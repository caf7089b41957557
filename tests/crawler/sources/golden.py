"""Golden pairs: a page as a platform answers, and what the parser of its kind must make of it.

`tests/data/pages/KIND/CASE.json` (or .html, .xml) is the page, `CASE.expected.json` holds what is `given`
(address, options, step, headers ...) and the `result`. After a wanted change, `python -m
tests.crawler.sources.golden` writes the results anew; look at every line of the difference.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.page import Fetch, Page, PageResult, SourcePlan
from crawler.pipeline import Pipeline
from crawler.sources import KINDS
from search.post import Platform

FOLDER = Path(__file__).parents[2] / "data" / "pages"
FETCHED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_TYPES = {".json": "application/json", ".html": "text/html; charset=utf-8", ".xml": "text/xml"}


def cases() -> Iterator[tuple[str, str]]:
    """Every (kind, case)."""
    for path in sorted(FOLDER.glob("*/*.expected.json")):
        yield path.parent.name, path.name.removesuffix(".expected.json")


def expected(kind: str, case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / kind / f"{case}.expected.json").read_text("utf-8"))
    return found


def body(kind: str, case: str) -> tuple[bytes, str]:
    """The bytes of the page and their content type."""
    for suffix, content_type in _TYPES.items():
        path = FOLDER / kind / f"{case}{suffix}"
        if path.exists():
            return path.read_bytes(), content_type
    raise FileNotFoundError(f"{kind}/{case}")


def plan_of(kind: str, given: dict[str, Any]) -> SourcePlan:
    chosen = KINDS[kind]
    config = chosen.form.read(given.get("config", {}))
    platform = Platform(chosen.platform or "website")
    return SourcePlan(1, given["address"], platform, config, given.get("state", {}))


def page_of(given: dict[str, Any], content: bytes, content_type: str) -> Page:
    fetch = Fetch(
        given["url"], given["step"], depth=given.get("depth", 0), meta=given.get("meta", {})
    )
    headers = {"content-type": content_type, **given.get("headers", {})}
    return Page(fetch, given["url"], given.get("status", 200), headers, content, FETCHED)


def result(kind: str, case: str) -> dict[str, Any]:
    """What the pipeline makes of the page, as plain JSON."""
    given = expected(kind, case)["given"]
    content, content_type = body(kind, case)
    page = page_of(given, content, content_type)
    pipeline = Pipeline(KINDS[kind], plan_of(kind, given), [page.fetch.fingerprint])
    return plain(pipeline.read(page), pipeline.goes_on)


def plain(read: PageResult, goes_on: int = 0) -> dict[str, Any]:
    """A result without what is empty."""
    posts = [_without_empty(asdict(post)) for post in read.posts]
    follow = [
        _without_empty({"url": one.url, "step": one.step, "depth": one.depth, "meta": one.meta})
        for one in read.follow
    ]
    problems = [
        {"reason": one.reason, "step": one.step, "detail": one.detail} for one in read.problems
    ]
    whole = {"posts": posts, "follow": follow, "problems": problems, "state": read.state}
    whole |= {"at_end": read.at_end, "goes_on": goes_on, "hole": read.hole}
    found: dict[str, Any] = json.loads(json.dumps(whole, default=str, ensure_ascii=False))
    return found


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, (), {}, 0, [])}


def main() -> None:
    for kind, case in cases():
        whole = {"given": expected(kind, case)["given"], "result": result(kind, case)}
        path = FOLDER / kind / f"{case}.expected.json"
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
