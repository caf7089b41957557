"""A desk for tests of sanctions: a case with a suspect and a victim, and each step in one call."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from casework.cases import service as cases
from casework.cases import subjects
from casework.cases.models import Case, Subject
from casework.cases.subjects import SubjectData
from casework.documents.office import Office
from casework.law.catalogue import Catalogue
from casework.sanctions import deciding, proposing, service
from casework.sanctions.models import Sanction
from casework.sanctions.proposing import Proposal, RecordData
from casework.sanctions.service import Facts
from foundation.clock import MovableClock, office_time
from foundation.database import Database
from foundation.files import FileStore
from foundation.people import Actor, Role
from tests.support.people import People
from tests.support.posts import Posts

OFFICE = Office(
    "Ủy ban nhân dân tỉnh Bắc Sơn", "Sở Văn hóa, Thể thao và Du lịch", "Bắc Sơn", "SVHTTDL"
)
DIRECTOR = "giam-doc-so-vhttdl"
ENDED = date(2026, 11, 19)
FACTS = Facts(
    conduct="promote_trafficking",
    act_text="Đăng bài cổ súy việc đưa người ra nước ngoài trái phép trên trang cá nhân",
    subject_kind="individual",
    ended_on=ENDED,
    detected_on=date(2026, 11, 20),
    provision_id="nd174-2026.95.1.b",
    choice_reason="Hành vi thuộc lĩnh vực thông tin trên mạng, không phải an ninh mạng",
)
VICTIM = "Hoàng Thị Nạn Nhân"


@dataclass
class SanctionDesk:
    """Everybody and everything that a file needs; each step commits."""

    database: Database
    clock: MovableClock
    people: People
    files: FileStore
    catalogue: Catalogue = field(default_factory=Catalogue.shipped)

    def __post_init__(self) -> None:
        self.inspector = self.people.actor(Role.INSPECTOR)
        self.director = self.people.actor(Role.APPROVER, signer_title=DIRECTOR)
        self.posts = Posts(self.database, self.clock)

    @property
    def today(self) -> date:
        return office_time(self.clock.now()).date()

    def case(self, *, kind: str = "individual") -> tuple[Case, Subject]:
        """A new case with a suspect of this kind and a victim."""
        now = self.clock.now()
        with self.database.writing() as session:
            case = cases.open_case(
                session, self.inspector, "Nhóm rủ sang biên giới", [self.posts_id()], at=now
            )
            who = SubjectData(
                role="suspect", kind=kind, name="Nguyễn Văn Thử", account="viec.lam.000"
            )
            suspect = subjects.add_subject(session, self.inspector, case, who, at=now)
            victim = SubjectData(role="victim", name=VICTIM, phone="0900 000 177")
            subjects.add_subject(session, self.inspector, case, victim, at=now)
        return case, suspect

    def posts_id(self) -> int:
        return self._post

    _post: int = 0

    def opened(self, facts: Facts = FACTS, *, kind: str = "individual") -> int:
        """The id of a new file in a case of its own."""
        self._post = self.posts().id
        case, suspect = self.case(kind=kind)
        facts = replace(facts, subject_kind=kind)
        with self.database.writing() as session:
            return service.open_sanction(
                session,
                self.inspector,
                session.get_one(Case, case.id),
                session.get_one(Subject, suspect.id),
                facts,
                at=self.clock.now(),
                catalogue=self.catalogue,
            ).id

    def recorded(self, facts: Facts = FACTS, *, kind: str = "individual") -> int:
        sanction_id = self.opened(facts, kind=kind)
        with self.database.writing() as session:
            proposing.draw_record(
                session,
                self.inspector,
                self.file(session, sanction_id),
                self.record_data(),
                at=self.clock.now(),
                catalogue=self.catalogue,
                office=OFFICE,
                files=self.files,
            )
        return sanction_id

    def record_data(self) -> RecordData:
        started = self.clock.now() - timedelta(hours=1)
        return RecordData(started_at=started, place="Trụ sở Sở, Bắc Sơn")

    def explained(self, sanction_id: int, outcome: str = "waived", text: str = "") -> None:
        with self.database.writing() as session:
            proposing.explain(
                session,
                self.inspector,
                self.file(session, sanction_id),
                outcome,
                self.today,
                text,
                at=self.clock.now(),
                catalogue=self.catalogue,
            )

    def proposed(
        self,
        proposal: Proposal | None = None,
        facts: Facts = FACTS,
        *,
        kind: str = "individual",
    ) -> int:
        sanction_id = self.recorded(facts, kind=kind)
        with self.database.reading() as session:
            waits = self.file(session, sanction_id).state == "explanation"
        if waits:
            self.explained(sanction_id)
        self.propose(sanction_id, proposal)
        return sanction_id

    def propose(self, sanction_id: int, proposal: Proposal | None = None) -> None:
        usual = Proposal(amount=12_500_000, remedies=("remove_content",))
        with self.database.writing() as session:
            proposing.propose(
                session,
                self.inspector,
                self.file(session, sanction_id),
                proposal or usual,
                at=self.clock.now(),
                catalogue=self.catalogue,
            )

    def decide(self, sanction_id: int, by: Actor | None = None, acknowledged: str = "") -> None:
        with self.database.writing() as session:
            deciding.decide(
                session,
                by or self.director,
                self.file(session, sanction_id),
                at=self.clock.now(),
                catalogue=self.catalogue,
                office=OFFICE,
                files=self.files,
                acknowledged=acknowledged,
            )

    def decided(self, proposal: Proposal | None = None, *, kind: str = "individual") -> int:
        sanction_id = self.proposed(proposal, kind=kind)
        self.decide(sanction_id)
        return sanction_id

    def served(self, proposal: Proposal | None = None) -> int:
        sanction_id = self.decided(proposal)
        with self.database.writing() as session:
            deciding.serve(
                session,
                self.inspector,
                self.file(session, sanction_id),
                self.today,
                "Giao trực tiếp, có ký nhận",
                at=self.clock.now(),
                catalogue=self.catalogue,
            )
        return sanction_id

    def pay(self, sanction_id: int, amount: int, interest: int = 0, on: date | None = None) -> None:
        with self.database.writing() as session:
            deciding.pay(
                session,
                self.inspector,
                self.file(session, sanction_id),
                on or self.today,
                amount,
                interest,
                "BL-000123",
                at=self.clock.now(),
                catalogue=self.catalogue,
            )

    def move(self, **by: int) -> None:
        self.clock.move(timedelta(**by))

    def file(self, session: Session, sanction_id: int) -> Sanction:
        return session.get_one(Sanction, sanction_id)

    def read(self, sanction_id: int) -> Sanction:
        """The file as the database has it now, detached."""
        with self.database.reading() as session:
            return self.file(session, sanction_id)

    def moment(self, day: date, hour: int = 3) -> datetime:
        return self.clock.now().replace(year=day.year, month=day.month, day=day.day, hour=hour)
