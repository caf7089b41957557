"""Entries as written become records; what points nowhere or contradicts itself is refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.domain.records import RecordFaults, read_record
from casework.law import model
from casework.law.loading import CatalogueError, RawEntry

SECTIONS: dict[str, Any] = {
    "instruments": model.Instrument,
    "conducts": model.Conduct,
    "provisions": model.Provision,
    "remedies": model.Remedy,
    "titles": model.Title,
    "competence": model.Competence,
    "regimes": model.Regime,
    "deadlines": model.Deadline,
    "rules": model.Rule,
    "transitions": model.Transition,
    "overlaps": model.Overlap,
    "periods": model.PeriodRule,
    "holidays": model.Holiday,
    "agencies": model.Agency,
    "forms": model.Form,
}

# Which field of which section points at which other section.
REFERENCES = (
    ("provisions", "instrument", "instruments"),
    ("provisions", "conducts", "conducts"),
    ("provisions", "remedies", "remedies"),
    ("titles", "agency", "agencies"),
    ("competence", "instrument", "instruments"),
    ("competence", "title", "titles"),
    ("competence", "remedies", "remedies"),
    ("competence", "remedies_arguable", "remedies"),
    ("regimes", "instrument", "instruments"),
    ("regimes", "senders", "agencies"),
    ("transitions", "newer", "instruments"),
    ("transitions", "older", "instruments"),
    ("overlaps", "instruments", "instruments"),
    ("instruments", "competence_from", "instruments"),
    ("agencies", "successor", "agencies"),
    ("forms", "basis", "instruments"),
)

Sections = dict[str, dict[str, model.Entry]]
Places = dict[tuple[str, str], RawEntry]


def build_sections(layers: Sequence[Sequence[RawEntry]]) -> Sections:
    """All layers, the later over the earlier; raises CatalogueError with every fault found."""
    problems: list[str] = []
    merged, places = _merge(layers, problems)
    sections: Sections = {name: {} for name in SECTIONS}
    for (section, entry_id), data in merged.items():
        try:
            sections[section][entry_id] = read_record(SECTIONS[section], data)
        except RecordFaults as faults:
            where = places[section, entry_id].where
            problems += [f"{where(place)}: {sentence}" for place, sentence in faults.faults]
    if not problems:
        problems += _faults_between(sections, places)
    if problems:
        raise CatalogueError(problems)
    return sections


def _merge(
    layers: Sequence[Sequence[RawEntry]], problems: list[str]
) -> tuple[dict[tuple[str, str], Mapping[str, Any]], Places]:
    merged: dict[tuple[str, str], Mapping[str, Any]] = {}
    places: Places = {}
    for layer in layers:
        seen: set[tuple[str, str]] = set()
        for raw in layer:
            name = (raw.section, raw.id)
            if raw.section not in SECTIONS:
                known = ", ".join(SECTIONS)
                problems.append(f"{raw.where()}: no such section; known are {known}")
                continue
            if name in seen:
                problems.append(f"{raw.where('id')}: stands twice, first in {places[name].where()}")
            seen.add(name)
            merged[name] = {**merged.get(name, {}), **raw.data}
            places[name] = raw
    return merged, places


def _faults_between(sections: Sections, places: Places) -> list[str]:
    faults = _loose_ends(sections, places)
    owners: dict[str, str] = {}
    for section, entries in sections.items():
        for entry in entries.values():
            owner = owners.setdefault(entry.id, section)
            if owner != section:
                where = places[section, entry.id].where("id")
                faults.append(f"{where}: is already an id of {owner}")
            if entry.in_force and entry.ended and entry.ended < entry.in_force:
                where = places[section, entry.id].where("ended")
                faults.append(f"{where}: is before in_force")
    return faults


def _loose_ends(sections: Sections, places: Places) -> list[str]:
    faults = []
    for section, field, target in REFERENCES:
        for entry in sections[section].values():
            value = getattr(entry, field)
            wanted = (value,) if isinstance(value, str) else value
            missing = [each for each in wanted if each and each not in sections[target]]
            where = places[section, entry.id].where(field)
            faults += [f"{where}: {each!r} is not among {target}" for each in missing]
    return faults
