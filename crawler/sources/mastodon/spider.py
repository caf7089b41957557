"""Where the crawl of a Mastodon server begins: a hashtag, the public timeline or an account."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin, with_query
from crawler.sources.lists import first, remembered

PER_PAGE = 40
ID = r"[\w-]{1,64}"
"""What numbers a status: digits on Mastodon, letters and digits that sort by time on others."""
_TAG = re.compile(r"^/(?:tags|api/v1/timelines/tag)/(?P<of>[^/]+)/?$")
_ACCOUNT = re.compile(r"^/(?:@|web/@|users/)(?P<of>[^/]+)(?:/(?:with_replies|media))?/?$")
_PUBLIC = re.compile(r"^/(?:web/)?(?:public(?:/local)?|explore|about|api/v1/timelines/public)?/?$")
_STATUSES = re.compile(rf"^/api/v1/accounts/(?P<id>{ID})/statuses/?$")
_THREAD = re.compile(
    rf"^/(?:(?:@|users/)[^/]+/(?:statuses/)?|notice/|api/v1/statuses/|web/statuses/)(?P<id>{ID})(?:/context)?/?$"
)
_OWN_PAGES = frozenset({"with_replies", "media", "followers", "following", "tagged", "collections"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read, and of which hashtag, account or status; `by_number`: an account by its number."""

    read: str
    of: str = ""
    local: bool = False
    by_number: bool = False

    @property
    def key(self) -> str:
        """The list in the source's memory."""
        return f"mastodon {self.read} {self.of}{' local' if self.local else ''}"


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page; where an earlier run has been, the page after what it has seen."""
    what, api = wanted(plan), api_of(plan)
    if what.read == "thread":
        return (Fetch(f"{api}/api/v1/statuses/{quote(what.of, safe='')}", step="status"),)
    if what.read == "account" and not (what.by_number or what.of.isdigit()):
        lookup = with_query(f"{api}/api/v1/accounts/lookup", acct=what.of)
        return (Fetch(lookup, step="lookup"),)
    return (timeline(plan, what.of),)


def timeline(plan: SourcePlan, of: str) -> Fetch:
    """The first page of the timeline: newest first, or upwards from what was seen."""
    what, api = wanted(plan), api_of(plan)
    if what.read == "tag":
        url = f"{api}/api/v1/timelines/tag/{quote(of, safe='')}"
    elif what.read == "public":
        url = f"{api}/api/v1/timelines/public"
    else:
        url = f"{api}/api/v1/accounts/{quote(of, safe='')}/statuses"
    known = remembered(plan, what.key)
    without = "true" if what.read == "account" and not plan.config.get("replies", True) else None
    url = with_query(
        url,
        limit=PER_PAGE,
        local="true" if what.local and what.read != "account" else None,
        exclude_replies=without,
        min_id=number_of(str(known)) if known is not None else None,
    )
    return first(url, "statuses", upwards=known is not None)


def mark_of_number(number: str) -> str:
    """A status's number as text that sorts like it: filled with zeros where it is not as long as the longest."""
    return number.zfill(24)


def number_of(mark: str) -> str:
    """The number again. What other servers than Mastodon give is 26 long and may begin with one zero."""
    return mark.lstrip("0") if mark.isdigit() or mark.startswith("00") else mark


def api_of(plan: SourcePlan) -> str:
    """The server, which is where its token goes to."""
    return origin(plan.address)


def wanted(plan: SourcePlan) -> Wanted:
    """What the options say, else what the address shows."""
    read = str(plan.config.get("read") or "address")
    local = bool(plan.config.get("local"))
    if read == "address":
        found = of_address(plan.address) or Wanted("public")
        return Wanted(found.read, found.of, found.local or local, found.by_number)
    of = str(plan.config.get("of") or "").strip().lstrip("#@")
    return Wanted(read, of if read != "public" else "", local)


def of_address(address: str) -> Wanted | None:
    """What a page of a Mastodon server shows; None where its address does not tell."""
    path = unquote(urlsplit(address).path)
    if found := _TAG.match(path):
        return Wanted("tag", found["of"])
    if found := _STATUSES.match(path):
        return Wanted("account", found["id"], by_number=True)
    if found := _ACCOUNT.match(path):
        return Wanted("account", found["of"])
    if (found := _THREAD.match(path)) and found["id"] not in _OWN_PAGES:
        return Wanted("thread", found["id"])
    if _PUBLIC.match(path):
        local = path.rstrip("/").endswith("/local") or "local=true" in urlsplit(address).query
        return Wanted("public", "", local)
    return None
