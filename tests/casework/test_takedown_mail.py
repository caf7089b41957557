"""Requests that leave by mail, through a real SMTP server on this machine."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message

import pytest

import webui.models  # noqa: F401 - the tables of every room
from casework.domain.takedown_lifecycle import RequestState
from casework.takedowns import duties, sending
from casework.takedowns.models import Notice, NoticeState, TakedownRequest
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, InvalidInput, NotAllowedInState
from foundation.files import FolderStore
from foundation.outbox import pending
from foundation.settings import Settings
from tests.casework.takedown_office import Desk
from tests.support.people import People
from tests.support.posts import Posts

TO = "lienhe@dien-dan.example"


@dataclass
class Sink:
    """What the server was given, and how it behaves: `rcpt` and `data` are its answers; None hangs up."""

    url: str = ""
    mails: list[Message] = field(default_factory=list)
    rcpt: str = "250 ok"
    data: str | None = "250 2.0.0 queued as 4F00D"


class _Handler(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a mail."""

    def handle(self) -> None:
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        self._say("220 sink.example ESMTP")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                sink.mails.append(message_from_bytes(self._body()))
                if sink.data is None:
                    return
                self._say(sink.data)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say(sink.rcpt if word == b"RCPT" else "250 ok")

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.sink = Sink(f"smtp://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.sink  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(
    sqlite_database: Database,
    clock: MovableClock,
    files: FolderStore,
    settings: Settings,
    sink: Sink,
) -> Desk:
    people = People(sqlite_database, clock)
    own = replace(settings, smtp_url=sink.url, contact="thanh-tra@so.example")
    return Desk.open(sqlite_database, clock, people, files, own)


@pytest.fixture
def request_id(desk: Desk) -> int:
    post = Posts(desk.database, desk.clock)()
    return desk.approved(post, channel="mail", recipient_contact=TO)


pytestmark = pytest.mark.net


def queue(desk: Desk, request_id: int, to: str = TO) -> int:
    with desk.database.writing() as session:
        request = session.get_one(TakedownRequest, request_id)
        at = desk.clock.now()
        return sending.queue_mail(session, desk.inspector, request, to, desk.office, at=at).id


def run(desk: Desk) -> int:
    return duties.send_mails(desk.database, desk.clock, desk.settings, desk.files)


def notice(desk: Desk, request_id: int, index: int = -1) -> Notice:
    return desk.load(request_id).notices[index]


def retry(desk: Desk, request_id: int, *, confirmed: bool = False, index: int = -1) -> None:
    with desk.database.writing() as session:
        row = session.get_one(Notice, notice(desk, request_id, index).id)
        at = desk.clock.now()
        sending.retry_mail(session, desk.inspector, row, at=at, confirmed=confirmed)


def test_the_clock_starts_when_the_server_takes_the_mail(
    desk: Desk, request_id: int, sink: Sink, clock: MovableClock
) -> None:
    queue(desk, request_id)
    assert desk.load(request_id).state == RequestState.APPROVED
    clock.move(timedelta(minutes=7))
    assert run(desk) == 1
    request, sent = desk.load(request_id), notice(desk, request_id)
    assert (request.state, request.sent_at) == (RequestState.SENT, clock.now())
    assert request.deadline_at == clock.now() + timedelta(hours=24)
    assert (sent.state, sent.proof) == (NoticeState.SENT, "250 2.0.0 queued as 4F00D")
    (mail,) = sink.mails
    assert (mail["To"], mail["From"]) == (TO, "thanh-tra@so.example")
    assert mail["Message-ID"] == sent.reference


def test_the_letter_that_is_attached_is_the_one_that_is_kept(
    desk: Desk, request_id: int, sink: Sink, files: FolderStore
) -> None:
    queue(desk, request_id)
    run(desk)
    _text, attached = sink.mails[0].get_payload()  # type: ignore[misc]
    assert attached.get_filename() == "GB-2026-0001.docx"  # type: ignore[union-attr]
    payload = attached.get_payload(decode=True)  # type: ignore[union-attr]
    assert payload == files.get(notice(desk, request_id).file_digest)


def test_it_is_sent_once_however_often_the_job_runs(
    desk: Desk, request_id: int, sink: Sink
) -> None:
    notice_id = queue(desk, request_id)
    run(desk)
    with desk.database.writing() as session:
        from casework.takedowns.service import put_mail

        put_mail(session, session.get_one(Notice, notice_id), at=desk.clock.now())
    assert run(desk) == 0
    assert len(sink.mails) == 1
    with desk.database.reading() as session:
        assert pending(session, "takedown.mail") == 0


def test_a_refused_recipient_means_that_nothing_left(
    desk: Desk, request_id: int, sink: Sink
) -> None:
    sink.rcpt = "550 no such user"
    queue(desk, request_id)
    assert run(desk) == 0
    failed = notice(desk, request_id)
    assert (failed.state, failed.error) == (NoticeState.FAILED, "550 no such user")
    assert desk.load(request_id).state == RequestState.APPROVED
    sink.rcpt = "250 ok"
    retry(desk, request_id)
    assert run(desk) == 1
    assert desk.load(request_id).state == RequestState.SENT


def test_a_mail_that_may_have_left_is_sent_again_only_on_a_persons_word_under_the_same_id(
    desk: Desk, request_id: int, sink: Sink
) -> None:
    sink.data = None
    queue(desk, request_id)
    assert run(desk) == 0
    assert notice(desk, request_id).state == NoticeState.UNCERTAIN
    assert run(desk) == 0
    assert len(sink.mails) == 1
    with pytest.raises(Conflict):
        retry(desk, request_id)
    sink.data = "250 ok"
    retry(desk, request_id, confirmed=True)
    assert run(desk) == 1
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    text = second.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[index,union-attr]
    assert "Đây là lần gửi thứ 02 của cùng một thư" in text


def test_a_server_that_takes_no_data_has_not_taken_the_mail(
    desk: Desk, request_id: int, sink: Sink
) -> None:
    sink.data = "554 rejected as spam"
    queue(desk, request_id)
    run(desk)
    assert notice(desk, request_id).state == NoticeState.FAILED
    assert notice(desk, request_id).error == "554 rejected as spam"


def test_a_server_that_is_not_there_means_that_nothing_left(desk: Desk, request_id: int) -> None:
    desk.settings = replace(desk.settings, smtp_url="smtp://127.0.0.1:1")
    queue(desk, request_id)
    run(desk)
    assert notice(desk, request_id).state == NoticeState.FAILED


def test_a_sending_that_broke_off_with_its_process_is_told_not_repeated(
    desk: Desk, request_id: int, sink: Sink, clock: MovableClock
) -> None:
    notice_id = queue(desk, request_id)
    with desk.database.writing() as session:  # claimed, then the process died
        assert sending.claim_mail(session, session.get_one(Notice, notice_id), at=clock.now())
    assert run(desk) == 0
    assert duties.find_lost_mails(desk.database, clock) == 0
    clock.move(timedelta(minutes=11))
    assert duties.find_lost_mails(desk.database, clock) == 1
    assert notice(desk, request_id).state == NoticeState.UNCERTAIN
    assert sink.mails == []


@pytest.mark.parametrize("harm", ["gone", "changed", "unreadable"])
def test_a_letter_that_cannot_be_read_fails_alone_and_the_next_leaves(
    desk: Desk, request_id: int, sink: Sink, files: FolderStore, harm: str
) -> None:
    queue(desk, request_id)
    second = desk.approved(
        Posts(desk.database, desk.clock)(url="https://dien-dan.example/000", url_key="another"),
        channel="mail",
        recipient_contact=TO,
    )
    queue(desk, second)
    digest = notice(desk, request_id).file_digest
    kept, path = files.get(digest), next(files.folder.rglob(digest))
    path.unlink()
    if harm == "changed":
        path.write_bytes(kept + b"!")
    elif harm == "unreadable":
        path.mkdir()
    assert run(desk) == 1
    failed = notice(desk, request_id)
    assert failed.state == NoticeState.FAILED
    assert failed.error.startswith("the letter cannot be read")
    assert (desk.load(second).state, len(sink.mails)) == (RequestState.SENT, 1)
    with desk.database.reading() as session:
        assert pending(session, "takedown.mail") == 0
    if harm == "unreadable":
        path.rmdir()
    path.write_bytes(kept)
    retry(desk, request_id)  # nothing had left: no word of a person is needed
    assert run(desk) == 1
    assert desk.load(request_id).state == RequestState.SENT


def test_a_hold_stops_a_mail_that_waits(desk: Desk, request_id: int, sink: Sink) -> None:
    queue(desk, request_id)
    desk.act(request_id, "hold", desk.police, "Đang trinh sát")
    assert run(desk) == 0
    assert (notice(desk, request_id).state, sink.mails) == (NoticeState.FAILED, [])


def test_a_withdrawal_stops_a_mail_that_waits(desk: Desk, request_id: int, sink: Sink) -> None:
    queue(desk, request_id)
    desk.act(request_id, "withdraw", desk.inspector, "Nhầm nơi nhận")
    assert run(desk) == 0
    assert sink.mails == []


def test_nothing_else_is_sent_while_a_mail_is_on_its_way(desk: Desk, request_id: int) -> None:
    queue(desk, request_id)
    with pytest.raises(Conflict):
        queue(desk, request_id)
    with pytest.raises(Conflict):
        desk.send(request_id, desk.call())
    with pytest.raises(Conflict):
        desk.act(request_id, "unapprove", desk.approver, "Sai sót")


def test_a_failed_mail_sent_after_a_call_is_a_renotice(
    desk: Desk, request_id: int, sink: Sink
) -> None:
    sink.rcpt = "451 later"
    queue(desk, request_id)
    run(desk)
    desk.send(request_id, desk.call())
    deadline = desk.load(request_id).deadline_at
    sink.rcpt = "250 ok"
    retry(desk, request_id, index=0)
    assert run(desk) == 1
    request = desk.load(request_id)
    assert (request.state, request.deadline_at) == (RequestState.SENT, deadline)
    assert request.notices[0].kind == "renotice"


def test_a_mail_that_was_sent_cannot_be_tried_again(desk: Desk, request_id: int) -> None:
    queue(desk, request_id)
    run(desk)
    with pytest.raises(NotAllowedInState):
        retry(desk, request_id, confirmed=True)


@pytest.mark.parametrize(
    "to", ["", "hai@noi.example, nhan@noi.example", "không phải thư", "a@b\nBcc: x@y.example"]
)
def test_only_one_plain_address_is_taken(desk: Desk, request_id: int, to: str) -> None:
    with pytest.raises(InvalidInput):
        queue(desk, request_id, to)
