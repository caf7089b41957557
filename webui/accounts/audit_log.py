"""Reading the audit log: filtered, page by page, with words for acts and links to what they are about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from foundation.audit import AuditEvent
from foundation.clock import OFFICE_ZONE
from foundation.people import Role, User
from webui.accounts.event_words import DETAILS, EVENTS, KINDS, WAYS
from webui.given import whole_or
from webui.words import ROLES, Text, state

_DIGEST = re.compile("[0-9a-f]{64}")
_PAGES: dict[str, tuple[str, str]] = {
    "user": ("people.show", "user_id"),
    "evidence": ("evidence.show", "item_id"),
}


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
    return str(EVENTS.get(action, action))


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
            (_detail_word(event.subject_kind, name), _shown(event, name, value))
            for name, value in sorted(event.detail.items())
            if value not in ("", None, [])
        ],
    )


def _about(event: AuditEvent) -> str:
    number = gettext("not known") if event.subject_id == "unknown" else event.subject_id
    return f"{kind_word(event.subject_kind)} {number}"


def _detail_word(kind: str, name: str) -> str:
    return str(DETAILS.get(f"{kind}.{name}") or DETAILS.get(name, name))


def _shown(event: AuditEvent, name: str, value: Any) -> str:
    """The value in the words of the pages; of a digest only as much as the pages show of it."""
    if name in {"state", "was"} and isinstance(value, str):
        item = event.action == "takedown:item"
        return str(state("takedown_item" if item else event.subject_kind, value).label)
    if name == "by" and value in WAYS:
        return str(WAYS[value])
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return f"{value[:12]}…"
    return _short(value)


def _short(value: Any) -> str:
    text = _flat(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _flat(value: Any) -> str:
    """Lists and tables within the detail as one line; roles in words."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_flat(one)}" for name, one in sorted(value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(_flat(one) for one in value)
    return str(ROLES[Role(value)]) if isinstance(value, str) and value in set(Role) else str(value)
