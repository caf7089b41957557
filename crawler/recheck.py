"""Is a post still online? What one look at its address shows, logged out (kiểm tra lại).

`judge` is pure: a page and what was expected in, a Look out. Only REMOVED speaks for a removal; what cannot
be seen (login, block, no answer) is never one.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.page import Page
from crawler.plain_http import NoAnswer, fetch
from crawler.reasons import told
from crawler.sources.addresses import canonical, same_site
from crawler.sources.markup import Element, decode, parse, plain_text
from crawler.walls import WallKind, find_wall
from search.post import Availability

SAME = 0.9
"""Share of the expected words' neighbourhoods that must be there for the text to be the same."""
SOME = 0.25
"""Below this share nothing of the text is there."""
SHORT_NOTICE = 400

_PERMALINK = re.compile(r"/(?:posts?|p|comments?|goto/post|find-post)/\d+(?:/find)?/?$")
_GONE_WORDS = re.compile(
    r"(?:nội dung|bài (?:viết|đăng)|chủ đề|bình luận|trang)[^.]{0,40}(?:đã )?(?:bị |được )?(?:gỡ|xóa|xoá)|"
    r"không (?:còn )?tồn tại|không tìm thấy (?:nội dung|bài|trang|chủ đề)|"
    r"(?:content|post|page|topic|video|comment)[^.]{0,40}(?:has been|was|been) (?:removed|deleted)|"
    r"no longer (?:available|exists)|page not found|doesn(?:'|’)t exist",
    re.IGNORECASE,
)
_RESTRICTED_WORDS = re.compile(
    r"(?:hiện )?không khả dụng|không được phép xem|(?:bài|nội dung)[^.]{0,30}(?:đã )?(?:bị )?ẩn|"
    r"(?:bài|nội dung|trang|tài khoản)[^.]{0,20}riêng tư|"
    r"(?:isn(?:'|’)t|not|currently un)\s*available|private (?:post|account|page)|"
    r"not (?:allowed|permitted) to view",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the post said when it was last seen; empty where nobody knows."""

    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look showed: state, HTTP status, where it ended, and a sentence that says how it was told."""

    availability: Availability
    detail: str
    status: int | None = None
    final_url: str = ""
    page: Page | None = field(default=None, compare=False, repr=False)
    seen_text: str = ""
    """Where the text was changed: what stands in its place now."""
    nowhere: bool = False
    """There is no address that may be visited: a browser has no business there either."""


def look(url: str, expected: Expected, guard: AddressGuard, agent: str) -> Look:
    """Look at one address now, by plain HTTP without cookies. Never raises for what the network does."""
    try:
        page = fetch(url, guard, agent, headers={"Cache-Control": "no-cache"})
    except PrivateAddress as error:
        return Look(Availability.UNREACHABLE, told("not_visited", why=error), nowhere=True)
    except (NoAnswer, NoAddress) as error:
        nowhere = isinstance(error, NoAddress)
        return Look(Availability.UNREACHABLE, told("no_answer", why=error), nowhere=nowhere)
    return judge(url, page, expected)


def judge(url: str, page: Page, expected: Expected) -> Look:
    """What this answer says about the post."""
    html = decode(page.body, page.content_type)
    availability, detail, seen = _told(url, page.url, page.status, page.headers, html, expected)
    return Look(availability, detail, page.status, page.url, page, seen)


def judge_rendered(
    url: str, final_url: str, status: int, html: str, expected: Expected, shown: str = ""
) -> Look:
    """The same for a page as a browser shows it.

    Where the post stands in the text that is `shown`, no status says that it is gone: sites answer 404 and
    let their scripts write the post all the same.
    """
    if stands_in(shown, expected):
        elsewhere = moved(url, final_url) and not _leads_on(url, final_url)
        state = Availability.MOVED if elsewhere else Availability.ONLINE
        detail = told("moved_with_text", address=unquote(final_url)) if elsewhere else told("there")
        return Look(state, detail, status, final_url)
    availability, detail, seen = _told(url, final_url, status, {}, html, expected)
    return Look(availability, detail, status, final_url, seen_text=seen)


def stands_in(shown: str, expected: Expected) -> bool:
    """Whether what is shown holds the post; never where nobody knows what it said."""
    wanted = expected.text or expected.title
    return bool(wanted) and share(wanted, shown) >= SAME


def _told(
    url: str, final: str, status: int, headers: Mapping[str, str], html: str, expected: Expected
) -> tuple[Availability, str, str]:
    """State, sentence, and what stands in the place of a text that was changed."""
    wall = find_wall(url, final, status, headers, html)
    if wall is not None and wall.kind == WallKind.LOGIN:
        return Availability.LOGIN_WALL, told("login", sign=wall.sign), ""
    if wall is not None:
        return Availability.BLOCKED, told("blocked", sign=wall.sign), ""
    if status in {404, 410}:
        return Availability.REMOVED, told("no_page", status=status), ""
    root = parse(html)
    text = plain_text(root) if root is not None else ""
    if status in {403, 451}:
        return Availability.RESTRICTED, told("refused", status=status), ""
    if not 200 <= status < 300:
        return Availability.UNREACHABLE, told("status", status=status), ""
    availability, detail = _by_content(url, final, root, text, expected)
    edited = availability is Availability.EDITED
    return availability, detail, seen_part(expected.text or expected.title, text) if edited else ""


def _by_content(
    url: str, final: str, root: Element | None, text: str, expected: Expected
) -> tuple[Availability, str]:
    found = share(expected.text or expected.title, text)
    if found >= SAME and moved(url, final) and not _leads_on(url, final):
        return Availability.MOVED, told("moved_with_text", address=unquote(final))
    if found >= SAME:
        return Availability.ONLINE, told("there")
    said = _notice(root, text)
    if found < SOME and (notice := _GONE_WORDS.search(said)):
        return Availability.REMOVED, told("says_gone", words=notice.group(0))
    if found < SOME and (notice := _RESTRICTED_WORDS.search(said)):
        return Availability.RESTRICTED, told("says_hidden", words=notice.group(0))
    if not (expected.text or expected.title):
        return _without_expectation(url, final)
    if found >= SOME:
        return Availability.EDITED, told("changed", share=f"{found:.0%}")
    if moved(url, final):
        return Availability.REMOVED, told("moved", address=unquote(final))
    if root is not None and _anchor_is_gone(url, root):
        return Availability.REMOVED, told("entry_gone")
    if not text.strip():
        return Availability.UNREACHABLE, told("needs_scripts")
    return Availability.EDITED, told("other_text")


def _notice(root: Element | None, text: str) -> str:
    """Where a page would say that something is gone: its title and headings, or all of a short page.

    Menus and footers of whole pages hold such words too.
    """
    if root is None or len(text) <= SHORT_NOTICE:
        return text
    places = cast("list[Element]", root.xpath("//title | //h1 | //h2 | //*[@role='alert']"))
    return " . ".join(plain_text(place) for place in places)


def _without_expectation(url: str, final: str) -> tuple[Availability, str]:
    if moved(url, final):
        return Availability.ONLINE, told("answers_by", address=unquote(final))
    return Availability.ONLINE, told("answers")


def moved(url: str, final: str) -> bool:
    """Whether the answer came from another page: another path, or the same path of another site."""

    def place(address: str) -> tuple[str, str, str]:
        parts = urlsplit(urldefrag(canonical(address)).url)
        host = (parts.netloc or "").removeprefix("www.").removeprefix("m.")
        return host, unquote(parts.path).rstrip("/"), parts.query

    return place(url) != place(final)


def _leads_on(url: str, final: str) -> bool:
    """Whether the address is meant to lead to that other one."""
    return _lengthened(url, final) or _is_permalink(url, final)


def _lengthened(url: str, final: str) -> bool:
    """Whether the address only got its title appended, as forums do: /bai/1 leads to /bai/1-tuyen-gap."""
    before, after = unquote(urlsplit(url).path).rstrip("/"), unquote(urlsplit(final).path)
    rest = after.removeprefix(before)
    return bool(before) and rest != after and rest[:1] in {"", "-", ".", "/"}


def _is_permalink(url: str, final: str) -> bool:
    """Whether the address is one that forums make to lead to a post wherever its thread stands: /post/5."""
    return same_site(url, final) and _PERMALINK.search(urlsplit(url).path) is not None


def share(expected: str, shown: str) -> float:
    """How much of the expected text stands in what is shown: the share of its runs of four words, 0 to 1."""
    wanted, there = _runs(expected), _runs(shown)
    if not wanted:
        return 0.0
    return (
        len(wanted & there) / len(wanted)
        if len(wanted) > 1
        else float(_flat(expected) in _flat(shown))
    )


def seen_part(expected: str, shown: str, around: int = 12, most: int = 5_000) -> str:
    """What stands where the expected text stood: from its first run that is still there to its last.

    With a few words around, for what was added; empty where nothing of it is left.
    """
    words = list(_WORD.finditer(unicodedata.normalize("NFC", shown)))
    flat = [word.group(0).casefold() for word in words]
    wanted = _runs(expected, 3)
    there = [at for at in range(len(flat) - 2) if (flat[at], flat[at + 1], flat[at + 2]) in wanted]
    if not there:
        return ""
    first, last = max(there[0] - around, 0), min(there[-1] + 2 + around, len(words) - 1)
    whole = unicodedata.normalize("NFC", shown)
    return whole[words[first].start() : words[last].end()][:most]


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def _runs(text: str, length: int = 4) -> set[tuple[str, ...]]:
    words = _flat(text).split()
    if len(words) < length:
        return {tuple(words)} if words else set()
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _anchor_is_gone(url: str, root: Element) -> bool:
    anchor = unquote(urldefrag(url).fragment)
    if not anchor or anchor.startswith("text-"):
        return False
    named: Any = root.xpath("//*[@id=$anchor or @name=$anchor]", anchor=anchor)
    return not named
