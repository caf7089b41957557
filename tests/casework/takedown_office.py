"""What takedown tests share: a case with posts, a drafter, an approver, and sightings written by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.service import open_case
from casework.channels import telephone
from casework.channels.proof import Proof
from casework.law.catalogue import Catalogue
from casework.law.model import Target
from casework.takedowns import drafting, duties, sending, service
from casework.takedowns.drafting import DraftData
from casework.takedowns.models import Notice, TakedownItem, TakedownRequest
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.people import Actor, Role
from foundation.settings import Settings
from search.models import Observation, PostRow
from search.post import Availability
from search.watch import CaptureFile, CaptureFiles, observe
from tests.support.people import People
from tests.support.posts import Posts

PNG = b"\x89PNG\r\n\x1a\n" + b"made-up picture"
SENDER = "so-vhttdl"


@dataclass
class Desk:
    """Drafts, approves, sends and looks; each act in its own transaction, as the pages do it."""

    database: Database
    clock: MovableClock
    people: People
    files: FolderStore
    settings: Settings
    catalogue: Catalogue
    inspector: Actor
    approver: Actor
    police: Actor

    @classmethod
    def open(
        cls,
        database: Database,
        clock: MovableClock,
        people: People,
        files: FolderStore,
        settings: Settings,
    ) -> "Desk":
        return cls(
            database,
            clock,
            people,
            files,
            settings,
            Catalogue.shipped(),
            people.actor(Role.INSPECTOR),
            people.actor(Role.APPROVER),
            people.actor(Role.POLICE),
        )

    @property
    def distance(self) -> timedelta:
        return timedelta(seconds=self.settings.removal_distance_seconds)

    @property
    def office(self) -> sending.Office:
        return sending.Office(self.files, self.catalogue, self.settings)

    def case(self, *posts: PostRow, actor: Actor | None = None) -> Case:
        with self.database.writing() as session:
            return open_case(
                session,
                actor or self.inspector,
                "Vụ việc thử nghiệm",
                [post.id for post in posts],
                at=self.clock.now(),
            )

    def data(self, *posts: PostRow, **changes: Any) -> DraftData:
        values: dict[str, Any] = {
            "post_ids": tuple(post.id for post in posts),
            "target": Target.WEBSITE,
            "recipient": "Diễn đàn thử nghiệm",
            "regime_id": "nd147-2024.34.4",
            "legal_basis": ("nd174-2026.95.1.b",),
            "channel": "telephone",
            **changes,
        }
        return DraftData(**values)

    def draft(
        self, case: Case, data: DraftData, actor: Actor | None = None, sender: str = SENDER
    ) -> int:
        with self.database.writing() as session:
            row = session.get_one(Case, case.id)
            made = drafting.draft(
                session,
                actor or self.inspector,
                row,
                data,
                self.catalogue,
                sender,
                at=self.clock.now(),
            )
            return made.id

    def approved(self, *posts: PostRow, **changes: Any) -> int:
        """A request that was drafted, submitted and approved by a second person."""
        request_id = self.draft(self.case(*posts), self.data(*posts, **changes))
        self.act(request_id, "submit", self.inspector)
        with self.database.writing() as session:
            request = session.get_one(TakedownRequest, request_id)
            service.approve(session, self.approver, request, self.catalogue, at=self.clock.now())
        return request_id

    def sent(self, *posts: PostRow, **changes: Any) -> int:
        """The same, asked for by telephone now."""
        request_id = self.approved(*posts, **changes)
        self.send(request_id, self.call())
        return request_id

    def act(self, request_id: int, act: str, actor: Actor, *given: Any, **named: Any) -> None:
        with self.database.writing() as session:
            request = session.get_one(TakedownRequest, request_id)
            getattr(service, act)(session, actor, request, *given, at=self.clock.now(), **named)

    def call(self, at: datetime | None = None) -> Proof:
        return telephone.call_note(
            number="0900 000 101",
            spoke_with="Người trực diễn đàn",
            said="Đã yêu cầu gỡ bài theo công văn",
            called_at=at or self.clock.now(),
            earliest=None,
            now=self.clock.now(),
        )

    def send(self, request_id: int, proof: Proof, actor: Actor | None = None) -> Notice:
        with self.database.writing() as session:
            request = session.get_one(TakedownRequest, request_id)
            return sending.send(
                session, actor or self.inspector, request, proof, self.office, at=self.clock.now()
            )

    def see(
        self,
        item: TakedownItem,
        availability: Availability,
        *,
        picture: bool = True,
        take: bool = True,
    ) -> Observation:
        """What a crawler would have written now; with `take` the duty judges it at once."""
        at = self.clock.now()
        digest = self.files.put(PNG + str((item.id, availability, at)).encode())
        files = (CaptureFile("screenshot", digest, "image/png", len(PNG)),) if picture else ()
        moment = at.isoformat()
        capture = CaptureFiles(item.url, item.url, 200, moment, moment, "test", files)
        with self.database.writing() as session:
            seen = observe(
                session,
                item.url,
                availability,
                at=at,
                asked_kind="takedown_item",
                asked_id=item.id,
                post_id=item.post_id,
                capture=capture if picture else None,
            )
        if take:
            duties.take_looks(self.database, self.clock, self.settings)
        return seen

    def watch(self) -> int:
        return duties.watch_clocks(self.database, self.clock, self.settings)

    def load(self, request_id: int) -> TakedownRequest:
        """The request as it is now, with its rows, detached."""
        with self.database.reading() as session:
            return _whole(session, request_id)

    def item(self, request_id: int, index: int = 0) -> TakedownItem:
        return self.load(request_id).items[index]


def _whole(session: Session, request_id: int) -> TakedownRequest:
    request = session.get_one(TakedownRequest, request_id)
    _ = (request.items, request.notices, request.answers, [item.request for item in request.items])
    return request


def make_posts(posts: Posts, count: int = 1, **values: Any) -> list[PostRow]:
    return [posts(**values) for _ in range(count)]
