"""The office's rules as one process holds them: reloaded within seconds after a change, without a restart."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from foundation.database import Database
from search.lab.models import IN_FORCE, RevisionState, RulePackRevision
from search.lab.office import OfficeRules, office_rules, shipped_rules
from search.lab.shadow import Shadows, shadows_of
from search.rules.matcher import Matcher
from search.rules.pack import digest_of, read_pack

EVERY_SECONDS = 2.0
Key = tuple[tuple[int, str, str], ...]
log = structlog.get_logger()


@dataclass(frozen=True)
class Snapshot:
    """The rules at one moment: whose they are, ready to judge, and those that only watch."""

    key: Key | None
    office: OfficeRules
    watching: tuple[tuple[str, str, str], ...] = ()
    """Pack, digest and text of the revisions in shadow."""

    @property
    def matcher(self) -> Matcher:
        return self.office.matcher

    @cached_property
    def shadows(self) -> Shadows:
        return shadows_of(self.office, self.watching)


class Rules:
    """Gives the matcher of the moment. Cheap to ask: at most one small query every two seconds.

    Safe between threads: one reloads, the others go on with what there is. A database that does not
    answer, or has no such table yet, changes nothing: the last rules stay, or the shipped ones.
    """

    def __init__(
        self,
        database: Database | None,
        *,
        every: float = EVERY_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._every = every
        self._now = now
        self._lock = threading.Lock()
        self._next = 0.0
        self._snapshot: Snapshot | None = None
        self._candidate: tuple[tuple[str, str], Matcher] | None = None

    @property
    def matcher(self) -> Matcher:
        return self.snapshot.matcher

    @property
    def office(self) -> OfficeRules:
        return self.snapshot.office

    @property
    def shadows(self) -> Shadows:
        return self.snapshot.shadows

    @property
    def snapshot(self) -> Snapshot:
        held = self._snapshot
        if held is not None and self._now() < self._next:
            return held
        if held is not None and not self._lock.acquire(blocking=False):
            return held  # somebody is looking already
        if held is None:
            self._lock.acquire()
        try:
            return self._look()
        finally:
            self._lock.release()

    def candidate(self, text: str) -> Matcher:
        """What would judge if this text of a pack were live; the last one is held. Raises PackError."""
        office = self.office
        key = (office.matcher.version, digest_of(text))
        held = self._candidate
        if held is None or held[0] != key:
            matcher = Matcher(office.with_pack(read_pack(text, office.shared)))
            held = self._candidate = (key, matcher)
        return held[1]

    def refresh(self) -> None:
        """Look again at the next question, whatever the time: after an act of this process's own."""
        self._next = 0.0

    def _look(self) -> Snapshot:
        held = self._snapshot
        if held is not None and self._now() < self._next:
            return held
        self._next = self._now() + self._every
        found = self._read(held)
        self._snapshot = found
        return found

    def _read(self, held: Snapshot | None) -> Snapshot:
        if self._database is None:
            return held or Snapshot((), shipped_rules())
        try:
            with self._database.reading() as session:
                key = _key(session)
                if held is not None and held.key == key:
                    return held
                return _load(session, key, judging=held is not None and held.office.judges)
        except SQLAlchemyError as error:
            if held is None:
                log.warning("rules are the shipped ones", why=str(error).splitlines()[0][:200])
            return held or Snapshot(None, shipped_rules())


def _key(session: Session) -> Key:
    rows = session.execute(
        select(RulePackRevision.id, RulePackRevision.digest, RulePackRevision.state)
        .where(RulePackRevision.state.in_((*IN_FORCE, RevisionState.SHADOW)))
        .order_by(RulePackRevision.id)
    )
    return tuple((row.id, row.digest, row.state) for row in rows)


def _load(session: Session, key: Key, *, judging: bool) -> Snapshot:
    rows = session.execute(
        select(RulePackRevision.pack, RulePackRevision.digest, RulePackRevision.text)
        .where(RulePackRevision.state == RevisionState.SHADOW)
        .order_by(RulePackRevision.id)
    )
    found = Snapshot(key, office_rules(session), tuple((r.pack, r.digest, r.text) for r in rows))
    if judging:  # made now, by the one who looks, so that nobody else waits for it
        found.matcher  # noqa: B018
    for one in found.office.broken:
        log.warning("a revision of rules cannot be used", pack=one.pack, why=one.why)
    return found
