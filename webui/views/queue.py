"""Rà soát: the queue in two panes, with a bar of acts; after a decision the next post is already there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from casework.triage import alike, claims, service
from casework.triage.leaving import leaving
from casework.triage.models import Decision, Verdict
from casework.triage.queue import Filters, Tab, next_after, queue, waiting_for
from foundation.errors import Conflict, InvalidInput
from foundation.people import Actor
from webui.nav import TodayItem, today, waiting
from webui.requests import actor, allowed, is_fragment, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import post_words, sitting
from webui.views.post_parts import first_line
from webui.views.queue_list import Asked, filters_of, pane, work

bp = Blueprint("queue", __name__, url_prefix="/queue")
TODAY_ITEMS = 8
TEMPLATE = "queue/index.html"


@bp.get("")
@allowed("queue.view")
def index() -> str:
    """The whole page; for htmx the work area, or only the right pane when that is what it fills."""
    asked = Asked.of(request.args)
    if is_fragment() and request.headers.get("HX-Target") == "post-pane" and asked.post:
        post = service.post_for(session(), actor(), asked.post)
        return render(TEMPLATE, "pane", **pane(asked, post, chosen=True))
    return render(TEMPLATE, "work", **work(asked))


@bp.post("/<int:post_id>/keep")
@allowed("post.keep")
def keep(post_id: int) -> BaseResponse:
    """Gắn cờ."""

    def decide(opened: Session) -> list[Decision]:
        return [service.keep(opened, actor(), post_id, at=now())]

    return _decide(post_id, decide)


@bp.post("/<int:post_id>/dismiss")
@allowed("post.dismiss")
def dismiss(post_id: int) -> BaseResponse:
    """Bỏ qua, with a reason; a victim's call moves to the help lane."""
    reason, note = _reason()

    def decide(opened: Session) -> list[Decision]:
        who, keep_for = actor(), _retention()
        return [service.dismiss(opened, who, post_id, reason, keep_for, at=now(), note=note)]

    return _decide(post_id, decide)


@bp.post("/<int:post_id>/campaigns/<int:campaign_id>/keep")
@allowed("post.keep")
def keep_campaign(post_id: int, campaign_id: int) -> BaseResponse:
    """Flag every new post of a campaign (chùm bài); the form says how many the page showed."""
    shown = _shown()

    def decide(opened: Session) -> list[Decision]:
        return service.keep_campaign(opened, actor(), campaign_id, shown, at=now())

    return _decide(post_id, decide)


@bp.post("/<int:post_id>/campaigns/<int:campaign_id>/dismiss")
@allowed("post.dismiss")
def dismiss_campaign(post_id: int, campaign_id: int) -> BaseResponse:
    """Dismiss every new post of a campaign, with one reason."""
    shown, (reason, note) = _shown(), _reason()

    def decide(opened: Session) -> list[Decision]:
        who, keep_for, at = actor(), _retention(), now()
        return service.dismiss_campaign(
            opened, who, campaign_id, shown, reason, keep_for, at=at, note=note
        )

    return _decide(post_id, decide)


@bp.post("/<int:post_id>/alike")
@allowed("post.keep")
def decide_alike(post_id: int) -> BaseResponse:
    """As was decided about its campaign before it joined; the form says which decision the page showed."""
    earlier = request.form.get("decision", type=int)
    if earlier is None:
        raise InvalidInput("the form does not say which decision", about="decision")

    def decide(opened: Session) -> list[Decision]:
        return [alike.decide_alike(opened, actor(), post_id, earlier, _retention(), at=now())]

    return _decide(post_id, decide)


@bp.post("/decisions/<int:decision_id>/undo")
@allowed("post.undo")
def undo(decision_id: int) -> BaseResponse:
    """Take a decision back, with all that were made as one with it; the post is open again."""
    with writing() as opened:
        undone = service.undo(opened, actor(), decision_id, _retention(), at=now())
    count = len(undone)
    toast(ngettext("Taken back.", "%(num)d decisions taken back.", count), kind="info")
    here = undone[0].post_id
    return _answer(Asked.of(request.args), here, here=here, decided=-count)


@bp.post("/<int:post_id>/claim")
@allowed("post.claim")
def claim(post_id: int) -> BaseResponse:
    """Nhận xử lý."""
    with writing() as opened:
        service.claim(opened, actor(), post_id, at=now())
    return _answer(Asked.of(request.args), post_id, here=post_id)


@bp.post("/<int:post_id>/release")
@allowed("post.claim")
def release(post_id: int) -> BaseResponse:
    """Let a claimed post go."""
    with writing() as opened:
        service.release(opened, actor(), post_id, at=now())
    return _answer(Asked.of(request.args), post_id, here=post_id)


@bp.post("/<int:post_id>/hand-over")
@allowed("post.claim")
def hand_over(post_id: int) -> BaseResponse:
    """Chuyển người khác."""
    asked = Asked.of(request.args)
    filters, _ = filters_of(asked, actor())
    to = request.form.get("to", type=int)
    if to is None:
        raise InvalidInput("nobody was named", about="to", key="error.triage.cannot_hand_over")
    with writing() as opened:
        following = next_after(opened, actor(), filters, post_id, at=now())
        given = service.hand_over(opened, actor(), post_id, to, at=now())
        name = given.user.name
    toast(gettext("Handed over to %(name)s.", name=name))
    return _answer(asked, following, here=post_id)


def _decide(post_id: int, decide: Callable[[Session], list[Decision]]) -> BaseResponse:
    """One decision and the step to the next post; a claim on the post walks on with the person."""
    asked = Asked.of(request.args)
    filters, _ = filters_of(asked, actor())
    with writing() as opened:
        following, held = _ahead(opened, filters, post_id)
        decisions = decide(opened)
        if len(decisions) > 1:
            following = next_after(opened, actor(), filters, None, at=now())
        if held and following is not None:
            with suppress(Conflict):
                service.claim(opened, actor(), following, at=now())
    toast(_said(decisions), undo_url=url_for(".undo", decision_id=decisions[0].id, **asked.args()))
    return _answer(asked, following, here=post_id, decided=len(decisions))


def _ahead(opened: Session, filters: Filters, post_id: int) -> tuple[int | None, bool]:
    """The post that comes next, asked before this one leaves the list, and whether this one is claimed."""
    claim_now = claims.claims_of(opened, [post_id], at=now()).get(post_id)
    held = claim_now is not None and claim_now.user_id == actor().user_id
    return next_after(opened, actor(), filters, post_id, at=now()), held


def _said(decisions: list[Decision]) -> str:
    first, count = decisions[0], len(decisions)
    if first.decision == Verdict.HELP:
        return str(gettext("Moved to those who need help."))
    if first.decision == Verdict.KEEP:
        return str(ngettext("Flagged.", "Flagged %(num)d posts.", count))
    reason = post_words.dismissal(first.reason)
    one, many = "Dismissed: %(reason)s.", "Dismissed %(num)d posts: %(reason)s."
    return str(ngettext(one, many, count, reason=reason))


def _answer(
    asked: Asked, following: int | None, *, here: int | None = None, decided: int = 0
) -> BaseResponse:
    """The work area with the next post for htmx, else the way to it; from a post's own page back `here`."""
    sitting.current(now(), decided=decided)
    if here is not None and request.args.get("back") == "post":
        return redirect(url_for("posts.show", post_id=here), code=303)
    address = url_for(".index", **asked.args(post=following))
    if not is_fragment():
        return redirect(address, code=303)
    response: Response = make_response(
        render(TEMPLATE, "work", **work(replace(asked, post=following)))
    )
    response.headers["HX-Replace-Url"] = address
    return response


def _reason() -> tuple[str, str]:
    return request.form.get("reason", ""), request.form.get("note", "").strip()[:2000]


def _shown() -> int:
    """How many posts the page said a decision would cover."""
    shown = request.form.get("count", type=int)
    if shown is None:
        raise InvalidInput("the form does not say how many posts were shown", about="count")
    return shown


def _retention() -> timedelta:
    return timedelta(days=wiring().settings.retention_days)


@waiting("queue.index")
def _waiting(opened: Session, who: Actor) -> int:
    return waiting_for(opened, who, at=now())


@today("urgent-posts", _l("Urgent posts"), order=5)
def _urgent(opened: Session, who: Actor) -> list[TodayItem]:
    return _lane(opened, who, Tab.URGENT)


@today("help-posts", _l("People who need help"), order=6)
def _help(opened: Session, who: Actor) -> list[TodayItem]:
    return _lane(opened, who, Tab.HELP)


def _lane(opened: Session, who: Actor, tab: Tab) -> list[TodayItem]:
    """The first posts of a lane, for those who may open the queue."""
    if not wiring().permissions.allows(who, "queue.view"):
        return []
    page = queue(opened, who, Filters(tab), at=now(), limit=TODAY_ITEMS)
    mine = [
        TodayItem(
            first_line(item.post),
            url_for("queue.index", tab=tab.value, post=item.post.id),
            severity="urgent",
            key=f"post:{item.post.id}",
        )
        for item in page.items
        if not item.claimed_by_other(who)
    ]
    return [*mine, *_rest(tab, page.total - len(page.items))]


@today("leaving-posts", _l("Deleted soon, undecided"), order=65)
def _leaving(opened: Session, who: Actor) -> list[TodayItem]:
    """One line for the posts that go within a week because nobody decided on them."""
    if not wiring().permissions.allows(who, "queue.view"):
        return []
    found = leaving(opened, who, at=now())
    if not found.posts:
        return []
    text = ngettext(
        "%(num)d post that nobody decided on will be deleted within seven days",
        "%(num)d posts that nobody decided on will be deleted within seven days",
        found.posts,
    )
    url = url_for("queue.index", tab=Tab.QUEUE.value)
    return [TodayItem(str(text), url, found.first, "warning", stands_for=found.posts)]


def _rest(tab: Tab, left: int) -> list[TodayItem]:
    """The line that says how many more posts the lane holds."""
    if left <= 0:
        return []
    text = ngettext("%(num)d more post in this lane", "%(num)d more posts in this lane", left)
    url = url_for("queue.index", tab=tab.value)
    return [TodayItem(str(text), url, severity="urgent", stands_for=left)]
