"""Looking at one post again through the interface it was read by: what the web page hides behind scripts.

The kind of the post's source says which request shows the post (`Kind.look`); its own parser reads the answer.
Only an answer that would hold the post and does not is a removal. No key, no answer, a refusal: nothing was seen.
"""

from dataclasses import dataclass

from crawler.credentials import Credential
from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.page import Fetch, Page, SourcePlan
from crawler.plain_http import NoAnswer, fetch
from crawler.reasons import told
from crawler.recheck import SAME, Expected, Look, seen_part, share
from crawler.sources.addresses import canonical
from crawler.sources.base import Kind
from search.post import Availability, Post

FRESH = {"Cache-Control": "no-cache"}
_GONE = frozenset({"api_unknown", "no_topic"})
_HIDDEN = frozenset({"no_preview", "api_forbidden", "api_login"})


@dataclass(frozen=True, slots=True)
class Interface:
    """The interface that a post came by: its kind, its source, and the key where one is needed."""

    kind: Kind
    plan: SourcePlan
    credential: Credential | None = None


def look_by_interface(
    url: str, expected: Expected, interface: Interface, guard: AddressGuard, agent: str
) -> Look | None:
    """What the interface says of the post; None where it cannot be asked about it."""
    kind = interface.kind
    asked = kind.look(interface.plan, url)
    if asked is None or (kind.needs_credential and interface.credential is None):
        return None
    try:
        page = fetch(
            asked.url,
            guard,
            agent,
            headers={**asked.headers, **FRESH},
            credential=interface.credential,
        )
    except PrivateAddress as error:
        return Look(Availability.UNREACHABLE, told("not_visited", why=error))
    except (NoAnswer, NoAddress) as error:
        return Look(Availability.UNREACHABLE, told("no_answer", why=error))
    return judge_answer(url, asked, page, expected, interface)


def judge_answer(
    url: str, asked: Fetch, page: Page, expected: Expected, interface: Interface
) -> Look:
    """What an answer of the interface says about the post at `url`."""
    answer = Page(
        asked, page.url, page.status, page.headers, page.body, page.fetched_at, page.truncated
    )
    if not 200 <= page.status < 300:
        return _refused(answer, interface)
    parsed = interface.kind.read(interface.plan, answer)
    found = next((post for post in parsed.posts if _same(post, url)), None)
    if found is not None:
        return _shown(found, answer, expected)
    reasons = {problem.reason for problem in parsed.problems}
    if reasons & _HIDDEN:
        return Look(Availability.RESTRICTED, told("api_hidden"), page.status, page.url)
    if page.truncated or (parsed.problems and not parsed.posts and not reasons <= _GONE):
        return Look(Availability.UNREACHABLE, told("api_unreadable"), page.status, page.url)
    return Look(Availability.REMOVED, told("api_gone"), page.status, page.url)


def _same(post: Post, url: str) -> bool:
    return canonical(post.url) == canonical(url)


def _shown(post: Post, page: Page, expected: Expected) -> Look:
    wanted = expected.text or expected.title
    found = share(wanted, post.body) if wanted else 1.0
    if found >= SAME:
        return Look(Availability.ONLINE, told("api_there"), page.status, page.url)
    return Look(
        Availability.EDITED,
        told("changed", share=f"{found:.0%}"),
        page.status,
        page.url,
        seen_text=seen_part(wanted, post.body),
    )


def _refused(page: Page, interface: Interface) -> Look:
    problem = interface.kind.explain(interface.plan, page)
    reason = problem.reason if problem is not None else ""
    if reason in _GONE or page.status in {404, 410}:
        return Look(Availability.REMOVED, told("api_gone"), page.status, page.url)
    if reason in _HIDDEN:
        return Look(Availability.RESTRICTED, told("api_hidden"), page.status, page.url)
    if page.status == 429:
        return Look(Availability.BLOCKED, told("status", status=page.status), page.status, page.url)
    return Look(Availability.UNREACHABLE, told("status", status=page.status), page.status, page.url)
