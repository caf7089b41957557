"""What the left rail shows, what waits for whom, and what the Today page is filled with.

The places are fixed here, in the order people know; a page area makes its place appear by having the
endpoint, and says what waits there:

    @waiting("queue.index")
    def _posts_for_me(session: Session, actor: Actor) -> int: ...

    @today("urgent", _l("Urgent posts"))
    def _urgent(session: Session, actor: Actor) -> list[TodayItem]: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from foundation.people import Actor
from webui.requests import PUBLIC, SIGNED_IN, maybe_actor, shell
from webui.requests import session as read_session
from webui.views import MODULES
from webui.words import Text

Count = Callable[[Session, Actor], int]
Severity = Literal["info", "warning", "urgent"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of the rail. `act` empty: that of the endpoint itself. `key`: its sequence, as in keys.js."""

    endpoint: str
    label: Text
    icon: str
    act: str = ""
    count: Count | None = None
    key: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as one page shows it to one person."""

    label: Text
    icon: str
    url: str
    key: str
    current: bool
    waiting: int | None
    below: bool


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing that is mine today; `due` aware UTC or None. `stands_for`: how many things, where a
    line says how many more there are. `key`: one thing that stands in two sections is counted once."""

    text: str
    url: str
    due: datetime | None = None
    severity: Severity = "info"
    stands_for: int = 1
    key: str = ""


@dataclass(frozen=True, slots=True)
class TodaySection:
    """A kind of thing for the Today page; the provider returns what is this actor's, the first to do first."""

    key: str
    title: Text
    provider: Callable[[Session, Actor], list[TodayItem]]
    order: int = 50


RAIL: list[NavItem] = [
    NavItem("today.index", _l("Today"), "home", key="KeyG KeyH"),
    NavItem("queue.index", _l("Queue"), "eye-check", key="KeyG KeyQ"),
    NavItem("search.index", _l("Search"), "search"),
    NavItem("cases.index", _l("Cases"), "folders", key="KeyG KeyC"),
    NavItem("takedowns.index", _l("Takedowns"), "trash-x", key="KeyG KeyT"),
    NavItem("sanctions.index", _l("Sanctions"), "gavel", key="KeyG KeyS"),
    NavItem("referrals.index", _l("Referrals"), "send"),
    NavItem("registers.index", _l("Registers"), "clipboard-list"),
    NavItem("reports.index", _l("Reports"), "chart-bar", key="KeyG KeyR"),
    NavItem("sources.index", _l("Sources"), "world-download", below=True),
    NavItem("rules.index", _l("Rules"), "adjustments", below=True),
    NavItem("law.index", _l("Law"), "scale", below=True),
    NavItem("people.index", _l("People"), "users", below=True),
    NavItem("system.index", _l("System"), "server-cog", below=True),
]
_COUNTS: dict[str, Count] = {}
_TODAY: dict[str, TodaySection] = {}


def add_place(item: NavItem, *, after: str) -> None:
    """Put one more place into the rail, after the endpoint named; told again, it replaces."""
    RAIL[:] = [place for place in RAIL if place.endpoint != item.endpoint]
    index = [place.endpoint for place in RAIL].index(after)
    RAIL.insert(index + 1, item)


def waiting(endpoint: str) -> Callable[[Count], Count]:
    """How many things wait for this actor behind a place of the rail; a quick count, asked on every page."""

    def keep(count: Count) -> Count:
        _COUNTS[endpoint] = count
        return count

    return keep


def today(
    key: str, title: Text, *, order: int = 50
) -> Callable[
    [Callable[[Session, Actor], list[TodayItem]]], Callable[[Session, Actor], list[TodayItem]]
]:
    """A section of the Today page; `order` 0 to 99, smaller stands higher."""

    def keep(
        provider: Callable[[Session, Actor], list[TodayItem]],
    ) -> Callable[[Session, Actor], list[TodayItem]]:
        _TODAY[key] = TodaySection(key, title, provider, order)
        return provider

    return keep


def today_sections() -> list[TodaySection]:
    """All sections in their order, but those of page areas that this app was made without."""
    missing = set(MODULES) - shell().modules
    mine = [one for one in _TODAY.values() if one.provider.__module__ not in missing]
    return sorted(mine, key=lambda section: (section.order, section.key))


def offers(actor: Actor, item: NavItem) -> bool:
    """Whether the place exists in this app and the actor may go there."""
    if item.endpoint not in current_app.view_functions:
        return False
    act = item.act or shell().acts.get(item.endpoint, "")
    return act in {PUBLIC, SIGNED_IN} or (
        bool(act) and shell().wiring.permissions.allows(actor, act)
    )


def rail(*, counts: bool = True) -> list[Shown]:
    """The rail for whoever asks; without counts where the database may be what is broken."""
    actor = maybe_actor()
    if actor is None:
        return []
    here = (request.blueprint or "", request.endpoint or "")
    return [_shown(item, actor, here, counts=counts) for item in RAIL if offers(actor, item)]


def _shown(item: NavItem, actor: Actor, here: tuple[str, str], *, counts: bool) -> Shown:
    count = item.count or _COUNTS.get(item.endpoint)
    return Shown(
        label=item.label,
        icon=item.icon,
        url=url_for(item.endpoint),
        key=item.key,
        current=item.endpoint.partition(".")[0] == here[0] or item.endpoint == here[1],
        waiting=count(read_session(), actor) if counts and count else None,
        below=item.below,
    )
