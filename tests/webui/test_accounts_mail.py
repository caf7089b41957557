"""Links are mailed where the deployment has a mail server, over a real connection."""

import dataclasses
import socket
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from tests.support.office import Office, open_office

pytestmark = [
    pytest.mark.net,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to receive a message."""

    received: list[EmailMessage]

    def handle(self) -> None:
        self.wfile.write(b"220 office\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.received.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[EmailMessage]]]:
    """The address of a mail server on this machine, and what it received."""
    received: list[EmailMessage] = []
    handler = type("Handler", (Mailbox,), {"received": received})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", received
        server.shutdown()
        thread.join(5)


def office_with_mail(
    settings: Settings, database: Database, clock: MovableClock, smtp_url: str
) -> Office:
    changed = dataclasses.replace(settings, smtp_url=smtp_url, contact="hotro@so.example")
    return open_office(changed, database, clock)


def invite(office: Office) -> str:
    """Invite somebody; the page that comes next."""
    admin = office.logged_in(Role.ADMINISTRATOR)
    admin.get("/people/invite")
    form = {"email": "moi@office.example", "name": "Đỗ Thị Mới", "roles": ["inspector"]}
    answer = admin.post("/people/invite", form)
    assert answer.status_code == 303
    return admin.get(answer.location).text


def test_the_link_is_mailed_to_its_owner_in_their_language(
    settings: Settings,
    database: Database,
    clock: MovableClock,
    mailbox: tuple[str, list[EmailMessage]],
) -> None:
    url, received = mailbox
    office = office_with_mail(settings, database, clock, url)
    page = invite(office)
    (message,) = received
    assert (message["To"], message["From"]) == ("moi@office.example", "hotro@so.example")
    assert message["Subject"] == "Rà Soát: đặt mật khẩu"
    text = message.get_content()
    assert "Kính gửi Đỗ Thị Mới" in text
    link = "/set-password/" + text.split("/set-password/")[1].split()[0]
    assert link in page
    assert office.browser().get(link).status_code == 200
    assert "Đã gửi liên kết đến moi@office.example" in page


def test_a_mail_server_that_does_not_answer_loses_nothing(
    settings: Settings, database: Database, clock: MovableClock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    office = office_with_mail(settings, database, clock, f"smtp://127.0.0.1:{port}")
    page = invite(office)
    assert "Không gửi được liên kết qua thư" in page
    assert "/set-password/" in page
