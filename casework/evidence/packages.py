"""Evidence packages of a case: asked for, made in the background, handed over with a record of it (bàn giao)."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject
from casework.documents.office import Office
from casework.evidence import custody, stamping
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import EvidencePackage, PackageState
from casework.evidence.package import Head, Packed, write
from casework.evidence.waiting import unfinished
from casework.privacy.spellings import ROLES, hidden_of
from casework.triage.queue import help_lane
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NeedsMissing, NotAllowedInState, NotFound, RasoatError
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor, User, add_note
from search.models import PostRow

log = structlog.get_logger()
MIN_REASON = 10
BATCH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants packed, and for whom. `reason` is needed where victims are not masked."""

    recipient: str
    purpose: str = ""
    unmasked: bool = False
    reason: str = ""


def ask_package(
    session: Session, actor: Actor, case: Case, asked: Asked, *, at: datetime
) -> EvidencePackage:
    """A package of all evidence of the case, to be made by the worker. NeedsMissing names what is missing."""
    missing = [] if asked.recipient.strip() else ["recipient"]
    if asked.unmasked and len(asked.reason.strip()) < MIN_REASON:
        missing.append("reason")
    if missing:
        raise NeedsMissing(
            "a package needs a recipient, and a reason where victims are shown",
            about=f"case:{case.id}",
            missing=missing,
        )
    items, newest = session.execute(
        select(func.count(), func.max(EvidenceItem.id)).where(EvidenceItem.case_id == case.id)
    ).one()
    if not items:
        raise InvalidInput("the case has no evidence", key="error.evidence.nothing_to_pack")
    last = select(func.max(EvidencePackage.number)).where(EvidencePackage.case_id == case.id)
    row = EvidencePackage(
        case_id=case.id,
        number=(session.scalar(last) or 0) + 1,
        recipient=asked.recipient.strip()[:300],
        purpose=asked.purpose.strip(),
        unmasked=asked.unmasked,
        items=items,
        last_item_id=newest,
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    note = (
        add_note(session, actor, "package", row.id, asked.reason.strip(), at=at)
        if asked.unmasked
        else None
    )
    audit.record(
        session,
        actor,
        "evidence:package",
        row.id,
        at=at,
        case=case.id,
        unmasked=asked.unmasked,
        note=note.id if note else None,
    )
    return row


def get_package(session: Session, actor: Actor, package_id: int) -> EvidencePackage:
    """The package, if this actor may know of it; else NotFound."""
    row = session.get(EvidencePackage, package_id)
    if row is None or not actor.sees_unit(row.unit_id):
        raise NotFound(f"no package {package_id}", about=f"package:{package_id}")
    return row


def packages_of(session: Session, case_id: int) -> Sequence[EvidencePackage]:
    """The packages of a case, newest first."""
    return session.scalars(
        select(EvidencePackage)
        .where(EvidencePackage.case_id == case_id)
        .order_by(EvidencePackage.id.desc())
    ).all()


def hand_over(
    session: Session,
    actor: Actor,
    package: EvidencePackage,
    to: str,
    note: str = "",
    *,
    at: datetime,
) -> None:
    """Record that the package was given to somebody (biên bản giao nhận); custody of every item tells it.

    NotAllowedInState before it is made or when it was handed over already.
    """
    if package.state != PackageState.DONE or package.handed_over_at is not None:
        raise NotAllowedInState(
            f"package {package.id} cannot be handed over now", about=f"package:{package.id}"
        )
    if not to.strip():
        raise NeedsMissing("say who received it", about=f"package:{package.id}", missing=["to"])
    package.handed_over_at, package.handed_over_to = at, to.strip()[:300]
    package.handover_note, package.handed_over_by_id = note.strip(), actor.user_id
    audit.record(session, actor, "evidence:hand_over", package.id, at=at, root=package.root)


def work(database: Database, files: FileStore, clock: Clock, office: Office) -> int:
    """Make the packages that were asked for and write what custody has to say; can be done twice."""
    with database.reading() as session:
        ids = session.scalars(
            select(EvidencePackage.id).where(unfinished()).order_by(EvidencePackage.id)
        ).all()
    for package_id in ids:
        with database.reading() as session:
            waiting = session.get_one(EvidencePackage, package_id).state == PackageState.WAITING
        if waiting:
            make(database, files, clock, office, package_id)
        _write_custody(database, package_id, clock)
    return len(ids)


def make(
    database: Database, files: FileStore, clock: Clock, office: Office, package_id: int
) -> None:
    """Make one package. What goes wrong is kept with it in words; nothing half-made is ever shown.

    Whatever it is: a package that only raised would be the first of the next round again, before all others.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="rasoat-package-") as folder:
            _make(database, files, clock, office, package_id, Path(folder) / "package.zip")
    except Exception as error:  # noqa: BLE001 - the others are made whatever one item holds
        log.warning("package not made", package=package_id, error=str(error))
        said = str(error) if isinstance(error, RasoatError | OSError) else repr(error)
        with database.writing() as session:
            row = session.get_one(EvidencePackage, package_id)
            row.state, row.error = PackageState.FAILED, said[:500]
            audit.record(session, SYSTEM, "evidence:package_failed", package_id, at=clock.now())


def _make(
    database: Database,
    files: FileStore,
    clock: Clock,
    office: Office,
    package_id: int,
    path: Path,
) -> None:
    with database.reading() as session:
        head = _head(session, package_id, office, clock.now())

    def told(count: int) -> None:
        if count % BATCH == 0:
            with database.writing() as session:
                session.get_one(EvidencePackage, package_id).done = count

    with path.open("w+b") as file:
        written = write(file, head, _items(database, package_id), files, told)
    digest = files.put_file(path)
    with database.writing() as session:
        row = session.get_one(EvidencePackage, package_id)
        row.state, row.made_at, row.error = PackageState.DONE, head.made_at, ""
        row.digest, row.root, row.size = digest, written.root, path.stat().st_size
        row.items = row.done = written.items
        row.files, row.withheld = written.files, written.withheld
        audit.record(session, SYSTEM, "evidence:packed", row.id, at=clock.now(), root=written.root)


def _head(session: Session, package_id: int, office: Office, at: datetime) -> Head:
    row = session.get_one(EvidencePackage, package_id)
    case = session.get_one(Case, row.case_id)
    maker = session.get(User, row.created_by_id or 0)
    subjects = session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.role.in_(ROLES))
    )
    return Head(
        case_number=case.number,
        case_title=case.title,
        agency=office.issuer,
        parent=office.superior,
        recipient=row.recipient,
        purpose=row.purpose,
        made_by=maker.name if maker else SYSTEM.name,
        made_at=at,
        unmasked=row.unmasked,
        program=f"rasoat {version('rasoat')}",
        hidden=hidden_of(subjects),
    )


def _items(database: Database, package_id: int) -> Iterator[Packed]:
    """The package's items with their chains, oldest first, a batch at a time."""
    after = 0
    while True:
        with database.reading() as session:
            batch = _batch(session, session.get_one(EvidencePackage, package_id), after)
            stamps = stamping.stamps_of(session, [item.id for item in batch])
            victims = posts_of_victims(session, batch)
            packed = [
                Packed(
                    item,
                    custody.chain(session, item),
                    item.shows_victim or item.post_id in victims,
                    stamps[item.id].token if item.id in stamps else "",
                )
                for item in batch
            ]
        yield from packed
        if len(batch) < BATCH:
            return
        after = batch[-1].id


def _batch(session: Session, row: EvidencePackage, after: int) -> Sequence[EvidenceItem]:
    query = select(EvidenceItem).where(
        EvidenceItem.case_id == row.case_id,
        EvidenceItem.id > after,
        EvidenceItem.id <= row.last_item_id,
    )
    return session.scalars(query.order_by(EvidenceItem.id).limit(BATCH)).all()


def posts_of_victims(session: Session, batch: Sequence[EvidenceItem]) -> set[int]:
    """The posts among those of these items in which somebody asks for help."""
    posts = [item.post_id for item in batch if item.post_id is not None]
    return set(session.scalars(select(PostRow.id).where(PostRow.id.in_(posts), help_lane())))


def _write_custody(database: Database, package_id: int, clock: Clock) -> None:
    """Rows of custody for what was done with the whole package; goes on where it was interrupted."""
    for act in ("exported", "handed_over"):
        while _noted(database, package_id, act, clock):
            pass


def _noted(database: Database, package_id: int, act: str, clock: Clock) -> bool:
    """Write the rows of one batch; False when there is none left."""
    with database.writing() as session:
        row = session.get_one(EvidencePackage, package_id)
        handing = act == "handed_over"
        if row.state != PackageState.DONE or (handing and row.handed_over_at is None):
            return False
        batch = _batch(session, row, row.handed_item_id if handing else row.exported_item_id)
        doer = session.get(User, (row.handed_over_by_id if handing else row.created_by_id) or 0)
        to = row.handed_over_to if handing else row.recipient
        for item in batch:
            custody.add(
                session,
                item,
                act,
                doer.actor() if doer else SYSTEM,
                at=clock.now(),
                detail=f"{row.filename} {row.root[:16]} -> {to}",
            )
        upto = batch[-1].id if len(batch) == BATCH else row.last_item_id
        if handing:
            row.handed_item_id = upto
        else:
            row.exported_item_id = upto
        return len(batch) == BATCH
