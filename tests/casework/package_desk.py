"""A case with evidence for tests of packages: posts, files that were brought, people who must not be shown."""

from dataclasses import dataclass

from casework.cases.models import Case
from casework.cases.service import open_case
from casework.cases.subjects import SubjectData, add_subject
from casework.documents.office import Office
from casework.evidence import packages, service
from casework.evidence.models_packages import EvidencePackage
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.people import Actor, Role
from search.post import Availability
from search.watch import CaptureFile, CaptureFiles, observe
from tests.support.people import People
from tests.support.posts import Posts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
OFFICE = Office("Ủy ban nhân dân tỉnh", "Sở Văn hóa, Thể thao và Du lịch", "Tây Ninh", "SVHTTDL")
PAGES = (
    "Tuyển gấp việc nhẹ lương cao sang Campuchia, ib zalo 0900 000 123",
    "Cháu Lê Thị Bông Mai bị giữ ở đó, ai biết gọi 0900.000.777 giúp",
    "Cần nữ phục vụ quán, bao ăn ở, không cần giấy tờ",
)


@dataclass
class Desk:
    """What a test of packages works with."""

    database: Database
    files: FolderStore
    clock: MovableClock
    people: People

    def __post_init__(self) -> None:
        self.inspector: Actor = self.people.actor(Role.INSPECTOR)
        self.case_id = self._case()

    def _case(self) -> int:
        make = Posts(self.database, self.clock)
        posts = [make(text) for text in PAGES]
        for post, text in zip(posts, PAGES, strict=True):
            self.capture(post.url, post.id, text)
        service.take_captures(self.database, self.clock)
        with self.database.writing() as session:
            case = open_case(
                session,
                self.inspector,
                "Nhóm đưa người sang Bavet",
                [post.id for post in posts],
                at=self.clock.now(),
            )
            add_subject(
                session,
                self.inspector,
                case,
                SubjectData(role="victim", name="Lê Thị Bông Mai", phone="+84 900 000 777"),
                at=self.clock.now(),
            )
            service.put_to_case(session, self.inspector, case, at=self.clock.now())
            return case.id

    def capture(self, url: str, post_id: int, text: str) -> None:
        kept = (
            ("screenshot", "image/png", PNG + text.encode()),
            ("html", "text/html; charset=utf-8", f"<p>{text}</p>".encode()),
            ("text", "text/plain; charset=utf-8", text.encode()),
        )
        moment = self.clock.now().isoformat()
        stored = tuple(CaptureFile(r, self.files.put(d), m, len(d)) for r, m, d in kept)
        capture = CaptureFiles(url, url, 200, moment, moment, "rasoat/1", stored, robots="allowed")
        with self.database.writing() as session:
            observe(
                session,
                url,
                Availability.ONLINE,
                at=self.clock.now(),
                post_id=post_id,
                capture=capture,
            )

    def ask(self, recipient: str = "Công an tỉnh", **more: object) -> int:
        with self.database.writing() as session:
            case = session.get_one(Case, self.case_id)
            asked = packages.Asked(recipient, **more)  # type: ignore[arg-type]
            return packages.ask_package(
                session, self.inspector, case, asked, at=self.clock.now()
            ).id

    def made(self, **more: object) -> EvidencePackage:
        """A package that was asked for and made."""
        package_id = self.ask(**more)  # type: ignore[arg-type]
        packages.work(self.database, self.files, self.clock, OFFICE)
        with self.database.reading() as session:
            return session.get_one(EvidencePackage, package_id)
