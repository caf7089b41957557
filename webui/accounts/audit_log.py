"""Reading the audit log: filtered, page by page, with words for acts and links to what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from foundation.audit import AuditEvent
from foundation.clock import OFFICE_ZONE
from foundation.people import Role, User
from webui.given import whole_or
from webui.words import ROLES, Text

ACTIONS: dict[str, Text] = {
    "user:create": _l("Account made"),
    "user:invite": _l("Invited"),
    "user:change": _l("Details changed"),
    "user:roles": _l("Roles changed"),
    "user:disable": _l("Account disabled"),
    "user:enable": _l("Account enabled"),
    "user:end_sessions": _l("Sessions ended"),
    "user:reset_password": _l("Password reset"),
    "user:reset_second_factor": _l("Second factor switched off by an administrator"),
    "user:password_set": _l("Password set by a link"),
    "user:password_change": _l("Password changed"),
    "user:second_factor_on": _l("Second factor switched on"),
    "user:second_factor_off": _l("Second factor switched off"),
    "user:login": _l("Logged in"),
    "user:logout": _l("Logged out"),
    "user:login_failed": _l("Login failed"),
    "user:lock": _l("Account locked after failed logins"),
    "unit:create": _l("Unit added"),
    "unit:rename": _l("Unit renamed"),
    "unit:close": _l("Unit closed"),
    "unit:open": _l("Unit opened again"),
    "audit:verify": _l("Audit log checked"),
}
KINDS: dict[str, Text] = {
    "user": _l("account"),
    "unit": _l("unit"),
    "audit": _l("audit log"),
    "post": _l("post"),
    "case": _l("case"),
    "takedown": _l("takedown request"),
    "sanction": _l("sanction file"),
    "referral": _l("referral"),
    "report": _l("report"),
    "source": _l("source"),
    "run": _l("run"),
    "evidence": _l("evidence"),
}
DETAILS: dict[str, Text] = {
    "by": _l("how"),
    "source": _l("source of the try"),
    "roles": _l("roles"),
    "note": _l("reason no."),
    "before": _l("roles before"),
    "after": _l("roles after"),
    "changed": _l("fields changed"),
    "checked": _l("events checked"),
    "ok": _l("whole"),
}
_PAGES: dict[str, tuple[str, str]] = {"user": ("people.show", "user_id")}


def action_words(words: dict[str, Text]) -> None:
    """A page area tells the words of its acts: {"takedown:approve": _l("Approved")}."""
    ACTIONS.update(words)


def subject_page(kind: str, endpoint: str, argument: str) -> None:
    """A page area tells where a kind of subject has its page."""
    _PAGES[kind] = (endpoint, argument)


def subject_url(kind: str, subject_id: str) -> str:
    """The page of a subject; empty where none is known. Guesses `<kind>s.show` with `<kind>_id`."""
    endpoint, argument = _PAGES.get(kind, (f"{kind}s.show", f"{kind}_id"))
    if endpoint not in current_app.view_functions or not subject_id.isdecimal():
        return ""
    try:
        values: dict[str, Any] = {argument: int(subject_id)}
        return url_for(endpoint, **values)
    except BuildError:
        return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the log; empty means any. Days are the office's, both included."""

    person: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.person == "system":
            found.append(AuditEvent.actor_id.is_(None))
        elif self.person.isdecimal():
            found.append(AuditEvent.actor_id == whole_or(self.person, 0))
        if self.action:
            found.append(AuditEvent.action == self.action)
        kind, _, subject_id = self.subject.partition(":")
        if kind:
            found.append(AuditEvent.subject_kind == kind)
        if subject_id:
            found.append(AuditEvent.subject_id == subject_id)
        if since := day_start(self.since):
            found.append(AuditEvent.at >= since)
        if until := day_start(self.until):
            found.append(AuditEvent.at < until + timedelta(days=1))
        return found


def day_start(text: str) -> datetime | None:
    """The first moment of a day written yyyy-mm-dd or dd/mm/yyyy; None for what is no day."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return datetime.combine(day, time(), OFFICE_ZONE).astimezone(UTC)
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it is shown."""

    event: AuditEvent
    who: str
    what: Text
    about: str
    url: str
    detail: Sequence[tuple[str, str]]


def read(
    session: Session, asked: Asked, *, page: int = 1, size: int = 50
) -> tuple[list[Line], int]:
    """One page of events, newest first, and how many there are in all."""
    conditions = asked.conditions()
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions)) or 0
    events = session.scalars(
        select(AuditEvent)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    names = _names(session, {event.actor_id for event in events if event.actor_id is not None})
    return [_line(event, names) for event in events], total


def actions(session: Session) -> list[tuple[str, str]]:
    """The acts that occur in the log, with their words."""
    found = session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
    return [(action, action_word(action)) for action in found]


def action_word(action: str) -> str:
    return str(ACTIONS.get(action, action))


def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _line(event: AuditEvent, names: dict[int, str]) -> Line:
    who = "" if event.actor_id is None else names.get(event.actor_id, f"#{event.actor_id}")
    return Line(
        event=event,
        who=who,
        what=action_word(event.action),
        about=_about(event),
        url=subject_url(event.subject_kind, event.subject_id),
        detail=[
            (str(DETAILS.get(name, name)), _short(value))
            for name, value in sorted(event.detail.items())
        ],
    )


def _about(event: AuditEvent) -> str:
    number = gettext("not known") if event.subject_id == "unknown" else event.subject_id
    return f"{kind_word(event.subject_kind)} {number}"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    parts = value if isinstance(value, list) else [value]
    text = ", ".join(
        str(ROLES.get(part, part)) if part in set(Role) else str(part) for part in parts
    )
    return text if len(text) <= 80 else f"{text[:77]}…"
