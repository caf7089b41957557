"""A revision of a rule pack: its text to edit, what is wrong with it, what it changes, and the two persons."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foundation.errors import Conflict, InvalidInput
from foundation.lifecycle import history
from search.lab import forms, service
from search.lab.diff import difference, figures
from search.lab.drafts import pack_id_of
from search.lab.lifecycle import KIND, REVISION
from search.lab.models import RevisionState, RulePackRevision
from search.lab.runs import runs_of
from search.rules.judgement import GROUPS, URGENT, Context, Kind
from search.rules.model import State
from search.rules.pack import Examined, shipped_text
from webui.requests import actor, allowed, is_fragment, may, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import post_words, rule_words, rules
from webui.views.rule_shown import shadow_figures, shown_run

bp = Blueprint("rule_drafts", __name__, url_prefix="/rules")
LONGEST_ID = 60
Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """One act that a page offers; `refused` says why this person cannot take it now."""

    act: str
    label: str
    needs_reason: bool
    destructive: bool
    refused: str = ""


@bp.get("/new")
@allowed("rule.write")
def new() -> str:
    """Begin a pack of one's own, or a draft of one that is there."""
    return render("rules/new.html", packs=wiring().rules.office.packs, said=rule_words.said)


@bp.post("/new")
@allowed("rule.write")
def create() -> Response:
    """A draft: of a pack that counts, from one of its revisions, or a new pack."""
    pack = request.form.get("pack", "").strip()
    number = request.form.get("from", type=int)
    based_on = service.numbered(session(), pack, number) if number else None
    now_live = wiring().rules.office.of(pack)
    if based_on is not None:
        text = based_on.text
    elif request.form.get("shipped"):
        text = shipped_text(pack)
    elif now_live is not None:
        text = now_live.text
        based_on = _row(now_live.revision_id)
    else:
        text = forms.skeleton(pack, actor().name)
    if not pack or len(pack) > LONGEST_ID or pack_id_of(text) != pack:
        raise InvalidInput(
            "the id of a pack is small letters, digits and -", key="error.rules.no_pack"
        )
    with writing() as opened:
        row = service.create(opened, actor(), pack, text, at=now(), based_on=based_on)
        number = row.number
    toast(gettext("Draft %(number)s begun. It changes nothing until it is live.", number=number))
    return redirect(url_for("rule_drafts.show", pack=pack, number=number))


@bp.get("/<pack>/revisions/<int:number>")
@allowed("rule.view")
def show(pack: str, number: int) -> str:
    """The revision whole: editor or text, faults, difference, tests, shadow, acts, history."""
    return _page(service.numbered(session(), pack, number))


@bp.post("/<pack>/revisions/<int:number>/text")
@allowed("rule.write")
def save_text(pack: str, number: int) -> Answer:
    """Save the YAML as it was typed, whole or not."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    return _save(service.numbered(session(), pack, number), text, "yaml")


@bp.post("/<pack>/revisions/<int:number>/form")
@allowed("rule.write")
def save_form(pack: str, number: int) -> Answer:
    """Save what the form says, as text."""
    row = service.numbered(session(), pack, number)
    try:
        text = forms.apply(_text_seen(row), request.form)
    except ValueError as error:
        raise InvalidInput(str(error), key="error.rules.not_whole") from error
    return _save(row, text, "form")


@bp.post("/<pack>/revisions/<int:number>/try")
@allowed("rule.view")
def try_text(pack: str, number: int) -> str:
    """Judge a text by this revision beside the live rules; stored nowhere."""
    row = service.numbered(session(), pack, number)
    text = rules.to_try("try")
    found = _tried(row, text) if text.strip() else None
    if not is_fragment():
        return _page(row, tried=found, typed=text)
    return render("rules/revision.html", "tried", **_about_tried(found, text))


@bp.post("/<pack>/revisions/<int:number>/propose")
@allowed("rule.write")
def propose(pack: str, number: int) -> Response:
    """Ask that it count, with what it changes and why."""
    row = service.numbered(session(), pack, number)
    wiring().rules.refresh()
    checked = service.check(row, wiring().rules.office, wiring().catalogue.basis_ids())
    why = request.form.get("reason", "")
    with writing() as opened:
        mine = service.get(opened, row.id)
        service.propose(opened, actor(), mine, why=why, checked=checked, at=now())
    toast(gettext("Proposed. It goes live when a second person lets it."))
    return _back(row)


@bp.post("/<pack>/revisions/<int:number>/approve")
@allowed("rule.approve")
def approve(pack: str, number: int) -> Response:
    """Let it count from now on, everywhere."""
    row = service.numbered(session(), pack, number)
    wiring().rules.refresh()
    checked = service.check(row, wiring().rules.office, wiring().catalogue.basis_ids())
    seen = request.form.get("seen", "")
    with writing() as opened:
        mine = service.get(opened, row.id)
        service.approve(opened, actor(), mine, seen=seen, checked=checked, at=now())
    wiring().rules.refresh()
    toast(gettext("Live. Every process judges by it within seconds."))
    return _back(row)


@bp.post("/<pack>/revisions/<int:number>/step/<act>")
@allowed("rule.shadow")
def step(pack: str, number: int, act: str) -> Response:
    """Every other step of the table; the table says who may."""
    row = service.numbered(session(), pack, number)
    with writing() as opened:
        mine = service.get(opened, row.id)
        reason = request.form.get("reason", "")
        service.step(opened, actor(), mine, act, at=now(), reason=reason)
    wiring().rules.refresh()
    toast(gettext("Done: %(what)s", what=rule_words.ACTS.get(act, act)))
    return _back(row)


def _save(row: RulePackRevision, text: str, mode: str) -> Answer:
    seen = request.form.get("seen", "")
    try:
        with writing() as opened:
            mine = service.get(opened, row.id)
            service.edit(opened, actor(), mine, text, seen=seen, at=now())
    except Conflict:
        if not _editable(row):
            raise
        return _page(row, written=text), 409  # nothing that was typed is lost
    more = 1 if request.form.get("more") else None
    toast(gettext("Saved."))
    return _back(row, edit=mode, more=more)


def _text_seen(row: RulePackRevision) -> str:
    """The text that the form was made from: its rows are counted, and another text's would be mixed up."""
    seen = request.form.get("seen", "")
    saved = (one.text for one in service.texts(session(), row.id) if one.digest == seen)
    return next(saved, row.text)


def _editable(row: RulePackRevision) -> bool:
    return row.state == RevisionState.DRAFT and row.live_at is None and may("rule.write")


def _back(row: RulePackRevision, **more: Any) -> Response:
    address = url_for("rule_drafts.show", pack=row.pack, number=row.number, **more)
    return redirect(address, code=303)


def _tried(row: RulePackRevision, text: str) -> rules.Tried | None:
    """What this revision makes of a text beside the live rules; None while it cannot be read."""
    try:
        matcher = wiring().rules.candidate(row.text)
    except InvalidInput:
        return None
    return rules.tried(text, Context(), matcher)


def _about_tried(tried: rules.Tried | None, typed: str) -> dict[str, Any]:
    return {
        "tried": tried,
        "typed": typed,
        "unreadable": bool(typed.strip()) and tried is None,
        "post_words": post_words,
        "entity_words": rules.ENTITIES,
        "group_word": rule_words.group_word,
        "said": rule_words.said,
        "version": wiring().rules.office.matcher.version,
    }


def _row(revision_id: int) -> RulePackRevision | None:
    return session().get(RulePackRevision, revision_id) if revision_id else None


def _page(
    row: RulePackRevision,
    tried: rules.Tried | None = None,
    typed: str = "",
    written: str | None = None,
) -> str:
    """The revision; `written` is a text that was not saved, since somebody saved another meanwhile."""
    checked = service.check(row, wiring().rules.office, wiring().catalogue.basis_ids())
    now_live = checked.office.of(row.pack)
    against = now_live.text if now_live and now_live.revision_id != row.id else row.base
    changed = difference(against, row.text)
    editable = _editable(row)
    data = forms.form_data(row.text) if editable and written is None else None
    mode = request.args.get("edit", "form" if data else "yaml")
    steps = history(session(), KIND, row.id)
    return render(
        "rules/revision.html",
        **_about_tried(tried, typed),
        row=row,
        examined=checked.examined,
        new_purpose=checked.new_purpose,
        live=now_live,
        changed=changed,
        counted=figures(changed),
        editable=editable,
        written=written,
        unsaved=difference(row.text, written) if written is not None else [],
        mode="form" if mode == "form" and data else "yaml",
        data=data,
        blanks=1
        if request.args.get("more") or (data is not None and not data.get("signals"))
        else 0,
        offered=_offered(row, checked.examined),
        steps=list(reversed(steps)),
        wrote={one.actor_id for one in steps if one.act in ("create", "import", "edit", "propose")},
        runs=[shown_run(run) for run in runs_of(session(), row.id, 3)],
        shadow=shadow_figures(row.pack, row.digest),
        groups=[*GROUPS, "innocent"],
        kinds=[kind for kind in Kind if kind is not Kind.LURE],
        urgent=URGENT,
        states=list(State),
        one_line=forms.one_line,
        rule_words=rule_words,
        max_text=rules.MAX_TEXT,
        old_text=row.live_at is not None and row.state not in ("live", "leaving"),
    )


def _offered(row: RulePackRevision, examined: Examined) -> list[Offered]:
    """The steps that this person's roles open; the one who wrote is told why the last is closed."""
    found = []
    wrote = {one.actor_id for one in history(session(), KIND, row.id) if one.act in _WROTE}
    for one in REVISION.allowed(row.state, actor()):
        if one.act == "edit":
            continue
        refused = ""
        if one.act in ("propose", "approve") and not examined.whole:
            refused = gettext("The text has faults.")
        elif one.act == "approve" and actor().user_id in wrote:
            refused = gettext("You wrote or proposed it: a second person has to let it go live.")
        label = str(rule_words.ACTS[one.act])
        found.append(Offered(one.act, label, "reason" in one.needs, one.destructive, refused))
    return found


_WROTE = ("create", "import", "edit", "propose")
