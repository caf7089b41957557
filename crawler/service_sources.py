"""What people do with sources: make, change, switch on and off. Never commits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.credentials import SETTINGS, holds_a_secret
from crawler.models import SourceState
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way
from crawler.sources.forms import FieldError, FieldProblem, FormProblems, read_address
from crawler.validators import forget_validators
from foundation import audit
from foundation.errors import Conflict, NotFound
from foundation.people import Actor
from search.models import Source
from search.post import Origin, Platform

MIN_PURPOSE = 10
MAX_EVERY_MINUTES = 60 * 24 * 31


@dataclass(frozen=True, slots=True)
class SourceInput:
    """What is said about a source; `options` are the fields of its kind's form as they were typed."""

    name: str
    kind: str
    purpose: str
    legal_basis: Sequence[str]
    """Ids of provisions in the law catalogue."""
    address: str = ""
    platform: str = Platform.WEBSITE
    every_minutes: int = 0
    options: Mapping[str, Any] | None = None


def create_source(session: Session, actor: Actor, given: SourceInput, *, at: datetime) -> Source:
    """A new source; FormProblems names every field that cannot be taken."""
    config = _checked(session, given, None)
    source = Source(
        name=given.name.strip(),
        kind=given.kind,
        address=given.address.strip(),
        platform=Platform(given.platform),
        config=config,
        every_minutes=given.every_minutes,
        next_run_at=at if given.every_minutes else None,
        active=True,
        purpose=given.purpose.strip(),
        legal_basis=list(given.legal_basis),
        unit_id=actor.unit_id,
        origin=Origin.MANUAL,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(source)
    session.flush()
    audit.record(session, actor, "source:create", source.id, at=at, **_facts(source))
    return source


def update_source(
    session: Session, actor: Actor, source_id: int, given: SourceInput, *, at: datetime
) -> Source:
    """Change a source; its kind stays. What it remembered of its old address is forgotten."""
    source = get_source(session, actor, source_id)
    if given.kind != source.kind:
        raise Conflict("the kind of a source stays what it is", about=str(source_id))
    config = _checked(session, given, source)
    if given.address.strip() != source.address:
        memory = session.get(SourceState, source.id)
        if memory is not None:
            session.delete(memory)
    if given.every_minutes != source.every_minutes:
        source.next_run_at = at if given.every_minutes else None
    source.name, source.address = given.name.strip(), given.address.strip()
    source.platform, source.config = Platform(given.platform), config
    source.every_minutes = given.every_minutes
    source.purpose, source.legal_basis = given.purpose.strip(), list(given.legal_basis)
    forget_validators(session, source.id)
    audit.record(session, actor, "source:update", source.id, at=at, **_facts(source))
    return source


def set_active(
    session: Session, actor: Actor, source_id: int, *, active: bool, at: datetime
) -> Source:
    """Switch the schedule of a source on or off; posts and runs stay."""
    source = get_source(session, actor, source_id)
    source.active = active
    source.next_run_at = (
        at + timedelta(minutes=source.every_minutes) if active and source.every_minutes else None
    )
    audit.record(
        session, actor, "source:activate" if active else "source:suspend", source.id, at=at
    )
    return source


def get_source(session: Session, actor: Actor, source_id: int) -> Source:
    """The source, or NotFound when there is none that this actor may see."""
    source = session.get(Source, source_id)
    if source is None or not actor.sees_unit(source.unit_id):
        raise NotFound(f"no source {source_id}", about=str(source_id))
    return source


def list_sources(session: Session, actor: Actor) -> list[Source]:
    """All sources that the actor may see, by name."""
    rows = session.scalars(select(Source).order_by(Source.name))
    return [source for source in rows if actor.sees_unit(source.unit_id)]


def readable(given: SourceInput) -> tuple[str, Platform, dict[str, Any]]:
    """Address, platform and config, when the source could be read as it is said; FormProblems otherwise.

    Whether it may be saved (name, purpose, legal basis) is another question.
    """
    problems = _kind_problems(given) + _platform_problems(given)
    config: dict[str, Any] = {}
    if given.kind in KINDS:
        try:
            config = KINDS[given.kind].form.read(given.options or {})
        except FormProblems as error:
            problems.extend(error.problems)
    if problems:
        raise FormProblems(tuple(problems))
    return given.address.strip(), Platform(given.platform), config


def _checked(session: Session, given: SourceInput, source: Source | None) -> dict[str, Any]:
    """The config of the kind, when everything that is said about the source can be taken."""
    problems = _common_problems(session, given, source)
    config: dict[str, Any] = {}
    if given.kind in KINDS:
        try:
            config = (
                KINDS[given.kind].form.read(given.options or {}) if _has_config(given.kind) else {}
            )
        except FormProblems as error:
            problems.extend(error.problems)
    if problems:
        raise FormProblems(tuple(problems))
    return config


def _has_config(kind: str) -> bool:
    """The form of posts entered by hand is filled for each post, not for the source."""
    return KINDS[kind].way != Way.HAND


def _common_problems(
    session: Session, given: SourceInput, source: Source | None
) -> list[FieldProblem]:
    problems = []
    if not given.name.strip():
        problems.append(FieldProblem("name", "This field is required."))
    elif _name_taken(session, given.name.strip(), source):
        problems.append(FieldProblem("name", "Another source has this name."))
    if len(given.purpose.strip()) < MIN_PURPOSE:
        problems.append(FieldProblem("purpose", "Say what the posts are collected for."))
    if not any(basis.strip() for basis in given.legal_basis):
        problems.append(FieldProblem("legal_basis", "Name at least one legal basis."))
    problems.extend(_platform_problems(given))
    if not 0 <= given.every_minutes <= MAX_EVERY_MINUTES:
        detail = {"low": 0, "high": MAX_EVERY_MINUTES}
        problems.append(
            FieldProblem(
                "every_minutes", "A whole number from %(low)s to %(high)s is wanted.", detail
            )
        )
    return problems + _kind_problems(given)


def _platform_problems(given: SourceInput) -> list[FieldProblem]:
    if given.platform in set(Platform):
        return []
    message = "“%(value)s” is not one of the choices."
    return [FieldProblem("platform", message, {"value": given.platform})]


def _kind_problems(given: SourceInput) -> list[FieldProblem]:
    if given.kind not in KINDS:
        return [
            FieldProblem("kind", "“%(value)s” is not one of the choices.", {"value": given.kind})
        ]
    if not KINDS[given.kind].needs_address:
        return []
    if KINDS[given.kind].credential and holds_a_secret(given.address):
        setting = SETTINGS[KINDS[given.kind].credential]
        message = (
            "An address with a key or token is not taken; keys belong into the setting %(setting)s."
        )
        return [FieldProblem("address", message, {"setting": setting})]
    try:
        read_address(given.address.strip())
    except FieldError as error:
        return [FieldProblem("address", error.message, error.detail)]
    return []


def _name_taken(session: Session, name: str, source: Source | None) -> bool:
    other = session.scalars(select(Source.id).where(Source.name == name)).first()
    return other is not None and (source is None or other != source.id)


def _facts(source: Source) -> dict[str, Any]:
    """What the audit log keeps of a source: ids and digests."""
    purpose = hashlib.sha256(source.purpose.encode()).hexdigest()
    return {
        "kind": source.kind,
        "legal_basis": list(source.legal_basis),
        "purpose_sha256": purpose,
        "every_minutes": source.every_minutes,
    }


def kind_of(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(f"no kind of source is called {name}", about=name)
    return KINDS[name]
