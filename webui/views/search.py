"""Tìm kiếm: what was really searched in words, facets, marked hits; each row is read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from casework.triage.queue import visible
from foundation.errors import Unavailable
from search.index import FacetCount, Hits, marks
from search.index.requests import open_request
from search.models import PostRow
from search.models_index import IndexRequest, RequestState
from search.query import FACETS, Query, Sort, describe, parse
from webui import formats, words
from webui.requests import actor, allowed, session, wiring
from webui.templating import render
from webui.views import post_words
from webui.views.post_parts import first_line
from webui.views.queue_list import units_of

bp = Blueprint("search", __name__, url_prefix="/search")
SIZES = (25, 50, 100)
SNIPPETS = 3
CONTEXT = 70
SHOWN_VALUES = 12
SHOWN_DAYS = 14
SORTS = {
    Sort.RISK: _l("Highest risk first"),
    Sort.NEWEST: _l("Newest first"),
    Sort.OLDEST: _l("Oldest first"),
    Sort.RELEVANCE: _l("Best match first"),
}
FACET_WORDS = {
    "source": _l("Source"),
    "platform": _l("Platform"),
    "level": _l("Risk"),
    "state": _l("State"),
    "group": _l("Evidence group"),
    "day": _l("Day"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; `hit`: the search found it."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: the row, and where in its text the search struck."""

    post: PostRow
    snippets: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet to click on; `share` is its part of the most frequent one, 0 to 100."""

    label: str
    count: int
    url: str
    chosen: bool
    share: float


@bp.get("")
@allowed("post.search")
def index() -> Response:
    """Search results; without an index a page that says so and offers the list by date."""
    query = asked_query()
    try:
        hits = wiring().reader.search(query, unit_ids=units_of(actor()))
    except Unavailable as error:
        by_date = request.args.get("list") == "date"
        body = render("search/without_index.html", **_without_index(query, error, by_date=by_date))
        return make_response(body, 200 if by_date else error.status)
    return make_response(render("search/index.html", "results", **_with(query, hits)))


def asked_query() -> Query:
    """The search of this address: the box, the facets chosen, order and page."""
    chosen = {name: tuple(request.args.getlist(name)) for name in FACETS if request.args.get(name)}
    size = request.args.get("size", SIZES[0], type=int)
    sort = request.args.get("sort", "")
    return replace(
        parse(request.args.get("q", "")).narrowed(chosen),
        sort=Sort(sort) if sort in set(Sort) else Sort.RISK,
        page=max(request.args.get("page", 1, type=int), 1),
        size=size if size in SIZES else SIZES[0],
        facets=tuple(FACET_WORDS),
    )


def _with(query: Query, hits: Hits) -> dict[str, Any]:
    rows = _rows(hits.ids)
    return {
        **_common(query),
        "total": hits.total,
        "took_ms": hits.took_ms,
        "found": [Found(row, snippets(row.body, marks(row.body, query))) for row in rows],
        "gone": len(hits.ids) - len(rows),
        "facets": [
            (name, label, _values(name, hits.facets.get(name, ())))
            for name, label in FACET_WORDS.items()
        ],
    }


def _common(query: Query) -> dict[str, Any]:
    return {
        "query": query,
        "understood": [clause.text(gettext) for clause in describe(query)],
        "notes": [note.text(gettext) for note in query.notes],
        "sorts": [(sort.value, label) for sort, label in SORTS.items()],
        "sizes": SIZES,
        "rebuilding": _rebuilding(),
        "post_words": post_words,
        "first_line": first_line,
        "q": request.args.get("q", ""),
        "kept_args": [
            (name, value)
            for name in (*FACETS, "sort", "size")
            for value in request.args.getlist(name)
        ],
    }


def _without_index(query: Query, error: Unavailable, *, by_date: bool) -> dict[str, Any]:
    """The database's own list: by date, narrowed by nothing but the unit."""
    wanted = visible(actor())
    rows: Sequence[PostRow] = ()
    total = 0
    if by_date:
        rows = (
            session()
            .scalars(
                select(PostRow)
                .where(wanted)
                .order_by(PostRow.seen_at.desc(), PostRow.id.desc())
                .limit(query.size)
                .offset(query.offset)
            )
            .unique()
            .all()
        )
        total = session().scalar(select(func.count()).select_from(PostRow).where(wanted)) or 0
    return {
        **_common(query),
        "error_key": error.message_key,
        "by_date": by_date,
        "rows": rows,
        "total": total,
    }


def _rows(ids: Sequence[int]) -> list[PostRow]:
    """The posts in the index's order; what was deleted meanwhile, or is another unit's, is left out."""
    found = session().scalars(select(PostRow).where(PostRow.id.in_(ids), visible(actor())))
    rows = {row.id: row for row in found.unique()}
    return [rows[id_] for id_ in ids if id_ in rows]


def _rebuilding() -> IndexRequest | None:
    request_row = open_request(session())
    return request_row if request_row and request_row.state == RequestState.RUNNING else None


def snippets(text: str, found: Sequence[tuple[int, int]]) -> tuple[tuple[Piece, ...], ...]:
    """The first places that were hit, with some words around; the beginning where nothing was."""
    if not found:
        return ((Piece(_clip(text, 0, 2 * CONTEXT), hit=False),),)
    windows: list[list[int]] = []
    for start, end in found:
        if windows and start - CONTEXT <= windows[-1][1]:
            windows[-1][1] = min(end + CONTEXT, len(text))
        elif len(windows) < SNIPPETS:
            windows.append([max(start - CONTEXT, 0), min(end + CONTEXT, len(text))])
        else:
            break
    return tuple(_pieces(text, left, right, found) for left, right in windows)


def _pieces(
    text: str, left: int, right: int, found: Sequence[tuple[int, int]]
) -> tuple[Piece, ...]:
    inside = [(max(a, left), min(b, right)) for a, b in found if a < right and b > left]
    cuts = sorted({left, right, *(edge for pair in inside for edge in pair)})
    pieces = [
        Piece(text[a:b], any(start <= a and b <= end for start, end in inside))
        for a, b in pairwise(cuts)
    ]
    before = [Piece("…", hit=False)] if left else []
    after = [Piece("…", hit=False)] if right < len(text) else []
    return (*before, *pieces, *after)


def _clip(text: str, start: int, length: int) -> str:
    return text[start : start + length] + ("…" if len(text) > start + length else "")


def _values(name: str, counted: Sequence[FacetCount]) -> list[FacetValue]:
    chosen = request.args.getlist(name)
    most = max((each.count for each in counted), default=0)
    shown = counted[: SHOWN_DAYS if name == "day" else SHOWN_VALUES]
    return [
        FacetValue(
            label=facet_word(name, each.value),
            count=each.count,
            url=_toggled(name, each.value),
            chosen=each.value in chosen,
            share=100 * each.count / most if most else 0,
        )
        for each in shown
    ]


def facet_word(name: str, value: str) -> str:
    """A facet's value in the language of the page."""
    if name == "platform":
        return post_words.word(post_words.PLATFORMS, value)
    if name == "level" and value in words.RISKS:
        return str(words.risk(value).label)
    if name == "state":
        return str(words.state("post", value).label)
    if name == "group":
        return post_words.group(value)
    return formats.date(date.fromisoformat(value)) if name == "day" else value


def _toggled(name: str, value: str) -> str:
    """This address with the value chosen, or no longer chosen; on the first page."""
    args = request.args.to_dict(flat=False)
    args.pop("page", None)
    held = args.get(name, [])
    args[name] = [each for each in held if each != value] if value in held else [*held, value]
    query = urlencode({key: values for key, values in args.items() if values}, doseq=True)
    return f"{request.path}?{query}" if query else request.path
