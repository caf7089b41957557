"""The routes: thin, over the services that the pages use, guarded by the same acts."""

import base64
import binascii
from dataclasses import replace
from typing import Any

from flask import Response, jsonify, url_for
from flask_smorest import current_api
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from casework.cases import listing
from casework.triage import service as triage
from casework.triage.queue import visible
from crawler import service_posts, service_runs
from crawler.sources.forms import FieldProblem, FormProblems
from crawler.sources.manual import parser as manual
from foundation.errors import Conflict
from search.models import PostRow
from search.query import FACETS, Sort, parse
from search.rules.judgement import Judgement
from webui.api import shapes
from webui.api.building import operation
from webui.errors import handle
from webui.requests import actor, session, wiring
from webui.views import source_words
from webui.views.entry import store
from webui.views.queue_list import units_of

ERRORS = 100


@operation("/openapi.json", None)
def document() -> Response:
    """This document."""
    return jsonify(current_api.spec.to_dict())


@operation("/me", shapes.Me)
def me() -> dict[str, Any]:
    """Whoever asks, and the token that changes need."""
    roles = sorted(role.value for role in actor().roles)
    return {"name": actor().name, "roles": roles, "csrf_token": generate_csrf()}


@operation("/posts", shapes.Posts, act="post.search", query=shapes.PostsQuery, problems=(503,))
def posts(given: dict[str, Any]) -> dict[str, Any]:
    """Search posts, as the search page does."""
    chosen = {name: tuple(given[name]) for name in FACETS if given.get(name)}
    query = replace(
        parse(given["q"]).narrowed(chosen),
        sort=Sort(given["sort"]),
        page=given["page"],
        size=given["size"],
    )
    hits = wiring().reader.search(query, unit_ids=units_of(actor()))
    found = session().scalars(select(PostRow).where(PostRow.id.in_(hits.ids), visible(actor())))
    rows = {row.id: row for row in found.unique()}
    return {
        "total": hits.total,
        "page": given["page"],
        "size": given["size"],
        "posts": [_line(rows[number]) for number in hits.ids if number in rows],
    }


@operation("/posts/<int:post_id>", shapes.PostWhole, act="post.view", problems=(404,))
def post(post_id: int) -> dict[str, Any]:
    """One post with its evidence."""
    return _whole(triage.post_for(session(), actor(), post_id))


@operation("/cases", shapes.Cases, act="case.view", query=shapes.CasesQuery)
def cases(given: dict[str, Any]) -> dict[str, Any]:
    """The cases of one's unit, newest first."""
    filters = listing.Filters(state=given["state"], severity=given["severity"], words=given["q"])
    lines, total = listing.list_cases(
        session(), actor(), filters, page=given["page"], size=given["size"]
    )
    return {
        "total": total,
        "page": given["page"],
        "size": given["size"],
        "cases": [_case(line) for line in lines],
    }


@operation("/runs/<int:run_id>", shapes.RunWhole, act="source.view", problems=(404,))
def run(run_id: int) -> dict[str, Any]:
    """A crawl or import as it stands now."""
    view = service_runs.run_view(session(), actor(), run_id, errors=ERRORS)
    names = [name for name in shapes.RunWhole().fields if hasattr(view.run, name)]
    return {
        **{name: getattr(view.run, name) for name in names},
        "source": view.run.source.name,
        "reason": source_words.why_ended(view.run),
        "waiting_pages": view.waiting_pages,
        "first_errors": [
            {
                "at": error.at,
                "url": error.url,
                "step": error.step,
                "reason": error.reason,
                "message": source_words.what_went_wrong(error),
            }
            for error in view.errors
        ],
    }


@operation(
    "/entry",
    shapes.PostWhole,
    act="post.enter",
    method="POST",
    status=201,
    body=shapes.Entry,
    problems=(400, 409),
)
def entry(given: dict[str, Any]) -> dict[str, Any] | Response:
    """Enter a post by hand; 409 names the posts of the same address unless `anyway` is true."""
    picture = _decoded(given.pop("screenshot", ""))
    anyway = given.pop("anyway")
    entered = manual.read(given, picture)
    same = service_posts.same_address(session(), actor(), entered.post.url)
    if same and not anyway:
        return _same([row.id for row in same])
    number = store(given, entered, picture)
    return _whole(triage.post_for(session(), actor(), number))


def _same(numbers: list[int]) -> Response:
    told: Any = handle(Conflict("the address is here already", key="error.entry.same"))
    made = jsonify(**told.get_json(), posts=numbers)
    made.status_code = told.status_code
    return made


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        problem = FieldProblem("screenshot", "This is not a PNG, JPEG or WebP picture.")
        raise FormProblems((problem,)) from error


def _line(row: PostRow) -> dict[str, Any]:
    names = [name for name in shapes.PostLine().fields if hasattr(row, name)]
    return {
        **{name: getattr(row, name) for name in names},
        "page": url_for("posts.show", post_id=row.id),
        "source": row.source.name,
        "author": row.author_name or row.author_handle,
        "kind": row.verdict_kind,
        "contacts": [{"kind": one.kind, "value": one.value} for one in row.contacts],
    }


def _whole(row: PostRow) -> dict[str, Any]:
    judgement = Judgement.from_dict(row.judgement)
    return {
        **_line(row),
        "hits": judgement.hits,
        "reasons": judgement.reasons,
        "matcher_version": row.matcher_version,
        "last_seen_at": row.last_seen_at,
    }


def _case(line: listing.Line) -> dict[str, Any]:
    case = line.case
    names = [name for name in shapes.CaseLine().fields if hasattr(case, name)]
    return {
        **{name: getattr(case, name) for name in names},
        "page": url_for("cases.show", case_id=case.id),
        "owner": case.owner.name if case.owner else "",
        "posts": line.posts,
        "next_due": line.next_due,
    }
