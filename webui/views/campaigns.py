"""Chùm bài: why posts belong together, what was merged, and taking apart what does not belong."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from casework.triage import campaigns
from foundation.people import User
from search.campaigns import FULL, HUB
from search.models import CampaignMerge, CampaignSplit
from webui.requests import actor, allowed, now, session, toast, writing
from webui.templating import render
from webui.views import campaign_words, post_words
from webui.views.post_parts import first_line, offered

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
PAGE = 50


@bp.get("/<int:campaign_id>")
@allowed("campaign.view")
def show(campaign_id: int) -> str | BaseResponse:
    """One campaign; the id of one that was merged leads to the one it became part of."""
    found = campaigns.living(session(), actor(), campaign_id)
    if found != campaign_id:
        return redirect(url_for(".show", campaign_id=found))
    page = max(request.args.get("page", 1, type=int), 1)
    shown = campaigns.overview(
        session(), actor(), campaign_id, limit=PAGE, offset=(page - 1) * PAGE
    )
    return render(
        "campaigns/show.html",
        shown=shown,
        page=page,
        size=PAGE,
        timeline=_timeline(shown),
        standing=[one for one in shown.merges if one.undone_at is None],
        splits=[one for one in shown.splits if one.undone_at is None],
        words_of=campaign_words,
        post_words=post_words,
        first_line=first_line,
        offered=offered,
        hub=HUB,
        full=FULL,
    )


@bp.post("/<int:campaign_id>/posts/<int:post_id>/take-out")
@allowed("campaign.split")
def take_out(campaign_id: int, post_id: int) -> BaseResponse:
    """Take one post out into a campaign of its own."""
    with writing() as opened:
        why = request.form.get("reason", "")
        split = campaigns.take_out(opened, actor(), campaign_id, post_id, why, at=now())
        undo, stays = url_for(".undo_split", split_id=split.id), split.one_id
    toast(gettext("Post %(number)s was taken out.", number=post_id), undo_url=undo)
    return redirect(url_for(".show", campaign_id=stays), code=303)


@bp.post("/merges/<int:merge_id>/undo")
@allowed("campaign.split")
def undo_merge(merge_id: int) -> BaseResponse:
    """Make two campaigns of one again."""
    with writing() as opened:
        why = request.form.get("reason", "")
        split = campaigns.undo_merge(opened, actor(), merge_id, why, at=now())
        undo, count, other = url_for(".undo_split", split_id=split.id), split.posts, split.other_id
    said = ngettext(
        "%(num)d post is campaign %(other)s again.",
        "%(num)d posts are campaign %(other)s again.",
        count,
        other=other,
    )
    toast(said, undo_url=undo)
    return redirect(url_for(".show", campaign_id=other), code=303)


@bp.post("/splits/<int:split_id>/undo")
@allowed("campaign.join")
def undo_split(split_id: int) -> BaseResponse:
    """Put together again what a person took apart."""
    with writing() as opened:
        kept = campaigns.undo_split(opened, actor(), split_id, at=now())
    toast(gettext("They are one campaign again."), kind="info")
    return redirect(url_for(".show", campaign_id=kept), code=303)


def _timeline(shown: campaigns.Overview) -> list[dict[str, Any]]:
    """What made the campaign what it is, the latest first."""
    steps = [*map(_merge_step, shown.merges)]
    for split in shown.splits:
        steps += _split_steps(split, shown.id)
    steps.append({"at": shown.created_at, "who": _who(None), "what": gettext("The campaign began")})
    return sorted(steps, key=lambda step: step["at"], reverse=True)


def _merge_step(merge: CampaignMerge) -> dict[str, Any]:
    gone = merge.gone_id
    return {
        "at": merge.at,
        "who": _who(merge.by_id),
        "what": gettext(
            "Campaign %(gone)s became part of campaign %(kept)s", gone=gone, kept=merge.kept_id
        ),
        "note": _bridge(merge),
        "tone": "neutral" if merge.undone_at else "progress",
    }


def _bridge(merge: CampaignMerge) -> str:
    why = campaign_words.why(merge)
    if merge.post_id is None:
        return why
    return str(gettext("By post %(number)s: %(why)s", number=merge.post_id, why=why))


def _split_steps(split: CampaignSplit, campaign_id: int) -> list[dict[str, Any]]:
    other = split.one_id if split.other_id == campaign_id else split.other_id
    what = ngettext(
        "%(num)d post split off: campaigns %(one)s and %(other)s are kept apart",
        "%(num)d posts split off: campaigns %(one)s and %(other)s are kept apart",
        split.posts,
        one=split.one_id,
        other=split.other_id,
    )
    url = url_for(".show", campaign_id=other)
    steps = [
        {
            "at": split.at,
            "who": _who(split.by_id),
            "what": what,
            "note": split.why,
            "url": url,
            "tone": "warning",
        }
    ]
    if split.undone_at is not None:
        steps.append(
            {
                "at": split.undone_at,
                "who": _who(split.undone_by_id),
                "what": gettext("The split was taken back"),
            }
        )
    return steps


def _who(user_id: int | None) -> str:
    found = session().get(User, user_id) if user_id is not None else None
    return found.name if found is not None else str(gettext("the system"))
