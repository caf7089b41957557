"""Mails a one-time link, where the deployment has a mail server."""

from email.message import EmailMessage
from urllib.parse import urlsplit

from flask_babel import force_locale, gettext

from foundation import smtp
from foundation.errors import Unavailable
from foundation.people import User
from foundation.settings import Settings

TIMEOUT_SECONDS = 10


def send_link(settings: Settings, user: User, link: str) -> bool:
    """Mail the link to its owner, in their language. False without a mail server; Unavailable when it fails."""
    if not settings.smtp_url or "." not in user.email.partition("@")[2]:
        return False
    try:
        with smtp.connected(settings, timeout=TIMEOUT_SECONDS) as server:
            server.send_message(_message(settings, user, link))
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise Unavailable("the mail server does not answer", about="mail") from error
    return True


def _message(settings: Settings, user: User, link: str) -> EmailMessage:
    message = EmailMessage()
    with force_locale(user.language):
        message["Subject"] = gettext("Rà Soát: set your password")
        message.set_content(
            gettext(
                "Dear %(name)s,\n\nopen this link within 72 hours to set your password. It works once.\n\n"
                "%(link)s\n\nIf you expected nothing of the kind, tell your administrator.",
                name=user.name,
                link=link,
            )
        )
    sender = settings.contact if "@" in settings.contact else f"rasoat@{_host(settings)}"
    message["From"], message["To"] = sender, user.email
    return message


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or "localhost"
