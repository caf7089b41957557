"""A request by mail (thư điện tử): built, handed to the mail server, its answer kept as the receipt.

A failure says which kind it is: before the server took the message nothing left; when the connection is lost
while it answers, the message may have left, and only a person may decide to send it again.
"""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from foundation import smtp
from foundation.clock import office_time
from foundation.errors import InvalidInput, Unavailable
from foundation.settings import Settings

TIMEOUT_SECONDS = 20
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+|[^@\s,;<>]+@localhost")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class NotSent(Unavailable):
    """The mail did not leave: no server, refused, no such recipient."""

    key = "error.takedown.mail_not_sent"


class MaybeSent(Unavailable):
    """The connection broke while the server took the message; it may have left."""

    key = "error.takedown.mail_uncertain"


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: one recipient, one attached letter."""

    message_id: str
    to: str
    subject: str
    body: str
    attachment: bytes
    filename: str


def require_address(to: str) -> str:
    """The mail address; InvalidInput unless it is exactly one."""
    cleaned = to.strip()
    if not _ADDRESS.fullmatch(cleaned):
        raise InvalidInput(
            f"{cleaned!r} is no mail address", about="recipient", key="error.takedown.mail_address"
        )
    return cleaned


def new_message_id(settings: Settings) -> str:
    """Made and stored before the first attempt, and kept for every later one."""
    return make_msgid(domain=urlsplit(settings.base_url).hostname or "localhost")


def build(letter: Letter, settings: Settings, *, at: datetime) -> EmailMessage:
    """The message with the letter attached, dated in the office's time."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender(settings)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(office_time(at))
    message.set_content(letter.body)
    main, _, kind = DOCX.partition("/")
    message.add_attachment(letter.attachment, maintype=main, subtype=kind, filename=letter.filename)
    return message


def sender(settings: Settings) -> str:
    """The office's own address: its contact, else a name at its host."""
    contact = settings.contact.removeprefix("mailto:")
    if "@" in contact:
        return contact
    return f"rasoat@{urlsplit(settings.base_url).hostname or 'localhost'}"


def hand_over(message: EmailMessage, settings: Settings) -> str:
    """Give the message to the mail server; returns its answer. NotSent or MaybeSent."""
    if not settings.smtp_url:
        raise NotSent("no mail server is set (RASOAT_SMTP_URL)", about="mail")
    address = urlsplit(settings.smtp_url)
    try:
        server = smtp.connected(settings, timeout=TIMEOUT_SECONDS)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{address.hostname}: {error}", about="mail") from error
    try:
        _envelope(server, message)
        return _data(server, message)
    finally:
        server.close()


def _envelope(server: smtplib.SMTP, message: EmailMessage) -> None:
    """MAIL and RCPT: nothing has left yet when these fail."""
    try:
        code, answer = server.mail(str(message["From"]))
        if code == 250:
            code, answer = server.rcpt(str(message["To"]))
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(str(error), about="mail") from error
    if code not in {250, 251}:
        raise NotSent(_said(code, answer), about="mail")


def _data(server: smtplib.SMTP, message: EmailMessage) -> str:
    """DATA: an answer decides; without one nobody knows."""
    try:
        code, answer = server.data(message.as_bytes())
    except smtplib.SMTPDataError as error:
        raise NotSent(_said(error.smtp_code, error.smtp_error), about="mail") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MaybeSent(str(error), about="mail") from error
    if code != 250:
        raise NotSent(_said(code, answer), about="mail")
    return _said(code, answer)


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"[:1000]
