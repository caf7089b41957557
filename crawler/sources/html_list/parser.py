"""Pages to posts by CSS selectors: list pages, and the pages they lead to."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.html_list.entry import Context, Fields, post_of
from crawler.sources.html_list.select import Selected, first, nested_in, select, value_of
from crawler.sources.html_list.spider import LIST_PRIORITY, shown_by_browser
from crawler.sources.markup import Element, decode, parse, plain_text
from crawler.walls import asks_for_login
from search.post import Post

MAX_ITEMS = 2000
MAX_SECTIONS = 300


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The posts of a list page or of the page of a post, and the pages to go on to."""
    detail = page.fetch.step == "detail"
    fields = Fields.of(plan.config, "detail" if detail else "list")
    root = parse(decode(page.body, page.content_type))
    if root is None:
        return Parsed(problems=(Problem("empty_page", page.url, page.fetch.step),))
    entries = _entries(root, fields)
    mode = plan.config.get("mode", "list")
    if not entries and detail and mode == "both":
        return Parsed()  # a post without comments
    sections = [] if detail else _sections(plan, page, root)
    if not entries and not detail and mode != "list" and _is_thread(plan, page, root):
        return read(plan, replace(page, fetch=_as_thread(page)))
    if not entries and sections:
        return Parsed(follow=tuple(sections))
    if not entries:
        selector = fields.item or fields.link
        step = page.fetch.step
        return Parsed(problems=(Problem("no_items", page.url, step, {"selector": selector}),))
    zone = ZoneInfo(plan.config.get("timezone") or "Asia/Ho_Chi_Minh")
    problems: list[Problem] = []
    items = frozenset(entries)
    context = Context(plan, page, fields, zone, root, items, detail, problems, nested_in(items))
    posts = _posts(context, entries) if detail or mode != "detail" else []
    follow = list(_threads(context, entries)) if not detail and mode != "list" else []
    follow.extend(sections)
    following = _next(context)
    limit = int(plan.config.get("detail_pages" if detail else "pages") or 20)
    goes_on = limit if following and context.number >= limit else 0
    follow.extend([] if goes_on else following)
    return Parsed(tuple(posts), tuple(follow), tuple(problems), goes_on=goes_on)


def _is_thread(plan: SourcePlan, page: Page, root: Element) -> bool:
    """Whether the address of the source is that of one thread: the first page has a thread's entries."""
    selector = str(plan.config.get("detail_item") or "")
    return bool(selector and page.fetch.depth == 0 and select(root, selector))


def _as_thread(page: Page) -> Fetch:
    meta = {**page.fetch.meta, "n": 1, "thread": canonical(urldefrag(page.url).url)}
    return replace(page.fetch, step="detail", meta=meta)


def _sections(plan: SourcePlan, page: Page, root: Element) -> list[Fetch]:
    """The lists within this list, such as the forums on a forum's front page."""
    selector = str(plan.config.get("sections") or "")
    if not selector or page.fetch.meta.get("n", 1) != 1:
        return []
    found: dict[str, Fetch] = {}
    for node in select(root, selector)[:MAX_SECTIONS]:
        whole = urldefrag(absolute(page.url, node.get("href") or "")).url
        if node.get("href") and same_site(whole, plan.address):
            meta = {"n": 1, **shown_by_browser(plan.config, "list")}
            address, depth = canonical(whole), page.fetch.depth + 1
            found[address] = Fetch(
                address, step="list", depth=depth, priority=LIST_PRIORITY, meta=meta
            )
    return list(found.values())


def shows(plan: SourcePlan, page: Page) -> bool:
    """Whether the page shows an entry to strangers: with a text or link, and without a login in it."""
    root = parse(decode(page.body, page.content_type))
    fields = Fields.of(plan.config, "detail" if page.fetch.step == "detail" else "list")
    if root is None or not fields.item:
        return False
    return any(_is_entry(entry, fields) for entry in select(root, fields.item)[:20])


def _is_entry(entry: Element, fields: Fields) -> bool:
    asks = any((node.get("type") or "").lower() == "password" for node in entry.iter("input"))
    if asks or asks_for_login(plain_text(entry)):
        return False
    one = Selected(entry, frozenset())
    return (
        first(one, fields.text or fields.link) is not None if fields.text or fields.link else False
    )


def _entries(root: Element, fields: Fields) -> Sequence[Element]:
    if not fields.item and fields.text:
        return [root]
    return select(root, fields.item or fields.link)[:MAX_ITEMS]


def _posts(context: Context, entries: Sequence[Element]) -> list[Post]:
    posts = []
    for number, entry in enumerate(entries, 1):
        try:
            post = post_of(context, entry, number)
        except Exception as error:  # noqa: BLE001 - one broken entry costs only itself
            detail = {"step": f"entry {number}", "error": f"{type(error).__name__}: {error}"}
            context.problems.append(
                Problem(
                    "parser_failed", context.page.url, f"{context.page.fetch.step} entry", detail
                )
            )
            continue
        if post is not None:
            posts.append(post)
    return posts


def _threads(context: Context, entries: Sequence[Element]) -> list[Fetch]:
    found = []
    for entry in entries:
        one = context.selected(entry)
        link = (
            entry.get("href", "")
            if not context.fields.item
            else value_of(one, context.fields.link, "href")
        )
        whole = urldefrag(absolute(context.page.url, link)).url if link else ""
        if whole and same_site(whole, context.plan.address):
            rendered = shown_by_browser(context.plan.config, "detail")
            meta = {"n": 1, "thread": canonical(whole), **rendered}
            depth = context.page.fetch.depth + 1
            found.append(Fetch(canonical(whole), step="detail", depth=depth, meta=meta))
    return found


def _next(context: Context) -> list[Fetch]:
    config, page = context.plan.config, context.page
    selector = str(config.get("detail_next" if context.detail else "next") or "")
    if not selector:
        return []
    link = value_of(Selected(context.root, frozenset()), selector, "href")
    whole = canonical(urldefrag(absolute(page.url, link)).url) if link else ""
    if (
        not whole
        or whole in {page.url, page.fetch.url}
        or not same_site(whole, context.plan.address)
    ):
        return []
    meta = {**page.fetch.meta, "n": context.number + 1}
    priority = 0 if context.detail else LIST_PRIORITY
    return [
        Fetch(whole, step=page.fetch.step, depth=page.fetch.depth, priority=priority, meta=meta)
    ]
