"""Where the crawl of a wiki begins: its recent changes, or the history of one page."""

from urllib.parse import unquote, urlsplit, urlunsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.lists import first, remembered

PER_PAGE = 25
"""Changes of one request: their texts before and after are asked for together, fifty at a time."""
TALK = "1|3|5|7|9|11|13|15"


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The newest changes, back to the last one that was seen."""
    read = str(plan.config.get("read") or "talk")
    known = remembered(plan, key_of(plan))
    if read == "page":
        url = query(
            plan.address,
            prop="revisions",
            titles=str(plan.config.get("title") or ""),
            rvprop="ids|timestamp|user|comment|content|flags",
            rvslots="main",
            rvlimit=PER_PAGE,
            rvend=known,
        )
        return (first(url, "history"),)
    url = query(
        plan.address,
        list="recentchanges",
        rcprop="title|ids|user|timestamp|comment|sizes|flags",
        rctype="edit|new",
        rcshow="!bot",
        rcnamespace=TALK if read == "talk" else None,
        rclimit=PER_PAGE,
        rcend=known,
    )
    return (first(url, "changes"),)


def revision(plan: SourcePlan, number: int) -> Fetch:
    """One revision by itself: its whole text, with nothing to compare it with."""
    asked = texts(plan, [number], depth=0)
    return Fetch(asked.url, step=asked.step, meta={"alone": True})


def texts(plan: SourcePlan, numbers: list[int], *, depth: int) -> Fetch:
    """The texts of revisions."""
    url = query(
        plan.address,
        prop="revisions",
        revids="|".join(map(str, numbers)),
        rvprop="ids|timestamp|user|comment|content",
        rvslots="main",
    )
    return Fetch(url, step="texts", depth=depth)


def query(address: str, **parameters: object) -> str:
    """A query of the wiki's interface."""
    return with_query(
        api_address(address), action="query", format="json", formatversion=2, **parameters
    )


def api_address(address: str) -> str:
    """Where api.php lies: named, beside index.php, or where most wikis have it."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if path.endswith("/api.php"):
        head = path.removesuffix("/api.php")
    elif "/index.php" in path:
        head = path.partition("/index.php")[0]
    else:
        head = path.partition("/wiki/")[0].rstrip("/") + ("/w" if "/wiki/" in path else "")
    return urlunsplit((parts.scheme, parts.netloc, f"{head}/api.php", "", ""))


def index_address(address: str) -> str:
    """Where index.php lies, which names every change."""
    return api_address(address).removesuffix("api.php") + "index.php"


def key_of(plan: SourcePlan) -> str:
    """The list in the source's memory."""
    read = str(plan.config.get("read") or "talk")
    return f"mediawiki {read} {plan.config.get('title') or ''}".strip()
