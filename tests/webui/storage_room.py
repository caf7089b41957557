"""An office whose store of files has something of everything, for tests of storage and retention."""

import os
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from casework.evidence import packages, service
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import EvidencePackage
from crawler.models import Run, RunError
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.models_storage import RetentionRun, StorageSample, UnusedFile
from foundation.people import Role
from search.models import PostRow, WorkState
from search.retention import purge
from tests.casework.package_desk import OFFICE, Desk
from tests.support.people import People
from tests.support.posts import Posts
from webui.storage import retention
from webui.storage.survey import survey

DAY = timedelta(days=1)


@dataclass
class StorageRoom:
    """A case with evidence and a package, and a dismissed post of no case that was captured."""

    database: Database
    files: FolderStore
    clock: MovableClock
    people: People
    posts: Posts = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.posts = Posts(self.database, self.clock)
        self.posts._made = 100  # the desk makes posts of its own
        self.desk = Desk(self.database, self.files, self.clock, self.people)
        self.admin = self.people.actor(Role.ADMINISTRATOR)

    def dismissed(self, text: str, days: int = 90) -> tuple[int, int]:
        """A dismissed post with a capture: its id and the item's."""
        until = self.clock.now() + days * DAY
        post = self.posts(text, state=WorkState.DISMISSED, retain_until=until)
        self.desk.capture(post.url, post.id, text)
        service.take_captures(self.database, self.clock)
        with self.database.reading() as session:
            item = session.scalar(select(EvidenceItem.id).where(EvidenceItem.post_id == post.id))
        assert item is not None
        return post.id, item

    def broken_page(self, html: str) -> str:
        """A saved page of a parser that failed; returns its digest."""
        digest = self.files.put(html.encode())
        with self.database.writing() as session:
            run = Run(source_id=self.posts.source(), state="failed", created_at=self.clock.now())
            session.add(run)
            session.flush()
            session.add(
                RunError(
                    run_id=run.id, at=self.clock.now(), reason="parser_failed", saved_page=digest
                )
            )
        return digest

    def handed_over(self) -> int:
        """A package that was made and handed over; returns its id."""
        package = self.desk.made()
        with self.database.writing() as session:
            row = session.get_one(EvidencePackage, package.id)
            packages.hand_over(session, self.desk.inspector, row, "PA05", at=self.clock.now())
        packages.work(self.database, self.files, self.clock, OFFICE)
        return package.id

    def pass_days(self, days: float) -> None:
        """Time goes by; files that are there are that much older."""
        self.clock.move(days * DAY)

    def put_now(self, data: bytes) -> str:
        """Store a file today, as the office's clock has it: a folder goes by the disk's."""
        digest = self.files.put(data)
        now = self.clock.now().timestamp()
        os.utime(self.files.folder / digest[:2] / digest[2:4] / digest, (now, now))
        return digest

    def purge_posts(self) -> None:
        """As the hourly duty does."""
        from casework.evidence.retention import follow_posts

        with self.database.writing() as session:
            follow_posts(session)
        purge(self.database, self.clock)

    def survey(self) -> dict[str, tuple[int, int]]:
        """Take today's sample; files and bytes by kind."""
        survey(self.database, self.files, self.clock)
        with self.database.reading() as session:
            newest = select(func.max(StorageSample.day)).scalar_subquery()
            rows = session.scalars(select(StorageSample).where(StorageSample.day == newest))
            return {row.kind: (row.files, row.bytes) for row in rows if row.files}

    def run(self, *, real: bool = True, by_duty: bool = False) -> RetentionRun:
        """A whole run, as an administrator begins it or the duty does."""
        if not by_duty:
            with self.database.writing() as session:
                retention.ask(session, self.admin, real=real, at=self.clock.now())
        while retention.work(self.database, self.files, self.clock):
            with self.database.reading() as session:
                if retention.running(session) is None:
                    break
        with self.database.reading() as session:
            found = retention.latest(session)
        assert found is not None
        return found

    def first_count(self) -> RetentionRun:
        return self.run(real=False)

    def item(self, item_id: int) -> EvidenceItem | None:
        with self.database.reading() as session:
            return session.get(EvidenceItem, item_id)

    def post(self, post_id: int) -> PostRow | None:
        with self.database.reading() as session:
            return session.get(PostRow, post_id)

    def unused(self) -> set[str]:
        with self.database.reading() as session:
            return set(session.scalars(select(UnusedFile.digest)))

    def events(self, action: str) -> list[AuditEvent]:
        with self.database.reading() as session:
            return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))
