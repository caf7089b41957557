"""Forms of sanctions: what was typed, read into what the services take; nothing typed is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.datastructures import MultiDict

from casework.domain.sanctions import Act, Candidate, SubjectKind
from casework.law.catalogue import Catalogue
from casework.sanctions.assessing import candidates_for
from casework.sanctions.models import Sanction
from casework.sanctions.proposing import Proposal, RecordData
from casework.sanctions.service import Facts
from foundation.errors import InvalidInput, RasoatError
from webui.errors import message
from webui.given import day as read_day
from webui.given import moment as read_moment

Typed = MultiDict[str, str]


@dataclass
class Shown:
    """A form as the page shows it: what was typed, and what is wrong with it by field."""

    typed: Typed = field(default_factory=MultiDict)
    problems: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, otherwise: object = "") -> str:
        """What was typed, or what the form begins with."""
        return self.typed.get(name, "" if otherwise is None else str(otherwise))

    def chosen(self, name: str) -> list[str]:
        return self.typed.getlist(name)

    @classmethod
    def failed(cls, typed: Typed, error: RasoatError) -> "Shown":
        """The form as it was typed, with the error at its field; "" where it is about the whole form."""
        detail = error.detail.get("field") or _first(error.detail.get("missing")) or ""
        return cls(typed, {str(detail): message(error)})


def _first(names: object) -> object:
    return next(iter(names), "") if isinstance(names, list | tuple) else ""


def day(typed: Typed, name: str) -> date:
    """A day that has to be given."""
    found = day_or_none(typed, name)
    if found is None:
        raise InvalidInput("a day", key="error.form.day", field=name)
    return found


def day_or_none(typed: Typed, name: str) -> date | None:
    raw = typed.get(name, "").strip()
    if not raw:
        return None
    try:
        return read_day(raw)
    except ValueError:
        raise InvalidInput("a day", key="error.form.day", field=name) from None


def moment(typed: Typed, name: str) -> datetime:
    """A moment of the office's zone."""
    try:
        return read_moment(typed.get(name, ""))
    except ValueError:
        raise InvalidInput("a moment", key="error.form.moment", field=name) from None


def whole(typed: Typed, name: str, *, empty: int | None = None) -> int | None:
    """A whole number; 12.500.000, 12,500,000 and 12 500 000 are the same."""
    raw = typed.get(name, "").strip()
    if not raw:
        return empty
    bare = raw.translate({ord(each): None for each in "., \u00a0"}).removesuffix("đ")
    if not bare.isdecimal() or len(bare) > 15:
        raise InvalidInput("a whole number", key="error.form.number", field=name)
    return int(bare)


def lines(typed: Typed, name: str) -> tuple[str, ...]:
    """One entry a line; empty lines do not count."""
    return tuple(each.strip() for each in typed.get(name, "").splitlines() if each.strip())


def kind_of(typed: Typed) -> SubjectKind:
    try:
        return SubjectKind(typed.get("subject_kind", ""))
    except ValueError:
        raise InvalidInput("a kind", key="error.form.choice", field="subject_kind") from None


def facts_of(typed: Typed) -> Facts:
    """What was typed about the act."""
    return Facts(
        conduct=typed.get("conduct", ""),
        act_text=typed.get("act_text", ""),
        subject_kind=kind_of(typed).value,
        ended_on=None if typed.get("still_going") else day_or_none(typed, "ended_on"),
        still_going=bool(typed.get("still_going")),
        detected_on=day(typed, "detected_on"),
        provision_id=typed.get("provision_id", ""),
        choice_reason=typed.get("choice_reason", ""),
        age_at_act=whole(typed, "age_at_act"),
        complex_case=bool(typed.get("complex_case")),
        transferred=bool(typed.get("transferred")),
    )


def typed_of(sanction: Sanction) -> Typed:
    """The facts of a file as its form shows them."""
    values = {
        "conduct": sanction.conduct,
        "act_text": sanction.act_text,
        "subject_kind": sanction.subject_kind,
        "ended_on": sanction.ended_on.isoformat() if sanction.ended_on else "",
        "detected_on": sanction.detected_on.isoformat(),
        "provision_id": sanction.provision_id,
        "choice_reason": sanction.choice_reason,
        "age_at_act": "" if sanction.age_at_act is None else str(sanction.age_at_act),
    }
    for name in ("still_going", "complex_case", "transferred"):
        if getattr(sanction, name):
            values[name] = "1"
    return MultiDict(values)


def offered(typed: Typed, catalogue: Catalogue, today: date) -> tuple[Candidate, ...]:
    """The provisions for what was typed so far; none while the days are missing or contradict."""
    if typed.get("conduct", "") not in {each.id for each in catalogue.conducts()}:
        return ()
    try:
        going = bool(typed.get("still_going"))
        act = Act(
            ended_on=None if going else day_or_none(typed, "ended_on"),
            still_going=going,
            detected_on=day_or_none(typed, "detected_on"),
        )
        return candidates_for(act, typed["conduct"], kind_of(typed), catalogue, on=today)
    except (ValueError, InvalidInput):
        return ()


def record_of(typed: Typed) -> RecordData:
    return RecordData(
        started_at=moment(typed, "started_at"),
        place=typed.get("place", ""),
        party_statement=typed.get("party_statement", ""),
    )


def proposal_of(typed: Typed, remedies: Iterable[str]) -> Proposal:
    known = set(remedies)
    return Proposal(
        form=typed.get("form") or "fine",
        amount=whole(typed, "amount"),
        amount_reason=typed.get("amount_reason", ""),
        mitigating=lines(typed, "mitigating"),
        aggravating=lines(typed, "aggravating"),
        remedies=tuple(each for each in typed.getlist("remedies") if each in known),
    )
