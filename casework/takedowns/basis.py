"""Which law a request rests on: the regime by addressee, sender and day; the provisions by what the posts say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.law.catalogue import Catalogue
from casework.law.model import Channel, Provision, Regime, Target
from casework.takedowns.models import Pace
from foundation.errors import InvalidInput
from foundation.people import Actor, Role
from search.models import PostRow

POLICE_SENDER = "pa05"
DEFAULT_SENDER = "so-vhttdl"
LEGAL_CHANNEL = {
    "telephone": Channel.TELEPHONE,
    "letter": Channel.LETTER,
    "mail": Channel.ELECTRONIC,
    "portal": Channel.ELECTRONIC,
}
DOMESTIC = frozenset({"zalo"})
CROSS_BORDER = frozenset({"facebook", "tiktok", "youtube", "telegram", "bluesky", "mastodon"})
_FIELDS = frozenset({"network_information", "cybersecurity", "trafficking"})
_OF_OPERATORS = "operator_"


@dataclass(frozen=True, slots=True)
class Period:
    """How long the addressee has, and the rule that says so."""

    hours: int
    source: str


def target_of(platform: str) -> Target:
    """Whom the law takes the operator of a platform for (gợi ý, the officer may choose another)."""
    if platform in CROSS_BORDER:
        return Target.CROSS_BORDER
    return Target.DOMESTIC_NETWORK if platform in DOMESTIC else Target.WEBSITE


def sender_of(actor: Actor, agency_name: str, catalogue: Catalogue, on: date) -> str:
    """The agency that asks: the police their division, everybody else the office of this deployment."""
    if Role.POLICE in actor.roles and Role.INSPECTOR not in actor.roles:
        return POLICE_SENDER
    named = (each.id for each in catalogue.agencies(on) if each.vi == agency_name)
    return next(named, DEFAULT_SENDER)


def regimes(target: Target, sender: str, on: date, catalogue: Catalogue) -> tuple[Regime, ...]:
    """The regimes this sender may invoke against such an addressee on a day."""
    return catalogue.regimes_for(target, on, sender=sender)


def require_regime(
    regime_id: str, target: Target, sender: str, on: date, catalogue: Catalogue
) -> Regime:
    """The regime, or InvalidInput when it is not this sender's, this addressee's or not in force."""
    for regime in regimes(target, sender, on, catalogue):
        if regime.id == regime_id:
            return regime
    raise InvalidInput(
        f"{sender} cannot invoke {regime_id} against {target} on {on}",
        about="regime",
        key="error.takedown.regime",
        regime=regime_id,
        sender=sender,
    )


def period(regime: Regime, pace: Pace) -> Period:
    """The hours of the regime for this pace; InvalidInput where the regime knows no such period."""
    hours = {
        Pace.NORMAL: regime.hours,
        Pace.URGENT: regime.urgent_hours,
        Pace.COMPLAINT: regime.complaint_hours,
    }[pace]
    if hours is None:
        raise InvalidInput(
            f"{regime.id} knows no {pace} period", about="pace", key="error.takedown.pace"
        )
    return Period(hours, regime.source)


def require_channel(regime: Regime, channel: str) -> None:
    """InvalidInput when the regime does not count a request over this channel."""
    if LEGAL_CHANNEL.get(channel) not in regime.channels:
        raise InvalidInput(
            f"{regime.id} knows no request by {channel}",
            about="channel",
            key="error.takedown.channel",
            source=regime.source,
        )


def suggested(
    posts: Iterable[PostRow],
    pack_basis: Mapping[str, Sequence[str]],
    catalogue: Catalogue,
    on: date,
) -> tuple[Provision, ...]:
    """Provisions in force on the day for what the posts were flagged for; a suggestion, never a decision.

    `pack_basis`: rule pack -> ids of its legal basis. A basis that has ended leads, by its conduct, to
    what is in force now: a post that can still be read is an act that goes on.
    """
    named = {
        basis
        for post in posts
        for pack in post.judgement.get("packs", ())
        for basis in pack_basis.get(pack, ())
    }
    conducts = {
        conduct
        for provision in catalogue.provisions()
        if provision.id in named and not provision.crime
        for conduct in provision.conducts
    } or {"promote_trafficking"}
    return tuple(each for each in offered(catalogue, on) if conducts & set(each.conducts))


def offered(catalogue: Catalogue, on: date) -> tuple[Provision, ...]:
    """Everything in force that a takedown request may cite as violated by the one who posted."""
    return tuple(
        each
        for each in catalogue.provisions()
        if each.field in _FIELDS
        and not each.crime
        and catalogue.provision_in_force(each, on)
        and not any(conduct.startswith(_OF_OPERATORS) for conduct in each.conducts)
    )


def require_basis(ids: Sequence[str], catalogue: Catalogue, on: date) -> tuple[Provision, ...]:
    """The provisions cited; InvalidInput when none is given or one is not in force on the day."""
    known = {each.id: each for each in catalogue.provisions()}
    if not ids:
        raise InvalidInput("cite a provision", about="legal_basis", key="error.takedown.basis")
    for basis in ids:
        if basis not in known or not catalogue.provision_in_force(known[basis], on):
            raise InvalidInput(
                f"{basis} is not in force on {on}",
                about="legal_basis",
                key="error.takedown.basis_ended",
                basis=basis,
            )
    return tuple(known[basis] for basis in ids)
