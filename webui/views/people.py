"""Người dùng: the list of people, inviting them, one person's page, and what each role may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.clock import office_time
from foundation.errors import RasoatError, Unavailable
from foundation.people import Role, Unit, User
from foundation.permissions import ActRule
from webui.accounts import mail, service
from webui.accounts.act_words import act_word, area_word
from webui.accounts.links import Links
from webui.accounts.service import Details
from webui.accounts.words import account_state
from webui.errors import message
from webui.formats import is_vietnamese
from webui.given import whole_or
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render

bp = Blueprint("people", __name__)
LINK = "account_link"


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What was typed about a person, kept as typed so that nothing is lost on an error."""

    email: str = ""
    name: str = ""
    position: str = ""
    signer_title: str = ""
    unit_id: str = ""
    roles: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, problems: Mapping[str, str] | None = None) -> "PersonForm":
        given = {name: request.form.get(name, "").strip() for name in _TEXTS}
        return cls(roles=tuple(request.form.getlist("roles")), problems=problems or {}, **given)

    @classmethod
    def of(cls, user: User) -> "PersonForm":
        return cls(
            user.email,
            user.name,
            user.position,
            user.signer_title,
            str(user.unit_id or ""),
            tuple(user.roles),
        )

    def details(self) -> Details:
        """What is stored; an id that is none counts as none chosen."""
        unit_id = whole_or(self.unit_id, 0) or None
        known = {title for title, _ in titles()}
        return Details(
            self.name,
            self.position,
            self.signer_title if self.signer_title in known else "",
            unit_id,
        )

    def held(self) -> set[Role]:
        return {Role(role) for role in self.roles if role in set(Role)}


_TEXTS = ("email", "name", "position", "signer_title", "unit_id")


def titles() -> list[tuple[str, str]]:
    """Titles that can sign, in force today: id and name in the language of the page."""
    today = office_time(now()).date()
    vietnamese = is_vietnamese()
    return [
        (title.id, title.vi if vietnamese else title.en)
        for title in wiring().catalogue.titles(today)
    ]


def open_units(opened: Session) -> list[tuple[int, str]]:
    return [
        (unit.id, unit.name)
        for unit in opened.scalars(select(Unit).where(Unit.active).order_by(Unit.name))
    ]


def _choices() -> dict[str, Any]:
    return {"titles": titles(), "units": open_units(session()), "roles": list(Role)}


@bp.get("/people")
@allowed("people.view")
def index() -> str:
    """Everybody with an account; filters by words, role, unit and state stand in the address."""
    people = [user for user in session().scalars(select(User).order_by(User.name)) if _wanted(user)]
    return render(
        "people/index.html",
        "content",
        people=people,
        state_of=account_state,
        **_choices(),
    )


def _wanted(user: User) -> bool:
    asked = request.args
    words = asked.get("q", "").casefold().split()
    text = f"{user.name} {user.email} {user.position}".casefold()
    return (
        all(word in text for word in words)
        and asked.get("role", "") in ("", *user.roles)
        and asked.get("unit", "") in ("", str(user.unit_id or ""))
        and asked.get("state", "") in ("", account_state(user))
    )


@bp.get("/people/permissions")
@allowed("people.permissions")
def permissions() -> str:
    """The one table of acts and roles, as the pages and the tests read it."""
    areas: dict[str, list[ActRule]] = {}
    for rule in wiring().permissions:
        areas.setdefault(rule.name.partition(".")[0], []).append(rule)
    return render(
        "people/permissions.html",
        areas=areas,
        roles=list(Role),
        act_word=act_word,
        area_word=area_word,
    )


@bp.get("/people/invite")
@allowed("people.manage")
def invite_form() -> str:
    return render("people/invite.html", form=PersonForm(), **_choices())


@bp.post("/people/invite")
@allowed("people.manage")
def invite() -> Response | tuple[str, int]:
    """Make the account and show its link once; mail it too where there is a mail server."""
    form = PersonForm.sent()
    try:
        with writing() as opened:
            user = service.invite(
                opened,
                actor(),
                email=form.email,
                details=form.details(),
                roles=form.held(),
                language=wiring().settings.default_language,
                at=now(),
            )
    except RasoatError as error:
        form = PersonForm.sent({error.about: message(error)})
        return render("people/invite.html", form=form, **_choices()), error.status
    _hand_over_link(user)
    return redirect(url_for("people.show", user_id=user.id), code=303)


@bp.get("/people/<int:user_id>")
@allowed("people.view")
def show(user_id: int) -> str:
    """One person: what they are, what can be done, and what was done to the account."""
    user = service.find(session(), user_id)
    link = cookie.get(LINK, {})
    if link.get("user") == user.id:
        cookie.pop(LINK)
    return render(
        "people/show.html",
        user=user,
        form=PersonForm.of(user),
        state=account_state(user),
        link=link.get("url") if link.get("user") == user.id else None,
        reasons=service.reasons(session(), user),
        own=user.id == actor().user_id,
        **_choices(),
    )


@bp.post("/people/<int:user_id>/details")
@allowed("people.manage")
def change(user_id: int) -> Response:
    """Name, position, title, unit."""
    with writing() as opened:
        user = service.find(opened, user_id)
        service.change_details(opened, actor(), user, PersonForm.sent().details(), at=now())
    return _back(user_id, gettext("Saved."))


@bp.post("/people/<int:user_id>/roles")
@allowed("people.manage")
def change_roles(user_id: int) -> Response:
    with writing() as opened:
        user = service.find(opened, user_id)
        wanted, reason = PersonForm.sent().held(), request.form.get("reason", "")
        service.change_roles(opened, actor(), user, wanted, reason=reason, at=now())
    return _back(user_id, gettext("Roles changed. They count from the next click of that person."))


@bp.post("/people/<int:user_id>/disable")
@allowed("people.manage")
def disable(user_id: int) -> Response:
    with writing() as opened:
        user = service.find(opened, user_id)
        service.disable(opened, actor(), user, reason=request.form.get("reason", ""), at=now())
    undo = url_for("people.enable", user_id=user_id)
    return _back(user_id, gettext("The account is disabled and its sessions were ended."), undo)


@bp.post("/people/<int:user_id>/enable")
@allowed("people.manage")
def enable(user_id: int) -> Response:
    with writing() as opened:
        service.enable(opened, actor(), service.find(opened, user_id), at=now())
    return _back(user_id, gettext("The account is enabled."))


@bp.post("/people/<int:user_id>/end-sessions")
@allowed("people.manage")
def end_sessions(user_id: int) -> Response:
    with writing() as opened:
        service.end_sessions(opened, actor(), service.find(opened, user_id), at=now())
    return _back(user_id, gettext("The sessions were ended."))


@bp.post("/people/<int:user_id>/reset-password")
@allowed("people.manage")
def reset_password(user_id: int) -> Response:
    """The old password is void; a new link is shown once."""
    reason = request.form.get("reason", "")
    with writing() as opened:
        user = service.find(opened, user_id)
        service.reset_password(opened, actor(), user, reason=reason, at=now())
    _hand_over_link(user)
    return redirect(url_for("people.show", user_id=user_id), code=303)


@bp.post("/people/<int:user_id>/new-link")
@allowed("people.manage")
def new_link(user_id: int) -> Response:
    """Another link for somebody who has no password yet; an earlier one stops working."""
    with writing() as opened:
        user = service.find(opened, user_id)
        if account_state(user) == "invited":
            service.end_sessions(opened, actor(), user, at=now())
    if account_state(user) == "invited":
        _hand_over_link(user)
    return redirect(url_for("people.show", user_id=user_id), code=303)


@bp.post("/people/<int:user_id>/reset-second-factor")
@allowed("people.manage")
def reset_second_factor(user_id: int) -> Response:
    reason = request.form.get("reason", "")
    with writing() as opened:
        user = service.find(opened, user_id)
        service.reset_second_factor(opened, actor(), user, reason=reason, at=now())
    return _back(user_id, gettext("The second factor is off for this person."))


def _back(user_id: int, said: str, undo_url: str = "") -> Response:
    toast(said, undo_url=undo_url)
    return redirect(url_for("people.show", user_id=user_id), code=303)


def _hand_over_link(user: User) -> None:
    """After the commit: keep the link for the next page, and mail it where that can be done."""
    link = Links(wiring().secret).url(user, now(), wiring().settings)
    cookie[LINK] = {"user": user.id, "url": link}
    try:
        if mail.send_link(wiring().settings, user, link):
            toast(gettext("The link was mailed to %(email)s.", email=user.email))
    except Unavailable:
        toast(
            gettext("The link could not be mailed. Hand it over yourself."),
            kind="warning",
        )
