"""A unit with one of everything in it, so that tests can knock on every door with ids that exist.

`ARGUMENTS` names what each id in an address is called; a route whose id nobody knows here is reported by
tests/webui/test_units_apart.py, so that a new page area adds its thing to `furnish`.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from casework.cases import service as cases
from casework.cases import subjects, tasks
from casework.cases.models import Case, Subject
from casework.cases.subjects import SubjectData
from casework.evidence import packages
from casework.evidence import service as evidence
from casework.evidence.brought import Origin, Upload, bring_files
from casework.law.catalogue import Catalogue
from casework.reports import service as reports
from casework.reports.service import Timing
from casework.sanctions import service as sanctions
from casework.takedowns import service as takedowns
from casework.takedowns.models import Reupload, TakedownRequest
from casework.tips import service as tips
from casework.triage import service as triage
from crawler.models import Run, RunError
from crawler.models_care import SourceAlert
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FileStore, FolderStore
from foundation.people import Actor, Role, Unit
from foundation.settings import Settings
from search.campaigns import placing
from search.models import CampaignMerge, CampaignSplit, PostRow, Source
from search.post import Availability
from search.preparing import sha256
from tests.casework.sanction_desk import FACTS, OFFICE
from tests.casework.takedown_office import PNG, Desk
from tests.support.people import People
from tests.support.posts import Posts

VICTIM = "Hoàng Thị Nạn Nhân"
VICTIM_PHONE = "0900 000 177"
VICTIM_ID = "000000000177"
CONTACT = "0900000188"


@dataclass
class Room:
    """Everything of one unit: `ids` fill addresses, `secrets` are words that only its people may read."""

    unit: Unit | None
    worker: Actor
    approver: Actor
    ids: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)


def furnish(
    database: Database,
    clock: MovableClock,
    people: People,
    files: FileStore,
    settings: Settings,
    unit: Unit | None,
    mark: str,
) -> Room:
    """Make one of everything in the unit; `mark` stands in every text, to be found where it must not be."""
    worker = people.actor(Role.INSPECTOR, Role.POLICE, unit=unit)
    approver = people.actor(Role.APPROVER, unit=unit)
    room = Room(unit, worker, approver, secrets=[mark])
    posts = Posts(database, clock)
    unit_id = unit.id if unit else None
    source_id = _source(database, clock, unit_id, mark)
    campaign = posts.campaign()

    def post(number: int) -> PostRow:
        return posts(
            f"Tuyển gấp việc nhẹ lương cao {mark}, ib Zalo {CONTACT}",
            source_id=source_id,
            unit_id=unit_id,
            campaign_id=campaign,
            author_name=f"Người đăng {mark}",
            author_handle=f"nguoi.dang.{mark}",
            contacts=[("phone", CONTACT)],
            url=f"https://dien-dan.example/{mark}/{number}",
            url_key=sha256(f"{mark}/{number}"),
        )

    waiting, decided, in_takedown, in_sanction = (post(number) for number in range(4))
    posts(
        f"Còn tuyển không {mark}",
        source_id=source_id,
        unit_id=unit_id,
        url=f"{in_takedown.url}#comment-1",
        url_key=sha256(f"{mark}/comment"),
        reply_to=in_takedown.url,
    )
    with database.writing() as session:
        decision = triage.dismiss(
            session, worker, decided.id, "old", timedelta(days=90), at=clock.now()
        )
    room.ids |= {
        "post_id": waiting.id,
        "campaign_id": campaign,
        **_campaigns(database, clock, posts, campaign),
        "decision_id": decision.id,
        "source_id": source_id,
        **_run(database, clock, files, source_id, unit_id),
    }
    room.ids |= _case(database, clock, files, room, in_takedown, in_sanction, mark)
    room.ids |= _takedown(database, clock, people, files, settings, room, in_takedown)
    room.ids |= _measures(database, clock, files, room, mark)
    room.ids |= _handed_on(database, clock, room, waiting, mark)
    return room


def _handed_on(
    database: Database, clock: MovableClock, room: Room, post: PostRow, mark: str
) -> dict[str, Any]:
    """A package of the case, a tip that brought a post, a post that looks like a removed one."""
    at = clock.now()
    with database.writing() as session:
        case = session.get_one(Case, room.ids["case_id"])
        asked = packages.Asked(f"Nơi nhận {mark}")
        package = packages.ask_package(session, room.worker, case, asked, at=at)
        tip = tips.receive(
            session, session.get_one(PostRow, post.id), tips.Received("tin", contact=mark), at=at
        )
        again = Reupload(
            request_id=room.ids["request_id"],
            item_id=room.ids["takedown_item_id"],
            post_id=post.id,
            same=["text"],
            found_at=at,
        )
        alert = SourceAlert(
            source_id=room.ids["source_id"],
            kind="zero",
            reason="alert_zero",
            unit_id=room.unit.id if room.unit else None,
            began_at=at,
            last_at=at,
        )
        session.add_all([again, alert])
        session.flush()
        return {
            "package_id": package.id,
            "tip_id": tip.id,
            "reupload_id": again.id,
            "alert_id": alert.id,
        }


def _campaigns(database: Database, clock: MovableClock, posts: Posts, kept: int) -> dict[str, Any]:
    """A campaign that became part of the room's own, and one that was split off it and is empty now."""
    gone, apart = posts.campaign(), posts.campaign()
    with database.writing() as session:
        placing.merge(session, kept, gone, {"reason": "copy", "share": 0.0}, at=clock.now())
        merge = session.scalars(select(CampaignMerge.id).where(CampaignMerge.gone_id == gone)).one()
        split = CampaignSplit(one_id=kept, other_id=apart, posts=1, why="Khác nhóm", at=clock.now())
        session.add(split)
        session.flush()
        return {"merge_id": merge, "split_id": split.id}


def _source(database: Database, clock: MovableClock, unit_id: int | None, mark: str) -> int:
    with database.writing() as session:
        row = Source(
            name=f"Nguồn {mark}",
            kind="rss",
            address="https://dien-dan.example/rss",
            purpose="Thử nghiệm",
            unit_id=unit_id,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id


def _run(
    database: Database, clock: MovableClock, files: FileStore, source_id: int, unit_id: int | None
) -> dict[str, Any]:
    page = files.put(b"<p>a page that could not be read</p>")
    with database.writing() as session:
        run = Run(source_id=source_id, unit_id=unit_id, created_at=clock.now())
        session.add(run)
        session.flush()
        session.add(
            RunError(run_id=run.id, at=clock.now(), reason="unreadable", saved_page=page, url="x")
        )
        return {"run_id": run.id, "page_digest": page}


def _case(
    database: Database,
    clock: MovableClock,
    files: FileStore,
    room: Room,
    first: PostRow,
    second: PostRow,
    mark: str,
) -> dict[str, Any]:
    at, worker = clock.now(), room.worker
    with database.writing() as session:
        case = cases.open_case(session, worker, f"Vụ {mark}", [first.id, second.id], at=at)
        suspect = subjects.add_subject(
            session, worker, case, SubjectData("suspect", name=f"Nguyễn Văn {mark}"), at=at
        )
        victim = subjects.add_subject(
            session,
            worker,
            case,
            SubjectData("victim", name=VICTIM, phone=VICTIM_PHONE, id_number=VICTIM_ID),
            at=at,
        )
        task = tasks.add_task(session, worker, case, f"Việc {mark}", at=at)
        document = cases.add_document(
            session, worker, case, files, PNG, kind="upload", title=f"Bản quét {mark}",
            filename="quet.png", media_type="image/png", at=at,
        )  # fmt: skip
        wish = evidence.ask_capture(session, worker, first.url, at=at, post=first)
        item = bring_files(
            session, worker, files, [Upload(PNG + mark.encode())],
            Origin(f"Do {mark} gửi", url=first.url), at=at, case=case,
        )  # fmt: skip
        return {
            "case_id": case.id,
            "subject_id": suspect.id,
            "victim_id": victim.id,
            "task_id": task.id,
            "document_id": document.id,
            "wish_id": wish.id,
            "item_id": item.id,
            "digest": item.files[0]["digest"],
            "case_post_id": second.id,
        }


def _takedown(
    database: Database,
    clock: MovableClock,
    people: People,
    files: FileStore,
    settings: Settings,
    room: Room,
    post: PostRow,
) -> dict[str, Any]:
    """A request that was sent by telephone, with an address that was seen."""
    assert isinstance(files, FolderStore)
    desk = Desk.open(database, clock, people, files, settings)
    desk.inspector = desk.police = room.worker
    desk.approver = room.approver
    with database.reading() as session:
        case = session.get_one(Case, room.ids["case_id"])
    request_id = desk.draft(case, desk.data(post))
    desk.act(request_id, "submit", room.worker)
    with database.writing() as session:
        request = session.get_one(TakedownRequest, request_id)
        takedowns.approve(session, room.approver, request, desk.catalogue, at=clock.now())
    notice = desk.send(request_id, desk.call())
    item = desk.item(request_id)
    seen = desk.see(item, Availability.ONLINE)
    picture = (seen.capture or {})["files"][0]["digest"]
    return {
        "request_id": request_id,
        "notice_id": notice.id,
        "takedown_item_id": item.id,
        "takedown_digest": picture,
        "seen_post_id": post.id,
    }


def _measures(
    database: Database, clock: MovableClock, files: FileStore, room: Room, mark: str
) -> dict[str, Any]:
    at = clock.now()
    with database.writing() as session:
        sanction = sanctions.open_sanction(
            session,
            room.worker,
            session.get_one(Case, room.ids["case_id"]),
            session.get_one(Subject, room.ids["subject_id"]),
            FACTS,
            at=at,
            catalogue=Catalogue.shipped(),
        )
        report = reports.create(
            session,
            people_report(room),
            Timing(kind="quarter", ref="2026-3"),
            at=at,
            catalogue=Catalogue.shipped(),
            office=OFFICE,
        )
        return {"sanction_id": sanction.id, "report_id": report.id}


def people_report(room: Room) -> Actor:
    """The worker of the room as its report writer."""
    return replace(room.worker, roles=room.worker.roles | {Role.REPORT_WRITER})


ARGUMENTS: dict[str, str] = {
    "takedowns.item_id": "takedown_item_id",
    "takedowns.digest": "takedown_digest",
    "runs.digest": "page_digest",
    "cases.post_id": "case_post_id",
    "posts.post_id": "seen_post_id",
    "posts.digest": "takedown_digest",
}
"""Where an argument means another thing in one page area than elsewhere: `area.argument`."""


def value_of(room: Room, area: str, argument: str) -> Any:
    """What stands for this argument in the room; None where nobody has told."""
    return room.ids.get(ARGUMENTS.get(f"{area}.{argument}", argument))
