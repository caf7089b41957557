"""What the queue's address asks for, and what its two panes show."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.triage import claims, service
from casework.triage.alike import joined_decided
from casework.triage.models import Decision
from casework.triage.queue import Filters, Tab, counts, next_after, queue
from crawler import service_sources
from foundation.errors import Unavailable
from foundation.people import Actor
from search.models import PostRow, WorkState
from search.query import parse
from search.rules.judgement import GROUPS
from webui import words
from webui.requests import actor, now, session, wiring
from webui.views import post_words, sitting
from webui.views.post_parts import detail, first_line, offered

PAGE = 40
TEXT_HITS = 500
TABS = {
    Tab.URGENT: _l("Urgent lane"),
    Tab.HELP: _l("People who need help"),
    Tab.QUEUE: _l("Review queue"),
    Tab.MINE: _l("Mine"),
    Tab.KEPT: _l("Flagged"),
    Tab.DISMISSED: _l("Dismissed"),
}
_STATES = {Tab.KEPT: WorkState.KEPT, Tab.DISMISSED: WorkState.DISMISSED}


@dataclass(frozen=True, slots=True)
class Asked:
    """The list, what narrows it, the page of it, the post that is open."""

    tab: Tab = Tab.QUEUE
    source: int | None = None
    platform: str = ""
    level: str = ""
    group: str = ""
    q: str = ""
    after: int | None = None
    post: int | None = None

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Asked":
        """What can be read of the address; the rest is as if it were not there."""
        tab = args.get("tab", "")
        return cls(
            tab=Tab(tab) if tab in set(Tab) else Tab.QUEUE,
            source=args.get("source", type=int),
            platform=args.get("platform", "")[:40],
            level=args.get("level", "")[:40],
            group=args.get("group", "")[:80],
            q=args.get("q", "").strip()[:500],
            after=args.get("after", type=int),
            post=args.get("post", type=int),
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """The address's arguments, the open post apart, with some changed; what is usual is left out."""
        every: dict[str, Any] = {
            "tab": self.tab.value if self.tab is not Tab.QUEUE else None,
            "source": self.source,
            "platform": self.platform,
            "level": self.level,
            "group": self.group,
            "q": self.q,
            "after": self.after,
            **changes,
        }
        return {name: value for name, value in every.items() if value not in (None, "")}

    @property
    def narrows(self) -> bool:
        return bool(self.source or self.platform or self.level or self.group or self.q)


def filters_of(asked: Asked, who: Actor) -> tuple[Filters, bool]:
    """The filters, and whether the index answered. It may ask the index: never call it while writing."""
    filters = Filters(asked.tab, asked.source, asked.platform, asked.level, asked.group)
    if not asked.q:
        return filters, True
    state = _STATES.get(asked.tab, WorkState.NEW).value
    query = replace(parse(asked.q).narrowed({"state": (state,)}), size=TEXT_HITS)
    try:
        hits = wiring().reader.search(query, unit_ids=units_of(who))
    except Unavailable:
        return replace(filters, text=asked.q), False
    return replace(filters, post_ids=tuple(hits.ids)), True


def units_of(who: Actor) -> set[int | None] | None:
    """The units whose posts an index shows to this actor; None: all."""
    return None if who.unit_id is None else {None, who.unit_id}


def work(asked: Asked) -> dict[str, Any]:
    """Both panes."""
    who, at = actor(), now()
    filters, index_answers = filters_of(asked, who)
    page = queue(session(), who, filters, at=at, limit=PAGE, after=asked.after)
    post = _open_post(who, filters, asked)
    held = counts(session(), who, at=at)
    seat = sitting.current(at)
    return {
        "tabs": [
            (tab, label, {"tab": tab.value} if tab is not Tab.QUEUE else {}, held[tab])
            for tab, label in TABS.items()
        ],
        "page": page,
        "joined": joined_decided(session(), who, [item.post for item in page.items]),
        "me": who,
        "index_answers": index_answers,
        "seat": seat,
        "seat_total": seat.done + page.total,
        **_choices(),
        **pane(asked, post, chosen=asked.post is not None),
    }


def pane(asked: Asked, post: PostRow | None, *, chosen: bool) -> dict[str, Any]:
    """The right pane; `chosen`: the person opened this post, so that a narrow screen shows it."""
    who, at = actor(), now()
    return {
        "asked": asked,
        "chosen": chosen,
        "shown": detail(session(), who, post, at=at) if post else None,
        "latest": latest_decision(session(), who) if post else None,
        "colleagues": claims.colleagues(session(), who) if post else [],
        "post_words": post_words,
        "me": who,
        "in_queue": True,
        "first_line": first_line,
        "offered": offered,
    }


def latest_decision(opened: Session, who: Actor) -> Decision | None:
    """This person's last decision that still stands and can be taken back: what the key u undoes."""
    found = opened.scalars(
        select(Decision)
        .where(
            Decision.by_id == who.user_id,
            Decision.undone_at.is_(None),
            Decision.at >= now() - service.UNDO_WINDOW,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    return found if found is not None and service.may_undo(who, found, at=now()) else None


def _open_post(who: Actor, filters: Filters, asked: Asked) -> PostRow | None:
    if asked.post is not None:
        return service.post_for(session(), who, asked.post)
    first = next_after(session(), who, filters, asked.after, at=now())
    return service.post_for(session(), who, first) if first else None


def _choices() -> dict[str, Any]:
    sources = service_sources.list_sources(session(), actor())
    return {
        "sources": [(each.id, each.name) for each in sources],
        "platforms": [(code, str(label)) for code, label in post_words.PLATFORMS.items()],
        "levels": [(risk.key, str(risk.label)) for risk in reversed(words.RISKS.values())],
        "groups": [(code, post_words.group(code)) for code in GROUPS],
        "is_filtered": bool(set(request.args) - {"tab", "post", "after"}),
    }
