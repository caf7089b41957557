"""Checks of what must last: settings, data folder, database, files, the audit log."""

import os
import secrets
import shutil
from datetime import timedelta

from sqlalchemy import func, select, text

from foundation import audit
from foundation.audit import AuditEvent
from foundation.heartbeat import Heartbeat
from search.query import Message
from webui import migrate
from webui.doctor.finding import Finding, Status, fail, ok, warn
from webui.storage.standing import WARNED_AT
from webui.wiring import Wiring

FULL_AT = 0.99
LOW, EMPTY = 2 * 2**30, 200 * 2**20
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
CLOCK_SLACK = timedelta(minutes=2)


def settings(wiring: Wiring) -> Finding:
    given = wiring.settings
    if given.host not in LOOPBACK and not given.secure_cookies:
        return warn(
            "settings",
            Message("The pages are served to the network without encryption"),
            Message(
                "Put a proxy with TLS before them; RASOAT_BEHIND_PROXY=yes, RASOAT_SECURE_COOKIES=yes"
            ),
        )
    if not given.contact:
        return warn(
            "settings",
            Message("Sites that are crawled are not told who visits them"),
            Message("Set RASOAT_CONTACT to an address of the office"),
        )
    return ok("settings", Message("Every setting has a value that can be used"))


def data_folder(wiring: Wiring) -> Finding:
    folder = wiring.settings.data_dir.absolute()
    probe = folder / f".doctor-{os.getpid()}"
    probe.write_bytes(b"written")
    probe.unlink()
    free = shutil.disk_usage(folder).free
    told = {"folder": str(folder), "free": f"{free / 2**30:.1f}"}
    what = Message("%(folder)s can be written; %(free)s GiB are free", told)
    remedy = Message("Make room on this disk, or move the folder and set RASOAT_DATA_DIR")
    if free < EMPTY:
        return fail("data folder", what, remedy)
    return warn("data folder", what, remedy) if free < LOW else ok("data folder", what)


def database(wiring: Wiring) -> Finding:
    """Reachable, at the newest revision, and a write that is rolled back."""
    at = migrate.current(wiring.database)
    if not migrate.is_ready(wiring.database):
        return fail(
            "database",
            Message(
                "It is at revision %(at)s, wanted is %(wanted)s",
                {"at": at or "-", "wanted": migrate.head()},
            ),
            Message("Run: rasoat migrate"),
        )
    with wiring.database.engine.connect() as connection:
        connection.execute(
            Heartbeat.__table__.insert().values(  # type: ignore[attr-defined]
                name="doctor", host=secrets.token_hex(8), at=wiring.clock.now(), pid=0, detail=""
            )
        )
        connection.rollback()
    kind = "SQLite" if wiring.database.is_sqlite else "PostgreSQL"
    return ok(
        "database",
        Message(
            "%(kind)s answers, can be written, is at revision %(at)s", {"kind": kind, "at": at}
        ),
    )


def files(wiring: Wiring) -> Finding:
    """Room for more, written, read back by digest, deleted."""
    if (told := _room(wiring)) is not None and told.status is Status.FAIL:
        return told
    data = b"doctor " + secrets.token_bytes(16)
    digest = wiring.files.put(data)
    whole = wiring.files.get(digest) == data
    wiring.files.delete(digest)
    if not whole:
        return fail(
            "files", Message("What was read is not what was written"), Message("Check the disk")
        )
    return told or ok("files", Message("Written, read back and checked by digest"))


def _room(wiring: Wiring) -> Finding | None:
    """What is to be said when the store comes to its limit."""
    room = wiring.files.room
    used, capacity = (room.used(), room.capacity()) if room else (None, None)
    if used is None or capacity is None or used < WARNED_AT * capacity:
        return None
    share = f"{100 * used / capacity:.0f}" if capacity else "100"
    what = Message(
        "%(share)s per cent of %(all)s GiB are used",
        {"share": share, "all": f"{capacity / 2**30:.1f}"},
    )
    remedy = Message("See the page Storage; raise RASOAT_FILES_QUOTA_GB or make room on the disk")
    return (fail if used >= FULL_AT * capacity else warn)("files", what, remedy)


def audit_chain(wiring: Wiring) -> Finding:
    found = audit.verify(wiring.database, wiring.audit_anchor)
    if not found.ok:
        return fail(
            "audit log",
            Message("The chain is broken: %(why)s", {"why": found.problem}),
            Message("Change nothing, keep a backup, and tell the head of the office"),
        )
    told = {"checked": str(found.checked), "unsealed": str(found.unsealed)}
    what = Message("Whole: %(checked)s events checked, %(unsealed)s not sealed yet", told)
    if found.unsealed > 1000:
        return warn("audit log", what, Message("The scheduler seals it; see whether it runs"))
    return ok("audit log", what)


def clock(wiring: Wiring) -> Finding:
    """Not before what was already recorded, nor away from the database server's clock."""
    now = wiring.clock.now()
    remedy = Message("Set this machine's clock, and keep it by NTP")
    with wiring.database.reading() as session:
        last = session.scalar(select(func.max(AuditEvent.at)))
        server = None if wiring.database.is_sqlite else session.scalar(text("SELECT now()"))
    if last is not None and last > now + CLOCK_SLACK:
        return fail("clock", Message("It is behind events that were recorded"), remedy)
    if server is not None and abs(server - now) > CLOCK_SLACK:
        return fail("clock", Message("It differs from the database server's clock"), remedy)
    return ok("clock", Message("It agrees with what was recorded"))
