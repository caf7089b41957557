"""What happens to requests by itself: looks that follow the clock, what was seen, mails, overdue tasks.

Entry points: each opens its own short transactions and can be done twice.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.tasks import add_task
from casework.channels import mail
from casework.domain.case_lifecycle import CaseState
from casework.domain.removal import Clock as LookClock
from casework.domain.removal import next_look
from casework.domain.takedown_lifecycle import ItemState, RequestState
from casework.takedowns import looks, sending
from casework.takedowns.drafting import ASKED
from casework.takedowns.models import (
    Notice,
    NoticeKind,
    NoticeState,
    TakedownItem,
    TakedownRequest,
)
from casework.takedowns.service import MAIL_CONSUMER
from foundation import audit, outbox
from foundation.clock import Clock, office_time
from foundation.database import Database
from foundation.errors import RasoatError
from foundation.files import FileStore
from foundation.people import SYSTEM
from foundation.settings import Settings
from search.models import Observation, Wish, WishKind
from search.watch import LOOK_CONSUMER, wish

log = structlog.get_logger()
BATCH = 50
LOST_AFTER = timedelta(minutes=10)
FOLLOWED = (RequestState.SENT, RequestState.DONE)
VISIBLE = (ItemState.ONLINE, ItemState.EDITED)


def take_looks(database: Database, clock: Clock, settings: Settings) -> int:
    """Judge every address that was looked at; observations for others are only passed over."""
    distance = timedelta(seconds=settings.removal_distance_seconds)
    with database.reading() as session:
        waiting = outbox.take(session, LOOK_CONSUMER, at=clock.now())
    for one in waiting:
        try:
            with database.writing() as session:
                _take_look(session, one.thing_id, distance, at=clock.now())
                outbox.done(session, [one])
        except RasoatError as error:  # somebody was faster: the next round judges it again
            with database.writing() as session:
                outbox.failed(session, one, str(error), at=clock.now())
    return len(waiting)


def watch_clocks(database: Database, clock: Clock, settings: Settings) -> int:
    """Wish for the looks that are due, and make a task where a deadline has passed; returns the wishes."""
    distance = timedelta(seconds=settings.removal_distance_seconds)
    with database.reading() as session:
        ids = session.scalars(
            select(TakedownRequest.id)
            .where(TakedownRequest.state.in_(FOLLOWED))
            .order_by(TakedownRequest.id)
        ).all()
    made = 0
    for start in range(0, len(ids), BATCH):
        with database.writing() as session:
            for request_id in ids[start : start + BATCH]:
                request = session.get_one(TakedownRequest, request_id)
                if request.state in FOLLOWED:
                    made += sum(_look(session, item, distance, clock) for item in request.items)
                    _tell_overdue(session, request, at=clock.now())
    return made


def send_mails(database: Database, clock: Clock, settings: Settings, files: FileStore) -> int:
    """Send the mails that wait, one after the other; returns how many left.

    Claimed and committed before the server is asked: a mail whose sending broke off is never sent again
    unless a person says so.
    """
    with database.reading() as session:
        waiting = outbox.take(session, MAIL_CONSUMER, at=clock.now(), limit=BATCH)
    left = 0
    for one in waiting:
        ready = None
        with database.writing() as session:
            notice = session.get(Notice, one.thing_id)
            if notice is not None and sending.claim_mail(session, notice, at=clock.now()):
                ready = _readable(session, notice, files, at=clock.now())
            outbox.done(session, [one])
        if ready is not None:
            left += _send_one(database, clock, settings, one.thing_id, ready)
    return left


def find_lost_mails(database: Database, clock: Clock) -> int:
    """Mails whose sending broke off with the process: nobody knows whether they left."""
    with database.writing() as session:
        lost = session.scalars(
            select(Notice).where(
                Notice.state == NoticeState.SENDING, Notice.begun_at < clock.now() - LOST_AFTER
            )
        ).all()
        for notice in lost:
            error = "the sending broke off"
            sending.mail_failed(session, notice, error, at=clock.now(), maybe_sent=True)
    return len(lost)


def _take_look(session: Session, observation_id: int, distance: timedelta, *, at: datetime) -> None:
    seen = session.get(Observation, observation_id)
    if seen is None or seen.asked_kind != ASKED or seen.asked_id is None:
        return
    item = session.get(TakedownItem, seen.asked_id)
    if item is not None:
        looks.take_in(session, item, distance, at=at)


def _send_one(
    database: Database, clock: Clock, settings: Settings, notice_id: int, letter: mail.Letter
) -> int:
    try:
        answer = mail.hand_over(mail.build(letter, settings, at=clock.now()), settings)
    except RasoatError as error:
        log.warning("mail not sent", notice=notice_id, error=str(error))
        with database.writing() as session:
            row = session.get_one(Notice, notice_id)
            unsure = isinstance(error, mail.MaybeSent)
            sending.mail_failed(session, row, str(error), at=clock.now(), maybe_sent=unsure)
        return 0
    with database.writing() as session:
        row = session.get_one(Notice, notice_id)
        sending.mail_left(session, row, answer, at=clock.now())
    return 1


def _readable(
    session: Session, notice: Notice, files: FileStore, *, at: datetime
) -> mail.Letter | None:
    """The letter; None, and the notice failed, when its file is gone, changed or out of reach."""
    try:
        return _letter(notice, files)
    except (RasoatError, OSError) as error:
        log.warning("letter cannot be read", notice=notice.id, error=str(error))
        said = f"the letter cannot be read: {error}"
        sending.mail_failed(session, notice, said, at=at, maybe_sent=False)
        return None


def _letter(notice: Notice, files: FileStore) -> mail.Letter:
    request = notice.request
    again = notice.kind == NoticeKind.RENOTICE
    subject = (
        f"{request.number}: {'đôn đốc' if again else 'yêu cầu'} gỡ bỏ thông tin vi phạm pháp luật"
    )
    asked = (
        f"Đề nghị Quý cơ quan, tổ chức, cá nhân gỡ bỏ {len(request.items):02d} nội dung nêu trong công văn "
        f"kèm theo, chậm nhất {request.hours:02d} giờ kể từ khi nhận được yêu cầu này "
        f"({request.deadline_source})."
    )
    lines = [f"Kính gửi: {request.recipient}", asked]
    lines += [f"- {item.url}" for item in request.items if item.state != ItemState.REMOVED]
    if notice.attempts > 1:
        lines.append(
            f"Đây là lần gửi thứ {notice.attempts:02d} của cùng một thư (mã thư {notice.reference}); "
            "nếu đã nhận được, xin bỏ qua thư này."
        )
    return mail.Letter(
        message_id=notice.reference,
        to=notice.recipient,
        subject=subject,
        body="\n\n".join(lines) + "\n",
        attachment=files.get(notice.file_digest),
        filename=f"{request.number}.docx",
    )


def _look(session: Session, item: TakedownItem, distance: timedelta, clock: Clock) -> int:
    due = next_look_at(item, distance)
    if due is None or due > clock.now() or _is_wished(session, item):
        return 0
    wish(
        session,
        WishKind.LOOK,
        item.url,
        SYSTEM,
        at=clock.now(),
        post=item.post,
        asked_kind=ASKED,
        asked_id=item.id,
    ).unit_id = item.unit_id
    return 1


def next_look_at(item: TakedownItem, distance: timedelta) -> datetime | None:
    """When the address is looked at next; None: no more, or not yet sent."""
    request = item.request
    deadlines = [notice.deadline_at for notice in request.notices if notice.deadline_at]
    if request.sent_at is None or not deadlines:
        return None
    return next_look(
        LookClock(
            sent_at=request.sent_at,
            deadline_at=max(deadlines),
            state=ItemState(item.state),
            last_at=item.last_looked_at,
            first_gone_at=item.first_gone_at,
            removed_at=item.removed_at,
        ),
        distance,
    )


def _is_wished(session: Session, item: TakedownItem) -> bool:
    open_wish = select(Wish.id).where(
        Wish.kind
        == WishKind.LOOK,  # a capture that no browser can make must not keep looks waiting
        Wish.asked_kind == ASKED,
        Wish.asked_id == item.id,
        Wish.state.in_(["waiting", "leased"]),
    )
    return session.scalars(open_wish.limit(1)).first() is not None


def _tell_overdue(session: Session, request: TakedownRequest, *, at: datetime) -> None:
    """An address seen at or after the latest deadline: overdue, aloud, with one task for each sending."""
    sent = [notice for notice in request.notices if notice.deadline_at is not None]
    latest = max(sent, key=lambda notice: notice.deadline_at or at)
    deadline = latest.deadline_at
    if request.state != RequestState.SENT or deadline is None or latest.task_made:
        return
    seen = [
        item.online_at
        for item in request.items
        if item.state in VISIBLE and item.online_at is not None and item.online_at >= deadline
    ]
    unseen = [
        item
        for item in request.items
        if item.state == ItemState.UNCLEAR and at >= deadline + LOST_AFTER
    ]
    if not seen and not unseen:
        return
    latest.task_made = True
    if seen:
        request.overdue_at = request.overdue_at or min(seen)
        audit.record(session, SYSTEM, "takedown:overdue", request.id, at=at, notice=latest.id)
    if request.case.state == CaseState.CLOSED:
        return
    what = "Đôn đốc" if seen else "Xác nhận tình trạng các đường dẫn của"
    due = f"quá hạn {office_time(deadline):%d/%m/%Y %H:%M}"
    add_task(
        session,
        SYSTEM,
        request.case,
        f"{what} yêu cầu gỡ bỏ {request.number} ({due})",
        at=at,
        assignee_id=None,
        due_at=at,
        escalate_at=request.escalate_at,
        origin=f"takedown:{request.id}",
    )
