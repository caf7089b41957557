"""The draft form of a request: what is offered, and what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.cases.models import Case
from casework.cases.service import case_posts
from casework.channels.proof import ChannelKind
from casework.domain.addresses import is_web_address
from casework.law.model import Provision, Regime, Target
from casework.takedowns import basis, drafting
from casework.takedowns.drafting import DraftData, Repeated
from casework.takedowns.models import Pace, TakedownRequest, Wanted
from casework.takedowns.quotes import quote_of, without_victims
from foundation.clock import office_time
from foundation.errors import InvalidInput
from foundation.people import Actor
from search.models import PostRow
from webui.formats import is_vietnamese
from webui.given import moment, whole_or
from webui.requests import now, wiring

NAMES = {
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "telegram": "Telegram",
    "zalo": "Zalo",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
}


@dataclass(frozen=True, slots=True)
class RegimeChoice:
    """One way to ask: addressee and legal basis together, so that the form works without scripts."""

    target: Target
    regime: Regime

    @property
    def value(self) -> str:
        return f"{self.target}|{self.regime.id}"

    @property
    def label(self) -> str:
        return self.regime.vi if is_vietnamese() else self.regime.en


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers for a case."""

    posts: Sequence[PostRow]
    regimes: Sequence[RegimeChoice]
    suggested: Sequence[Provision]
    others: Sequence[Provision]
    repeated: Sequence[Repeated]
    sender: str
    sender_name: str


def offered(
    session: Session, who: Actor, case: Case, *, sender: str = "", but: int | None = None
) -> Offered:
    """Posts with a web address, the sender's regimes of the day, provisions that fit what was flagged."""
    on = office_time(now()).date()
    catalogue = wiring().catalogue
    posts = [link.post for link in case_posts(session, case) if is_web_address(link.post.url)]
    packs = {pack.id: pack.legal_basis for pack in wiring().matcher.packs}
    sender = sender or basis.sender_of(who, wiring().settings.agency_name, catalogue, on)
    suggested = basis.suggested(posts, packs, catalogue, on)
    others = [one for one in basis.offered(catalogue, on) if one not in suggested]
    return Offered(
        posts=posts,
        regimes=_regimes(sender, on),
        suggested=suggested,
        others=others,
        repeated=drafting.repeated(
            session, [post.url for post in posts], at=now(), but=but, actor=who
        ),
        sender=sender,
        sender_name=catalogue.agency(sender).vi,
    )


def _regimes(sender: str, on: date) -> list[RegimeChoice]:
    catalogue = wiring().catalogue
    return [
        RegimeChoice(target, regime)
        for target in Target
        for regime in basis.regimes(target, sender, on, catalogue)
    ]


def suggestion(
    session: Session, case: Case, given: Offered, chosen: Sequence[int]
) -> MultiDict[str, str]:
    """The form as it comes up: the posts asked for, the operator of their platform, the provisions that fit."""
    posts = [post for post in given.posts if post.id in chosen] or list(given.posts)
    first = posts[0].platform if posts else "website"
    posts = [post for post in posts if post.platform == first]
    target = basis.target_of(first)
    typed: MultiDict[str, str] = MultiDict()
    for post in posts:
        typed.add("post", str(post.id))
        typed[f"quote-{post.id}"] = without_victims(session, case, quote_of(post))
    fitting = [one for one in given.regimes if one.target is target] or list(given.regimes)
    if fitting:
        best = fitting[-1] if target is Target.WEBSITE else fitting[0]
        typed["regime"] = best.value
        typed["channel"] = "letter"
    typed["recipient"] = NAMES.get(first) or (posts[0].source.name if posts else "")
    typed["pace"] = Pace.NORMAL
    for provision in given.suggested[:1]:
        typed.add("basis", provision.id)
    return typed


def of_request(row: TakedownRequest) -> MultiDict[str, str]:
    """The form of a draft that is to be changed."""
    typed: MultiDict[str, str] = MultiDict()
    for item in row.items:
        typed.add("post", str(item.post_id))
        typed[f"quote-{item.post_id}"] = item.quote
    for one in row.legal_basis:
        typed.add("basis", one)
    typed["regime"] = f"{row.target}|{row.regime_id}"
    typed["recipient"], typed["contact"] = row.recipient, row.recipient_contact
    typed["pace"], typed["channel"], typed["findings"] = row.pace, row.channel, row.findings
    if Wanted.LOCK in row.wanted:
        typed["lock"] = "1"
    return typed


def data_of(typed: MultiDict[str, str]) -> DraftData:
    """What was typed, as the service takes it; InvalidInput names the field for what is no choice at all."""
    target, _, regime = typed.get("regime", "").partition("|")
    if target not in set(Target) or typed.get("pace", Pace.NORMAL) not in set(Pace):
        raise InvalidInput("no such regime", about="regime", key="error.takedown.regime")
    if typed.get("channel", "") not in set(ChannelKind):
        raise InvalidInput(
            "no such channel", about="channel", key="error.takedown.channel", source="–"
        )
    posts = tuple(number for one in typed.getlist("post") if (number := whole_or(one, 0)) > 0)
    return DraftData(
        post_ids=posts,
        target=Target(target),
        regime_id=regime,
        recipient=typed.get("recipient", ""),
        recipient_contact=typed.get("contact", ""),
        legal_basis=tuple(typed.getlist("basis")),
        channel=typed["channel"],
        wanted=(Wanted.REMOVE, Wanted.LOCK) if typed.get("lock") else (Wanted.REMOVE,),
        pace=Pace(typed.get("pace", Pace.NORMAL)),
        findings=typed.get("findings", ""),
        quotes={post: typed.get(f"quote-{post}", "") for post in posts},
        repeat=bool(typed.get("repeat")),
    )


def moment_of(name: str) -> datetime:
    """A moment typed in the office's time; InvalidInput when there is no such moment."""
    try:
        return moment(request.form.get(name, ""))
    except ValueError:
        raise InvalidInput("no such moment", about=name, key="error.takedown.moment") from None


def typed_now() -> str:
    """Now, as a field of date and time wants it."""
    return office_time(now()).strftime("%Y-%m-%dT%H:%M")


def upload(name: str) -> bytes:
    """The bytes of a file that was chosen; empty when none was. Too large ones are refused further down."""
    file: Any = request.files.get(name)
    return bytes(file.stream.read(26 * 2**20)) if file is not None and file.filename else b""
