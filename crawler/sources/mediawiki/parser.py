"""Answers of a wiki's interface to posts: each change is a post, its text the lines that it added."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from crawler.page import Page, Parsed, Problem, SourcePlan
from crawler.sources.api import (
    Entry,
    Shape,
    explained,
    inside,
    listed,
    load,
    mapping,
    posts,
    said,
    shape,
    whole,
    with_query,
)
from crawler.sources.lists import limit_of, onward, remembered
from crawler.sources.markup import tidy
from crawler.sources.mediawiki.spider import index_address, key_of, texts
from crawler.sources.mediawiki.wikitext import added, external_links, readable
from search.post import Author, Post

_LOGIN = frozenset({"readapidenied", "permissiondenied"})


def read(plan: SourcePlan, page: Page) -> Parsed:
    """The changes of one answer, what texts they need, and the page after it."""
    data, problems = load(page)
    if data is None:
        return Parsed(problems=tuple(problems))
    if fault := _fault(page, data):
        return Parsed(problems=(*problems, fault))
    try:
        if page.fetch.step == "changes":
            return _changes(plan, page, data, problems)
        return _revisions(plan, page, data, problems)
    except Shape as error:
        return Parsed(problems=(*problems, shape(page, error)))


def explain(_plan: SourcePlan, page: Page) -> Problem | None:
    """MediaWiki tells its errors with status 200, but some do not."""
    data, _ = load(page)
    return (_fault(page, data) if isinstance(data, dict) else None) or explained(page)


def _fault(page: Page, data: Any) -> Problem | None:
    code, words = said(data, "error", "code"), tidy(said(data, "error", "info"))[:200]
    if not code:
        return None
    if code in {"ratelimited", "maxlag"}:
        wait = page.headers.get("retry-after", "?")
        return Problem("api_limit", page.url, page.fetch.step, {"message": words, "wait": wait})
    if code in _LOGIN:
        return Problem("api_login", page.url, page.fetch.step, {"message": words})
    status = {"status": page.status, "message": words or code}
    reason = "api_failed" if code.startswith("internal_api_error") else "api_refused"
    return Problem(reason, page.url, page.fetch.step, status)


def _changes(plan: SourcePlan, page: Page, data: Any, problems: list[Problem]) -> Parsed:
    changes = [one for one in listed(data, "query", "recentchanges") if isinstance(one, dict)]
    numbers: list[int] = []
    for change in changes:
        if not whole(change, "revid"):  # what an administrator has hidden has no text either
            continue
        numbers += [whole(change, "revid")]
        numbers += [whole(change, "old_revid")] if whole(change, "old_revid") else []
    wanted = list(dict.fromkeys(numbers))
    follow = [
        texts(plan, wanted[start : start + 50], depth=page.fetch.depth + 1)
        for start in range(0, len(wanted), 50)
    ]
    marks = [said(one, "timestamp") for one in changes]
    step = onward(
        plan, page, key_of(plan), marks, _next(page, data), limit=limit_of(plan, default=10)
    )
    return Parsed(
        follow=(*follow, *step.follow),
        problems=tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def _next(page: Page, data: Any) -> str:
    """Whatever `continue` names, added to the same request."""
    onto = mapping(data, "continue")
    return with_query(page.fetch.url, **onto) if onto else ""


def _revisions(plan: SourcePlan, page: Page, data: Any, problems: list[Problem]) -> Parsed:
    """Revisions with their texts, by page; each is compared with the one before it where that is here too."""
    history = page.fetch.step == "history"
    answered = mapping(data, "query")
    if "pages" not in answered and (history or "badrevids" in answered):
        return Parsed(
            problems=tuple(problems)
        )  # what was deleted since is told by its number alone
    found: list[Post] = []
    marks: list[str] = []
    lonely: list[int] = []
    for one in listed(data, "query", "pages"):
        if not isinstance(one, dict):
            raise Shape("query.pages")
        if not isinstance(one.get("revisions"), list) and not one.get("missing"):
            detail = {"number": said(one, "pageid") or "?", "field": "revisions"}
            problems.append(Problem("entry_failed", page.url, page.fetch.step, detail))
            continue
        if one.get("missing") or one.get("invalid"):
            detail = {"message": said(one, "title")}
            problems.append(Problem("api_unknown", page.url, page.fetch.step, detail))
            continue
        revisions = listed(one, "revisions")
        marks += [said(revision, "timestamp") for revision in revisions]
        found += _of_page(plan, page, one, revisions, problems)
        lonely += _lonely(plan, revisions)
    if not history:
        return Parsed(tuple(_newest_first(found)), problems=tuple(problems))
    step = onward(
        plan, page, key_of(plan), marks, _next(page, data), limit=limit_of(plan, default=10)
    )
    pairs = (texts(plan, lonely, depth=page.fetch.depth + 1),) if lonely else ()
    return Parsed(
        tuple(found),
        (*pairs, *step.follow),
        tuple(problems),
        goes_on=step.goes_on,
        at_end=step.at_end,
    )


def _newest_first(found: list[Post]) -> list[Post]:
    """Posts as the list of changes has them; the interface answers by page, the oldest page first."""
    return sorted(found, key=lambda post: str(post.posted_at or ""), reverse=True)


def _lonely(plan: SourcePlan, revisions: Iterable[Any]) -> list[int]:
    """Of a page of a history the revision whose predecessor is on the next page: both are asked for."""
    known, here = str(remembered(plan, key_of(plan)) or ""), list(revisions)
    numbers = {whole(one, "revid") for one in here}
    return [
        number
        for one in here
        if whole(one, "parentid") not in {0, *numbers} and said(one, "timestamp") > known
        for number in (whole(one, "revid"), whole(one, "parentid"))
    ]


def _of_page(
    plan: SourcePlan,
    page: Page,
    data: Mapping[str, Any],
    revisions: Iterable[Any],
    problems: list[Problem],
) -> list[Post]:
    texts_here = {
        whole(one, "revid"): text for one in revisions if (text := _text(one)) is not None
    }

    def made(entry: Entry) -> Post | None:
        parent = whole(entry.data, "parentid")
        if parent and parent not in texts_here and not page.fetch.meta.get("alone"):
            return None  # it is only here to be compared with
        return _post(plan, entry, data, texts_here.get(parent, ""), texts_here)

    return posts(page, revisions, made, problems)


def _text(revision: Any) -> str | None:
    """The wikitext of a revision; None where it was hidden."""
    found = inside(revision, "slots", "main", "content")
    found = found if isinstance(found, str) else inside(revision, "content")
    return found if isinstance(found, str) else None


def _post(
    plan: SourcePlan,
    entry: Entry,
    page: Mapping[str, Any],
    before: str,
    known: Mapping[int, str],
) -> Post | None:
    number = whole(entry.data, "revid")
    if not number:
        raise Shape("revid")
    if number not in known:
        return None
    lines = added(before, known[number])
    text = readable("\n".join(lines))
    if not text:  # only took something away, or moved a comma
        return None
    title, user = said(page, "title"), entry.said("user")
    index = index_address(plan.address)
    posted_at, zone = entry.moment("timestamp")
    author = "" if entry.data.get("userhidden") else user
    article = f"{index}?title={quote(title.replace(' ', '_'), safe='')}"
    return Post(
        url=f"{index}?diff={number}",
        text=text,
        title=title,
        platform=plan.platform,
        author=Author(
            author,
            author,
            f"{index}?title=User:{quote(author.replace(' ', '_'), safe='')}" if author else "",
        ),
        posted_at=posted_at,
        zone=zone,
        links=tuple(external_links(lines)),
        reply_to=article if before else "",
    )
