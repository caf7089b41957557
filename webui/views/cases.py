"""Vụ việc: the list of cases, opening one from posts, and the one page an approver can sign from."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cases import service, subjects, tasks
from casework.cases.graph import graph
from casework.cases.listing import NOT_CLOSED, Filters, count_mine, list_cases, related_cases
from casework.cases.models import Case, Document, Severity, SubjectKind, SubjectRole
from casework.cases.timeline import measures, next_deadline, timeline
from casework.domain.case_lifecycle import CASE, WORKERS, CaseState
from casework.evidence import packages
from casework.evidence import service as evidence
from casework.triage.service import post_for
from casework.triage.thread import comment_counts
from foundation.errors import InvalidInput, RasoatError
from foundation.people import Actor, User
from webui.errors import message
from webui.nav import TodayItem, today, waiting
from webui.requests import actor, allowed, now, session, toast, writing
from webui.templating import render
from webui.views import case_words, evidence_words, post_words
from webui.views.post_parts import first_line

bp = Blueprint("cases", __name__, url_prefix="/cases")
SIZES = (25, 50, 100)
CLOSED_KEPT = timedelta(days=5 * 365)
"""How long the posts of a closed case are kept where the office has set nothing else."""


@waiting("cases.index")
def _mine(opened: Session, who: Actor) -> int:
    return count_mine(opened, who)


@today("tasks", _l("My tasks"), order=30)
def _tasks(opened: Session, who: Actor) -> list[TodayItem]:
    return [
        TodayItem(task.title, url_for("cases.show", case_id=task.case_id), task.due_at)
        for task in tasks.waiting_tasks(opened, who, limit=20)
    ]


@bp.get("")
@allowed("case.view")
def index() -> str:
    """The cases of one's unit; filters, order and page stand in the address."""
    asked = request.args
    size = asked.get("size", 25, type=int)
    size = size if size in SIZES else 25
    page = max(asked.get("page", 1, type=int), 1)
    filters = Filters(
        state=asked.get("state", NOT_CLOSED),
        owner=asked.get("owner", type=int),
        severity=asked.get("severity", ""),
        words=asked.get("q", ""),
        sort=asked.get("sort", "-opened"),
    )
    lines, total = list_cases(session(), actor(), filters, page=page, size=size)
    return render(
        "cases/index.html",
        "content",
        lines=lines,
        total=total,
        page=page,
        size=size,
        sizes=SIZES,
        filters=filters,
        owners=colleagues(session(), actor()),
        case_words=case_words,
        states=list(CaseState),
    )


@bp.get("/new")
@allowed("case.open")
def new() -> str:
    """A case from posts: `?post=1&post=2`; says when a related case is open already."""
    return _form(request.args.getlist("post", type=int), suggested=True)


@bp.post("/new")
@allowed("case.open")
def create() -> str | Response | tuple[str, int]:
    """Open the case; on an error the form comes back as it was typed."""
    given = request.form
    ids = given.getlist("post", type=int)
    try:
        with writing() as opened:
            case = service.open_case(
                opened,
                actor(),
                given.get("title", ""),
                ids,
                at=now(),
                severity=_severity(given.get("severity", "")),
                summary=given.get("summary", ""),
            )
            evidence.put_to_case(opened, actor(), case, at=now())
    except InvalidInput as error:
        return _form(ids, problem=str(message(error))), 422
    toast(gettext("Case %(number)s is open.", number=case.number))
    return redirect(url_for("cases.show", case_id=case.id))


@bp.get("/<int:case_id>")
@allowed("case.view")
def show(case_id: int) -> str:
    """The whole case on one page."""
    opened, who = session(), actor()
    case = service.get_case(opened, who, case_id)
    return render("cases/show.html", **page_of(opened, who, case))


def page_of(opened: Session, who: Actor, case: Case) -> dict[str, Any]:
    """What the case page shows."""
    links = service.case_posts(opened, case)
    return {
        "case": case,
        "links": links,
        "comments": comment_counts(opened, who, [link.post for link in links]),
        "removed": [
            one for one in service.case_posts(opened, case, removed=True) if one.removed_at
        ],
        "subjects": subjects.subjects(opened, case),
        "tasks": tasks.tasks(opened, case),
        "measures": measures(opened, case),
        "timeline": timeline(opened, case),
        "next_deadline": next_deadline(opened, case),
        "documents": opened.scalars(select(Document).where(Document.case_id == case.id)).all(),
        "evidence": evidence.items_for(opened, case_id=case.id, most=50),
        "evidence_count": evidence.count_of_case(opened, case.id),
        "bringers": evidence_words.BRINGERS,
        "packages": packages.packages_of(opened, case.id),
        "steps": CASE.allowed(case.state, who),
        "colleagues": colleagues(opened, who),
        "case_words": case_words,
        "post_words": post_words,
        "first_line": first_line,
        "severities": list(Severity),
        "subject_roles": list(SubjectRole),
        "subject_kinds": list(SubjectKind),
        "contacts": sorted({(c.kind, c.value) for link in links for c in link.post.contacts}),
        "accounts": sorted(
            {link.post.author_name or link.post.author_handle for link in links} - {""}
        ),
    }


@bp.post("/<int:case_id>/edit")
@allowed("case.edit")
def edit(case_id: int) -> Response:
    """Title, summary, severity."""
    given = request.form
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        service.edit_case(
            opened,
            actor(),
            case,
            title=given.get("title", ""),
            summary=given.get("summary", ""),
            severity=_severity(given.get("severity", "")),
            at=now(),
        )
    toast(gettext("Saved."))
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/<int:case_id>/steps/<act>")
@allowed("case.close")
def step(case_id: int, act: str) -> Response:
    """start, wait, close or reopen, as the table of the lifecycle allows."""
    reason, who, at = request.form.get("reason", ""), actor(), now()
    with writing() as opened:
        case = service.get_case(opened, who, case_id)
        if act == "close":
            service.close(opened, who, case, reason, at=at, retain_until=at + CLOSED_KEPT)
        elif act == "reopen":
            service.reopen(opened, who, case, reason, at=at)
        elif act == "wait":
            service.wait(opened, who, case, reason, at=at)
        else:
            CASE.step(case.state, act)
            service.start(opened, who, case, at=at)
    toast(str(case_words.action(f"case:{act}")))
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/<int:case_id>/owner")
@allowed("case.assign")
def assign(case_id: int) -> Response:
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        service.assign(opened, actor(), case, request.form.get("owner", 0, type=int), at=now())
    toast(gettext("The case has a new owner."))
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/<int:case_id>/posts")
@allowed("case.edit")
def add_posts(case_id: int) -> Response:
    """Take more posts into the case."""
    ids = request.form.getlist("post", type=int)
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        service.add_posts(opened, actor(), case, ids, at=now())
        evidence.put_to_case(opened, actor(), case, at=now())
    toast(gettext("Added to case %(number)s.", number=case.number))
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/<int:case_id>/posts/<int:post_id>/remove")
@allowed("case.edit")
def remove_post(case_id: int, post_id: int) -> Response:
    """Take a post out; the toast puts it back."""
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        reason = request.form.get("reason", "")
        link = service.remove_post(opened, actor(), case, post_id, reason, at=now())
        evidence.take_from_case(opened, actor(), case, link.post, at=now())
    toast(
        gettext("Taken out of the case."),
        undo_url=url_for("cases.put_back", case_id=case_id, post_id=post_id),
    )
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/<int:case_id>/posts/<int:post_id>/put-back")
@allowed("case.edit")
def put_back(case_id: int, post_id: int) -> Response:
    with writing() as opened:
        case = service.get_case(opened, actor(), case_id)
        service.add_posts(opened, actor(), case, [post_id], at=now())
        evidence.put_to_case(opened, actor(), case, at=now())
    return redirect(url_for("cases.show", case_id=case_id))


@bp.get("/<int:case_id>/graph.json")
@allowed("case.view")
def graph_data(case_id: int) -> Response:
    """Posts, contacts and accounts of the case, and what ties them."""
    case = service.get_case(session(), actor(), case_id)
    found = graph(session(), case)
    for node in found["nodes"]:
        if node["kind"] == "post":
            node["url"] = url_for("posts.show", post_id=node.pop("post_id"))
    return jsonify(found)


def colleagues(opened: Session, who: Actor) -> list[User]:
    """People who can own a case of this unit."""
    rows = opened.scalars(select(User).where(User.active).order_by(User.name)).unique()
    return [
        one
        for one in rows
        if one.actor().roles & WORKERS
        and (who.unit_id is None or one.actor().sees_unit(who.unit_id))
    ]


def _severity(given: str) -> str:
    return given if given in set(Severity) else Severity.NORMAL


def _form(ids: list[int], *, suggested: bool = False, problem: str = "") -> str:
    opened, who = session(), actor()
    posts = [post_for(opened, who, post_id) for post_id in dict.fromkeys(ids)]
    taken = [post for post in posts if post.case_id is not None]
    title = request.form.get("title", "")
    if suggested and posts:
        groups = dict.fromkeys(code for post in posts for code in post.groups)
        labels = ", ".join(str(post_words.group(code)) for code in list(groups)[:3])
        title = f"{labels}: {first_line(posts[0], 60)}" if labels else first_line(posts[0], 90)
    try:
        related = related_cases(opened, who, [post.id for post in posts])
    except RasoatError:
        related = []
    return render(
        "cases/new.html",
        posts=posts,
        taken=taken,
        related=related,
        title=title[:1].upper() + title[1:],
        summary=request.form.get("summary", ""),
        severity=request.form.get("severity", Severity.NORMAL),
        severities=list(Severity),
        problem=problem,
        case_words=case_words,
        post_words=post_words,
        first_line=first_line,
    )
