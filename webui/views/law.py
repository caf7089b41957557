"""Pháp luật: what the legal catalogue says, since when, by which source, and how sure that is. Read only."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.domain.deadlines import office_day
from casework.law.entry import Confidence, Entry, SubjectKind, Unit
from casework.law.loading import read_folder
from casework.law.model import Provision
from foundation.errors import InvalidInput
from webui import formats
from webui.formats import is_vietnamese
from webui.requests import allowed, now, wiring
from webui.templating import render
from webui.views.case_words import SUBJECT_KINDS
from webui.views.sanction_form import day_or_none
from webui.views.sanction_words import CONFIDENCE

bp = Blueprint("law", __name__, url_prefix="/law")
SECTIONS = {
    "instruments": _l("Laws and decrees"),
    "provisions": _l("Provisions and brackets"),
    "competence": _l("Competence"),
    "regimes": _l("Takedown regimes"),
    "deadlines": _l("Time limits"),
    "rules": _l("Rules and thresholds"),
    "periods": _l("Reporting periods"),
    "remedies": _l("Remedies"),
    "transitions": _l("Changes of decrees"),
    "overlaps": _l("Decrees that overlap"),
    "forms": _l("Official forms"),
    "titles": _l("Titles that sign"),
    "agencies": _l("Agencies"),
    "holidays": _l("Days off"),
    "conducts": _l("Conducts"),
}
UNITS = {
    Unit.HOUR: _l("hours"),
    Unit.WORKING_DAY: _l("working days"),
    Unit.DAY: _l("days"),
    Unit.MONTH: _l("months"),
    Unit.YEAR: _l("years"),
}


@dataclass(frozen=True)
class Shown:
    """One entry as the page shows it. `place`: file and line of the administrator's own entry."""

    id: str
    section: str
    title: str
    text: str
    texts: tuple[str, ...]
    facts: tuple[str, ...]
    note: str
    in_force: date | None
    ended: date | None
    source: str
    confidence: Confidence
    place: str


@bp.get("")
@allowed("law.view")
def index() -> str:
    """One section, or with words everything that holds them all."""
    asked = request.args
    section = asked.get("section", "provisions")
    section = section if section in SECTIONS else "provisions"
    words, own = plain(asked.get("q", "")).split(), overridden()
    chosen = list(SECTIONS) if words else [section]
    day = _day(asked)
    rows = [
        shown
        for name in chosen
        for entry in wiring().catalogue.entries(name)
        if (day is None or _in_force(entry, day))
        and asked.get("confidence", "") in ("", entry.confidence.value)
        and (not asked.get("own") or entry.id in own)
        and _holds(shown := _shown(name, entry, own), words)
    ]
    return render(
        "law/index.html",
        "content",
        rows=rows,
        sections=SECTIONS,
        section="" if words else section,
        counts={name: len(wiring().catalogue.entries(name)) for name in SECTIONS},
        confidence=CONFIDENCE,
        version=wiring().catalogue.version,
        law_dir=wiring().settings.law_dir,
        own=len(own),
        unsure=sum(1 for _ in wiring().catalogue.unsure()),
        today=office_day(now()),
    )


def overridden() -> dict[str, str]:
    """Ids that the administrator's folder gives, with file and line."""
    folder = wiring().settings.law_dir
    if folder is None:
        return {}
    return {each.id: f"{each.file.name}:{each.line}" for each in read_folder(folder)}


def _day(asked: Any) -> date | None:
    try:
        return day_or_none(asked, "day")
    except InvalidInput:
        return None


def plain(text: str) -> str:
    """Small letters without diacritics; the posts' own normaliser would read teencode into the law."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(each for each in bare if not unicodedata.combining(each))


def _in_force(entry: Entry, day: date) -> bool:
    """A provision is in force while it and its decree are."""
    if isinstance(entry, Provision):
        return wiring().catalogue.provision_in_force(entry, day)
    return entry.in_force_on(day)


def _days(entry: Entry) -> tuple[date | None, date | None]:
    """First and last day; those of the decree where a provision has none of its own."""
    if not isinstance(entry, Provision):
        return entry.in_force, entry.ended
    decree = wiring().catalogue.instrument(entry.instrument)
    return entry.in_force or decree.in_force, entry.ended or decree.ended


def _holds(shown: Shown, words: Iterable[str]) -> bool:
    text = plain(" ".join((shown.id, shown.title, *shown.texts, *shown.facts, shown.source)))
    return all(word in text for word in words)


def _shown(section: str, entry: Entry, own: dict[str, str]) -> Shown:
    vietnamese = is_vietnamese()
    said: Any = entry
    facts = _FACTS[section](said) if section in _FACTS else ()
    text = getattr(said, "vi" if vietnamese else "en", "")
    first, last = _days(entry)
    return Shown(
        id=entry.id,
        section=section,
        title=_title(section, said, text),
        text=text,
        texts=tuple(getattr(said, name, "") for name in ("vi", "en")),
        facts=tuple(str(each) for each in facts if each),
        note=entry.note_vi if vietnamese else entry.note_en,
        in_force=first,
        ended=last,
        source=entry.source,
        confidence=entry.confidence,
        place=own.get(entry.id, ""),
    )


def _title(section: str, said: Any, text: str) -> str:
    catalogue = wiring().catalogue
    if section == "instruments":
        return str(said.number)
    if section == "provisions":
        return catalogue.cite(said.id)
    if section == "competence":
        return str(_named(catalogue.title(said.title)))
    if section == "forms":
        return f"{said.code} {text}"
    if section == "transitions":
        return catalogue.instrument(said.newer).number
    return text or str(said.id)


def _named(entry: Any) -> str:
    return str(entry.vi if is_vietnamese() else entry.en)


def _span(low: int, high: int) -> str:
    return f"{formats.money(low)} – {formats.money(high)}"


def _provision(each: Any) -> list[str]:
    catalogue = wiring().catalogue
    found = []
    if each.bracket:
        for kind in (SubjectKind.INDIVIDUAL, SubjectKind.ORGANISATION):
            amounts = catalogue.bracket(each.id, kind)
            found.append(f"{SUBJECT_KINDS[kind]}: {_span(amounts.min, amounts.max)}")
    found += [_named(catalogue.remedy(remedy)) for remedy in each.remedies]
    return found


def _competence(each: Any) -> list[str]:
    catalogue = wiring().catalogue
    remedies = ", ".join(_named(catalogue.remedy(remedy)) for remedy in each.remedies)
    arguable = ", ".join(_named(catalogue.remedy(remedy)) for remedy in each.remedies_arguable)
    return [
        catalogue.instrument(each.instrument).number,
        gettext(
            "up to %(person)s for an individual, %(body)s for an organisation",
            person=formats.money(each.max_individual),
            body=formats.money(each.max_organisation),
        ),
        remedies,
        gettext("To be confirmed: %(remedies)s", remedies=arguable) if arguable else "",
    ]


def _regime(each: Any) -> list[str]:
    found = [
        gettext("%(count)s hours", count=each.hours),
        gettext("urgent: %(count)s hours", count=each.urgent_hours) if each.urgent_hours else "",
    ]
    if each.lock:
        found += [
            gettext(
                "lock: %(count)s violations in %(days)s days, up to %(up)s days",
                count=threshold.count, days=threshold.days, up=threshold.up_to_days,
            )
            for threshold in each.lock.thresholds
        ]  # fmt: skip
    return found


def _deadline(each: Any) -> list[str]:
    starts = each.starts_vi if is_vietnamese() else each.starts_en
    return [f"{each.amount} {UNITS[each.unit]}", gettext("from %(start)s", start=starts)]


def _transition(each: Any) -> list[str]:
    if is_vietnamese():
        return [each.ended_vi, each.going_vi]
    return [each.ended_en, each.going_en]


def _period(each: Any) -> list[str]:
    return [
        f"{part.first} – {part.last}" + (f" ({part.due})" if part.due else "")
        for part in each.parts
    ]


def _holiday(each: Any) -> list[str]:
    return [
        f"{formats.date(each.first)} – {formats.date(each.last)}",
        gettext("worked in exchange") if each.works else "",
        "" if each.confirmed else gettext("not announced yet"),
    ]


def _instrument(each: Any) -> list[str]:
    return [gettext("signed %(day)s", day=formats.date(each.signed))] if each.signed else []


_FACTS: dict[str, Callable[[Any], Iterable[str]]] = {
    "instruments": _instrument,
    "provisions": _provision,
    "competence": _competence,
    "regimes": _regime,
    "deadlines": _deadline,
    "rules": lambda each: [f"{name}: {value}" for name, value in each.values.items()],
    "periods": _period,
    "transitions": _transition,
    "holidays": _holiday,
    "overlaps": lambda each: [
        wiring().catalogue.instrument(one).number for one in each.instruments
    ],
}
