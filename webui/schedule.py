"""What recurs, and how often: sealing the audit log, clocks that run out, retention, lost work.

The scheduler itself does only what is short and must go on when the queue is away; everything else it leaves
on the queue for the worker, at most one of a name at a time (docs/decisions/0009).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import exists, select

from foundation import audit, heartbeat, outbox
from foundation.audit import AuditEvent
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Unavailable
from foundation.queue import Queue

if TYPE_CHECKING:
    from webui.wiring import Wiring

PING = "doctor.ping"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Schedule:
    """One recurring duty: its name, every how many seconds, and what does it (safe to do twice).

    With `queued` the worker does it, as the job of the same name. `wanted` is a cheap look whether there is
    anything to do, so that no job is left for nothing.
    """

    name: str
    every_seconds: float
    run: Callable[[], object]
    queued: bool = False
    wanted: Callable[[], bool] = lambda: True


class Scheduler:
    """Knows when each duty was last done, and does those that are due."""

    def __init__(self, duties: Sequence[Schedule], queue: Queue | None = None) -> None:
        self._duties = duties
        self._queue = queue
        self._next = dict.fromkeys((duty.name for duty in duties), 0.0)

    def run_due(self) -> int:
        """Do what is due; a duty that fails is told and does not keep the others from being done. Returns 0:
        the caller may rest, for no duty asks to be done again at once."""
        for duty in self._duties:
            if time.monotonic() >= self._next[duty.name]:
                self._next[duty.name] = time.monotonic() + duty.every_seconds
                self._do(duty)
        return 0

    def _do(self, duty: Schedule) -> None:
        try:
            if not duty.wanted():
                return
            if duty.queued and self._queue is not None:
                self._queue.put_once(duty.name)
            else:
                duty.run()
        except Unavailable as error:
            log.warning("duty put off", duty=duty.name, why=str(error))
        except Exception:
            log.exception("duty failed", duty=duty.name)


def schedules(wiring: "Wiring") -> tuple[Schedule, ...]:
    """Every duty of this deployment."""

    def waits(consumer: str) -> Callable[[], bool]:
        return lambda: _waits(wiring, consumer)

    return (
        Schedule("audit.seal", 2, lambda: seal_audit(wiring), wanted=lambda: _unsealed(wiring)),
        _queued("triage.matches", 2, lambda: _triage(wiring), waits("triage")),
        _queued("evidence.captures", 2, lambda: _captures(wiring), waits("observation.capture")),
        _queued("evidence.flagged", 2, lambda: _flagged(wiring), waits("evidence.flagged")),
        _queued("evidence.pictures", 5, lambda: _brought(wiring), waits("evidence.pictures")),
        _queued("pictures.judge", 5, lambda: _picture_texts(wiring), waits("picture.text")),
        _queued("takedown.looks", 2, lambda: _looks(wiring), waits("observation.look")),
        _queued("takedown.clocks", 5, lambda: _clocks(wiring)),
        _queued("takedown.reuploads", 300, lambda: _reuploads(wiring)),
        _queued("takedown.mails", 2, lambda: _mails(wiring), waits("takedown.mail")),
        _queued("takedown.lost_mails", 60, lambda: _lost_mails(wiring)),
        _queued("retention.purge", 3600, lambda: _purge(wiring)),
        _queued("campaigns.prune", 86_400, lambda: _prune(wiring)),
        _queued("rules.lab", 2, lambda: _lab(wiring), lambda: _lab_waits(wiring)),
        _queued("learning.count", 600, lambda: _learn(wiring)),
        _queued("learning.train", 600, lambda: _train(wiring), lambda: _train_due(wiring)),
        _queued("learning.opine", 15, lambda: _opine(wiring), lambda: _opine_waits(wiring)),
        _queued("learning.suggest", 600, lambda: _suggest(wiring), lambda: _suggest_due(wiring)),
        _queued("evidence.packages", 2, lambda: _packages(wiring), lambda: _packages_wait(wiring)),
        _queued("evidence.stamps", 15, lambda: _stamps(wiring), lambda: _stamps_wait(wiring)),
        _queued("evidence.checks", 2, lambda: _checks(wiring), lambda: _checks_wait(wiring)),
        _queued("storage.survey", 600, lambda: _survey(wiring), lambda: _survey_due(wiring)),
        _queued("storage.retention", 2, lambda: _retention(wiring), lambda: _retains(wiring)),
        Schedule("rules.clean", 3600, lambda: _lab_clean(wiring)),
        Schedule("uploads.clean", 3600, lambda: wiring.uploads.clean()),
    )


def _queued(
    name: str, every: float, run: Callable[[], object], wanted: Callable[[], bool] = lambda: True
) -> Schedule:
    return Schedule(name, every, run, queued=True, wanted=wanted)


def _waits(wiring: "Wiring", consumer: str) -> bool:
    with wiring.database.reading() as session:
        return bool(outbox.take(session, consumer, at=wiring.clock.now(), limit=1))


def _unsealed(wiring: "Wiring") -> bool:
    with wiring.database.reading() as session:
        return bool(session.scalar(select(exists().where(AuditEvent.sequence.is_(None)))))


def _triage(wiring: "Wiring") -> int:
    from casework.triage.jobs import take_matches

    retention = timedelta(days=wiring.settings.retention_days)
    return take_matches(wiring.database, wiring.clock, retention)


def _captures(wiring: "Wiring") -> int:
    from casework.evidence.service import take_captures

    return take_captures(wiring.database, wiring.clock)


def _flagged(wiring: "Wiring") -> int:
    from casework.evidence.capturing import take_flagged

    wanted = wiring.settings.capture_on_keep
    return take_flagged(wiring.database, wiring.clock, wanted=wanted)


def _brought(wiring: "Wiring") -> int:
    from casework.evidence.brought import read_pictures

    return read_pictures(wiring.database, wiring.files, wiring.clock)


def _picture_texts(wiring: "Wiring") -> int:
    from search.pictures.store import judge_texts

    return judge_texts(wiring.database, wiring.clock, lambda: wiring.matcher)


def _looks(wiring: "Wiring") -> int:
    from casework.takedowns.duties import take_looks

    return take_looks(wiring.database, wiring.clock, wiring.settings)


def _clocks(wiring: "Wiring") -> int:
    from casework.takedowns.duties import watch_clocks

    return watch_clocks(wiring.database, wiring.clock, wiring.settings)


def _mails(wiring: "Wiring") -> int:
    from casework.takedowns.duties import send_mails

    return send_mails(wiring.database, wiring.clock, wiring.settings, wiring.files)


def _lost_mails(wiring: "Wiring") -> int:
    from casework.takedowns.duties import find_lost_mails

    return find_lost_mails(wiring.database, wiring.clock)


def _purge(wiring: "Wiring") -> object:
    from casework.evidence.retention import follow_posts
    from casework.tips.retention import forget
    from casework.triage.leaving import spare
    from search.retention import purge

    with wiring.database.writing() as session:
        spare(session)
        follow_posts(session)
    gone = purge(wiring.database, wiring.clock)
    forget(wiring.database, wiring.clock)
    return gone


def _lab(wiring: "Wiring") -> bool:
    from search.lab.work import work

    return work(wiring.database, wiring.clock, wiring.rules)


def _lab_waits(wiring: "Wiring") -> bool:
    from search.lab.upkeep import waits

    with wiring.database.reading() as session:
        return waits(session)


def _learn(wiring: "Wiring") -> int:
    from casework.triage.verdicts import changes
    from search.learning.counting import count
    from search.learning.opining import watch
    from search.learning.sightings import look

    learned = count(wiring.database, wiring.clock, changes)
    look(wiring.database, wiring.clock, wiring.rules.office.packs)
    watch(wiring.database, wiring.files, wiring.clock)
    return learned


def _train(wiring: "Wiring") -> object:
    from search.learning.training import train

    retention = timedelta(days=wiring.settings.retention_days)
    return train(wiring.database, wiring.files, wiring.clock, retention)


def _train_due(wiring: "Wiring") -> bool:
    from search.learning.training import is_due

    with wiring.database.reading() as session:
        return is_due(session, at=wiring.clock.now())


def _opine(wiring: "Wiring") -> int:
    from search.learning.opining import opine

    return opine(wiring.database, wiring.files)


def _opine_waits(wiring: "Wiring") -> bool:
    from search.learning.opining import waits

    with wiring.database.reading() as session:
        return waits(session)


def _suggest(wiring: "Wiring") -> int:
    from search.learning.suggesting import look_for_phrases

    return look_for_phrases(wiring.database, wiring.clock, wiring.rules.office)


def _suggest_due(wiring: "Wiring") -> bool:
    from search.learning.due import phrases_are_due

    with wiring.database.reading() as session:
        return phrases_are_due(session, at=wiring.clock.now())


def _reuploads(wiring: "Wiring") -> int:
    from casework.takedowns.reuploads import find

    return find(wiring.database, wiring.clock)


def _packages(wiring: "Wiring") -> int:
    from casework.documents.office import Office
    from casework.evidence.packages import work

    return work(wiring.database, wiring.files, wiring.clock, Office.of(wiring.settings))


def _packages_wait(wiring: "Wiring") -> bool:
    from casework.evidence.waiting import waits

    with wiring.database.reading() as session:
        return waits(session)


def _stamps(wiring: "Wiring") -> int:
    from casework.evidence.stamping import Authority, stamp_waiting

    authority = Authority.of(wiring.settings.tsa_url, wiring.settings.tsa_certificates)
    if authority is None:
        return 0
    return stamp_waiting(wiring.database, wiring.files, wiring.clock, authority)


def _stamps_wait(wiring: "Wiring") -> bool:
    if not wiring.settings.tsa_url:
        return False
    from casework.evidence.stamping import waits

    with wiring.database.reading() as session:
        return waits(session, at=wiring.clock.now())


def _checks(wiring: "Wiring") -> int:
    from casework.evidence.checking import work

    return work(wiring.database, wiring.files, wiring.clock)


def _checks_wait(wiring: "Wiring") -> bool:
    from casework.evidence.checking import running

    with wiring.database.reading() as session:
        return running(session) is not None


def _survey(wiring: "Wiring") -> None:
    from webui.storage.survey import survey

    survey(wiring.database, wiring.files, wiring.clock)


def _survey_due(wiring: "Wiring") -> bool:
    from webui.storage.survey import taken_on

    with wiring.database.reading() as session:
        return not taken_on(session, wiring.clock.now())


def _retention(wiring: "Wiring") -> int:
    from webui.storage.retention import work

    return work(wiring.database, wiring.files, wiring.clock)


def _retains(wiring: "Wiring") -> bool:
    from webui.storage.retention import waits

    with wiring.database.reading() as session:
        return waits(session, wiring.clock.now())


def _lab_clean(wiring: "Wiring") -> int:
    from search.lab.upkeep import clean

    with wiring.database.writing() as session:
        return clean(session, at=wiring.clock.now())


def _prune(wiring: "Wiring") -> int:
    from search.campaigns.pruning import forget_contacts, prune_bands

    return prune_bands(wiring.database, wiring.clock) + forget_contacts(wiring.database)


def ping(database: Database, clock: Clock, ids: Sequence[int]) -> None:
    """The doctor's errand: write down that a job was done, and which."""
    with database.writing() as session:
        heartbeat.write(session, "job", at=clock.now(), detail=" ".join(map(str, ids)))


def seal_audit(wiring: "Wiring") -> int:
    """Chain what was committed and anchor the head outside the database."""
    with wiring.database.writing() as session:
        sealed = audit.seal(session)
    if sealed:
        with wiring.database.reading() as session:
            audit.anchor(session, wiring.audit_anchor, at=wiring.clock.now())
    return sealed
