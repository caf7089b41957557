"""The one way to a mail server: encrypted and checked, or without a password."""

import smtplib
import ssl
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from foundation.settings import Settings


def connected(settings: Settings, *, timeout: float) -> smtplib.SMTP:
    """The deployment's mail server, greeted and logged in; the caller closes it.

    OSError (smtplib's own are that too) when it is not there, its certificate is not trusted, or a password
    would have to cross the network in clear. Nothing has left then.
    """
    address = urlsplit(settings.smtp_url)
    host, port = address.hostname or "localhost", address.port or 0
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=timeout, context=_context(host))
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        encrypted = address.scheme == "smtps" or _encrypt(server, host)
        _log_in(server, address, safe=encrypted or is_here(host))
    except BaseException:
        server.close()
        raise
    return server


def is_here(host: str) -> bool:
    """Whether it is this machine, whose own traffic nobody else reads."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _context(host: str) -> ssl.SSLContext:
    """The certificate must be trusted and be the host's."""
    context = ssl.create_default_context()
    if is_here(host):  # a relay on this machine has a certificate that it made for itself
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _encrypt(server: smtplib.SMTP, host: str) -> bool:
    """STARTTLS, where it is offered."""
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=_context(host))
    server.ehlo()
    return True


def _log_in(server: smtplib.SMTP, address: SplitResult, *, safe: bool) -> None:
    if not address.username:
        return
    if not safe:
        raise smtplib.SMTPNotSupportedError(
            "the server offers no encryption (STARTTLS): the password was not sent"
        )
    server.login(unquote(address.username), unquote(address.password or ""))
