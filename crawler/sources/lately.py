"""Posts of the last days: lists bring them no more, but people go on to comment on them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crawler.page import Page, SourcePlan
from crawler.sources.api import mapping
from crawler.sources.forms import Option, OptionKind

MOST = 10
"""So many posts of a source are looked at again in a run, the newest first."""
OPTION = Option(
    "again_days",
    "Days in which comments are looked for again",
    OptionKind.NUMBER,
    help="The newest comments of the ten newest posts that are no older than this; 0: never again.",
    default=7,
    low=0,
    high=60,
)


def recent(plan: SourcePlan, page: Page, key: str) -> dict[str, str]:
    """The posts to look at again, as earlier runs noted them: number to its time (and address)."""
    if not plan.config.get("comments", True):
        return {}
    return _newest(plan, page, _known(plan, key))


def noted(
    plan: SourcePlan, page: Page, key: str, seen: Iterable[tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """What the source remembers for its next run after this page of its list; nothing where nothing changed.

    `seen` holds number and time of each post; after the time and a space, its address may follow.
    """
    known = _known(plan, key)
    found = _newest(plan, page, {**known, **{one: at for one, at in seen if one and at}})
    return {_name(key): found} if found != known else {}


def _known(plan: SourcePlan, key: str) -> dict[str, str]:
    return {str(one): str(at) for one, at in mapping(plan.state, _name(key)).items()}


def _name(key: str) -> str:
    return f"{key} lately"


def _newest(plan: SourcePlan, page: Page, posts: Mapping[str, str]) -> dict[str, str]:
    days = plan.config.get("again_days")
    oldest = page.fetched_at - timedelta(days=int(OPTION.default if days is None else days))
    young = [
        (at, one) for one, written in posts.items() if (at := _moment(written)) and at > oldest
    ]
    return {one: posts[one] for _, one in sorted(young, reverse=True)[:MOST]}


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written.partition(" ")[0])
    except ValueError:
        return None
    return found if found.tzinfo else None
