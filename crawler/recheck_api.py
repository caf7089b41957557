"""Looking at one post again through the interface it was read by: what the web page hides behind scripts.

The kind of the post's source says which request shows the post (`Kind.look`); its own parser reads the answer.
Only an answer that would hold the post and does not is a removal. No key, no answer, a refusal: nothing was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler.credentials import Credential
from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.one_address import one_address
from crawler.page import Fetch, Page, SourcePlan
from crawler.plain_http import NoAnswer, fetch
from crawler.reasons import told
from crawler.recheck import SAME, Expected, Look, seen_part, share
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
    found = _found(parsed.posts, url, interface)
    if found is not None:
        return _shown(found, answer, expected)
    reasons = {problem.reason for problem in parsed.problems}
    if reasons & _HIDDEN:
        return Look(Availability.RESTRICTED, told("api_hidden"), page.status, page.url)
    if page.truncated or (parsed.problems and not parsed.posts and not reasons <= _GONE):
        return Look(Availability.UNREACHABLE, told("api_unreadable"), page.status, page.url)
    return Look(Availability.REMOVED, told("api_gone"), page.status, page.url)


def _found(posts: Sequence[Post], url: str, interface: Interface) -> Post | None:
    """The post at that address, or else the one whose address is another spelling of it.

    Posts are stored under their one address, and sites come to spell theirs otherwise: with `www.`, by https,
    with another title in it. Such a post is still there.
    """
    plan = interface.plan
    wanted = one_address(url, plan.address)
    exact = (one for one in posts if one_address(one.url, plan.address) == wanted)
    return next(exact, None) or next((one for one in posts if _same(one, url, interface)), None)


def _same(post: Post, url: str, interface: Interface) -> bool:
    """Whether both are one place, or the interface would be asked for both by the same request."""
    plan, look = interface.plan, interface.kind.look
    if _place(post.url, plan.address) == _place(url, plan.address):
        return True
    asked, again = look(plan, url), look(plan, post.url)
    return asked is not None and again is not None and asked.url == again.url


def _place(url: str, home: str) -> tuple[str, str, str, str]:
    parts = urlsplit(one_address(url, home))
    return parts.netloc, unquote(parts.path).rstrip("/"), parts.query, unquote(parts.fragment)


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
