"""The door between the login library and our users.

The library changes a `LoginUser`, says `put`, and commits by itself after the request. Here `put` only marks,
and `commit` carries the marked changes of account columns, with their audit events, into one short write
transaction of its own. Nothing else of ours is ever in that transaction.
"""

from datetime import datetime
from typing import Any

from flask import g
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.people import SYSTEM, Actor, User

COLUMNS = (
    "password",
    "fs_uniquifier",
    "last_login_at",
    "current_login_at",
    "last_login_ip",
    "current_login_ip",
    "login_count",
    "tf_primary_method",
    "tf_totp_secret",
    "tf_phone_number",
)
"""What the library may change. Roles, name, unit and whether the account is active are not its business."""
COUNTER = "totp_counter"
UNKNOWN = "unknown"


class NoRole(RoleMixin):
    """The library wants a class of roles; its permissions stay unused."""


class LoginUser(UserMixin):
    """A person as the login library sees one: account columns only, detached from any session."""

    id: int
    email: str
    name: str
    active: bool
    password: str | None = None
    fs_uniquifier: str = ""
    last_login_at: datetime | None = None  # type: ignore[assignment]
    current_login_at: datetime | None = None  # type: ignore[assignment]
    last_login_ip: str | None = None
    current_login_ip: str | None = None
    login_count: int | None = None  # type: ignore[assignment]
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    tf_phone_number: str | None = None
    totp_counter: int | None = None

    def __init__(self, row: User) -> None:
        self.id, self.email, self.name, self.active = row.id, row.email, row.name, row.active
        self.roles = []
        self.actor = row.actor()
        for column in COLUMNS:
            setattr(self, column, getattr(row, column))
        self.totp_counter = row.preferences.get(COUNTER)
        self._loaded = self._values()

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*COLUMNS, COUNTER)}

    def changes(self) -> dict[str, Any]:
        """What differs from what was loaded."""
        return {
            name: value for name, value in self._values().items() if value != self._loaded[name]
        }

    def written(self) -> None:
        """What differs now is what was loaded."""
        self._loaded = self._values()

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the library's own hook
        """Called by the library when this person's password or code was wrong."""
        note("user:login_failed", self.id, self.actor, by=auth_type)


class AccountStore(UserDatastore):
    """Finds people for the login library and keeps what it changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(LoginUser, NoRole)
        self._database = database
        self._clock = clock

    def find_user(
        self,
        case_insensitive: bool = False,  # noqa: FBT001, FBT002 - the library's signature
        **kwargs: Any,
    ) -> LoginUser | None:
        """One person by one unique column (`email`, `fs_uniquifier`, `id`)."""
        ((name, value),) = kwargs.items()
        column: InstrumentedAttribute[Any] = getattr(User, name)
        same = func.lower(column) == str(value).lower() if case_insensitive else column == value
        with self._database.reading() as session:
            row = session.scalars(select(User).where(same)).first()
            return LoginUser(row) if row is not None else None

    def find_role(self, role: str) -> None:
        """There are none."""

    def put(self, model: LoginUser) -> LoginUser:
        """Mark the person as changed; written by `commit`."""
        marked = _marked()
        if not any(model is one for one in marked):
            marked.append(model)
        return model

    def delete(self, model: LoginUser) -> None:
        raise NotImplementedError("accounts are disabled, never deleted")

    def commit(self) -> None:
        """Write what was marked and noted, in one transaction; nothing to write opens none."""
        changed = [user for user in _marked() if user.changes()]
        events = g.pop("account_events", [])
        g.pop("account_changes", None)
        if not changed and not events:
            return
        with self._database.writing() as session:
            for user in changed:
                row = session.get_one(User, user.id)
                for name, value in user.changes().items():
                    if name == COUNTER:
                        row.preferences = {**row.preferences, COUNTER: value}
                    else:
                        setattr(row, name, value)
            for action, subject, actor, detail in events:
                audit.record(session, actor, action, subject, at=self._clock.now(), **detail)
        for user in changed:
            user.written()


def _marked() -> list[LoginUser]:
    if "account_changes" not in g:
        g.account_changes = []
    marked: list[LoginUser] = g.account_changes
    return marked


def note(action: str, subject: int | str, actor: Actor = SYSTEM, **detail: Any) -> None:
    """Remember an audit event of this request; `AccountStore.commit` writes it."""
    if "account_events" not in g:
        g.account_events = []
    g.account_events.append((action, subject, actor, detail))
