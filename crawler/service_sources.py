"""What people do with sources and runs: make, change, start, stop, import, enter. Never commits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler import import_files, runs
from crawler.models import Run, RunError, SourceState
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way
from crawler.sources.forms import FieldError, FieldProblem, FormProblems, read_address
from crawler.sources.manual import parser as manual
from foundation import audit
from foundation.errors import Conflict, NotAllowedInState, NotFound
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor
from search import watch
from search.models import PostRow, Source
from search.post import Availability, Origin, Platform
from search.store import Ingestor, IngestResult, store
from search.watch import CaptureFile, CaptureFiles

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


@dataclass(frozen=True, slots=True)
class RunView:
    """One run as a page shows it live."""

    run: Run
    waiting_pages: int
    errors: Sequence[RunError]

    @property
    def is_open(self) -> bool:
        return self.run.state in {"waiting", "running"}


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


def start_run(
    session: Session,
    actor: Actor,
    source_id: int,
    *,
    at: datetime,
    params: Mapping[str, Any] | None = None,
) -> Run:
    """Ask for a crawl of the source now; Conflict when one waits or is under way."""
    source = get_source(session, actor, source_id)
    if _kind(source.kind).way != Way.CRAWL:
        raise NotAllowedInState("this kind of source is not crawled", about=str(source_id))
    under_way = runs.open_run(session, source_id)
    if under_way is not None:
        raise Conflict(f"run {under_way.id} of this source is not over", about=str(under_way.id))
    run = runs.create(session, source, at=at, actor=actor, params=params)
    audit.record(session, actor, "run:start", run.id, at=at, source=source.id)
    return run


def start_import(
    session: Session,
    actor: Actor,
    source_id: int,
    files: FileStore,
    stream: BinaryIO,
    filename: str,
    *,
    at: datetime,
    config: Mapping[str, Any] | None = None,
    keep_all: bool = False,
) -> Run:
    """Ask for the import of a file. It is stored until its run has ended, then deleted.

    `config` overrides the source's own column mapping for this file. `keep_all` keeps rows that no rule
    matches, for files whose every row a person vouches for.
    """
    source = get_source(session, actor, source_id)
    if _kind(source.kind).way != Way.FILE:
        raise NotAllowedInState("this kind of source takes no files", about=str(source_id))
    digest, size = import_files.put(files, stream)
    params = {
        "digest": digest,
        "filename": filename[:200],
        "size": size,
        "config": dict(config or {}),
        "keep_all": keep_all,
    }
    run = runs.create(session, source, at=at, actor=actor, params=params, origin=Origin.IMPORT)
    audit.record(session, actor, "run:import", run.id, at=at, source=source.id, size=size)
    return run


def stop_run(session: Session, actor: Actor, run_id: int, *, at: datetime) -> Run:
    """Ask a run to stop; what it has read so far stays."""
    run = get_run(session, actor, run_id)
    if run.state not in {"waiting", "running"}:
        raise NotAllowedInState("the run is over", about=str(run_id))
    runs.request_stop(session, run, at=at)
    audit.record(session, actor, "run:stop", run.id, at=at)
    return run


def get_run(session: Session, actor: Actor, run_id: int) -> Run:
    """The run, or NotFound when there is none that this actor may see."""
    run = session.get(Run, run_id)
    if run is None or not actor.sees_unit(run.unit_id):
        raise NotFound(f"no run {run_id}", about=str(run_id))
    return run


def run_view(session: Session, actor: Actor, run_id: int, *, errors: int = 100) -> RunView:
    """The run with its first errors and the number of pages it has yet to read."""
    run = get_run(session, actor, run_id)
    waiting = runs.waiting_count(session, run_id)
    return RunView(run, waiting, runs.errors_of(session, run_id, limit=errors))


def list_runs(
    session: Session, actor: Actor, source_id: int | None = None, *, limit: int = 50
) -> list[Run]:
    """The newest runs, of one source or of all."""
    query = select(Run).order_by(Run.id.desc()).limit(limit)
    if source_id is not None:
        query = query.where(Run.source_id == source_id)
    return [run for run in session.scalars(query) if actor.sees_unit(run.unit_id)]


def enter_post(
    session: Session,
    ingestor: Ingestor,
    files: FileStore,
    actor: Actor,
    source_id: int,
    given: Mapping[str, Any],
    *,
    at: datetime,
    screenshot: bytes = b"",
) -> PostRow:
    """Enter one post by hand; it is kept whatever the rules say, its origin is shown.

    A screenshot becomes an observation that the actor attests. FormProblems names what cannot be taken.
    """
    source = get_source(session, actor, source_id)
    entered = manual.read(given, screenshot)
    prepared = ingestor.prepare([entered.post], keep_all=True)
    intent = ingestor.intent(
        source.id, origin=Origin.MANUAL, actor=actor, unit_id=actor.unit_id or source.unit_id
    )
    stored = store(session, prepared, intent)
    post = _stored_post(session, source.id, prepared[0].url_key, stored)
    if screenshot:
        digest = files.put(screenshot)
        picture = CaptureFile("screenshot", digest, entered.screenshot_type, len(screenshot))
        moment = at.isoformat()
        capture = CaptureFiles(
            post.url, "", None, moment, moment, "officer", (picture,), detail={"by_hand": True}
        )
        watch.observe(
            session,
            post.url,
            Availability.ONLINE,
            at=at,
            actor=actor,
            post_id=post.id,
            capture=capture,
        )
    audit.record(session, actor, "post:enter", post.id, at=at, source=source.id)
    return post


def ensure_manual_source(
    session: Session, given: SourceInput, *, at: datetime, actor: Actor = SYSTEM
) -> Source:
    """The source that posts entered by hand belong to; made when there is none yet."""
    found = session.scalars(
        select(Source).where(Source.kind == "manual").order_by(Source.id).limit(1)
    ).first()
    return found or create_source(session, actor, given, at=at)


def _stored_post(session: Session, source_id: int, url_key: str, stored: IngestResult) -> PostRow:
    if stored.kept or stored.updated:
        return session.get_one(PostRow, (stored.kept or stored.updated)[0])
    query = select(PostRow).where(PostRow.source_id == source_id, PostRow.url_key == url_key)
    return session.scalars(query).one()


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(f"no kind of source is called {name}", about=name)
    return KINDS[name]


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
    if given.platform not in set(Platform):
        problems.append(
            FieldProblem(
                "platform", "“%(value)s” is not one of the choices.", {"value": given.platform}
            )
        )
    if not 0 <= given.every_minutes <= MAX_EVERY_MINUTES:
        detail = {"low": 0, "high": MAX_EVERY_MINUTES}
        problems.append(
            FieldProblem(
                "every_minutes", "A whole number from %(low)s to %(high)s is wanted.", detail
            )
        )
    return problems + _kind_problems(given)


def _kind_problems(given: SourceInput) -> list[FieldProblem]:
    if given.kind not in KINDS:
        return [
            FieldProblem("kind", "“%(value)s” is not one of the choices.", {"value": given.kind})
        ]
    if not KINDS[given.kind].needs_address:
        return []
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
