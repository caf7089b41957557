"""The server's TLS certificate: as the browser saw it, and as it is in itself."""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509

from crawler.guard import AddressGuard

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Response

SECONDS = 8.0


async def certificates_of(
    session: "CDPSession", response: "Response | None", url: str
) -> tuple[list[bytes], dict[str, Any]]:
    """The chain (DER, the server's own first) that the browser holds, and what it says of the connection."""
    parts = urlsplit(url)
    chain: list[bytes] = []
    security: dict[str, Any] = {}
    with suppress(Exception):
        asked = session.send("Network.getCertificate", {"origin": f"https://{parts.netloc}"})
        chain = [base64.b64decode(one) for one in (await asyncio.wait_for(asked, 3))["tableNames"]]
    with suppress(Exception):
        if response is not None:
            told = await asyncio.wait_for(response.security_details(), 3)
            security = dict(told or {})
    return chain, security


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a connection of our own showed: the certificate, the protocol, and why it is not trusted."""

    der: bytes = b""
    protocol: str = ""
    distrust: str = ""


def handshake(url: str, guard: AddressGuard) -> Handshake:
    """Ask the server for its certificate, checked against this machine's authorities; empty without an answer."""
    trusting = ssl.create_default_context()
    try:
        return _connect(url, guard, trusting, "")
    except ssl.SSLCertVerificationError as error:
        distrust = error.verify_message or str(error)
    except Exception:  # noqa: BLE001 - a certificate that cannot be had is a gap, not a failure of the capture
        return Handshake()
    anyhow = ssl.create_default_context()
    anyhow.check_hostname = False
    anyhow.verify_mode = ssl.CERT_NONE  # it is recorded, nothing is trusted because of it
    try:
        return _connect(url, guard, anyhow, distrust[:200])
    except Exception:  # noqa: BLE001 - see above
        return Handshake()


def _connect(url: str, guard: AddressGuard, context: ssl.SSLContext, distrust: str) -> Handshake:
    parts = urlsplit(url)
    with (
        guard.connect(parts.hostname or "", parts.port or 443, SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
    ):
        der = secure.getpeercert(binary_form=True) or b""
        return Handshake(der, secure.version() or "", distrust)


def described(
    url: str, chain: Sequence[bytes], security: dict[str, Any], own: Handshake
) -> dict[str, Any]:
    """What a capture keeps about the connection, as JSON: by the browser, and by a connection of our own."""
    if urlsplit(url).scheme != "https":
        return {"tls": False}
    found: dict[str, Any] = {"tls": True, "protocol": security.get("protocol") or own.protocol}
    if security:
        names = ("protocol", "subjectName", "issuer", "validFrom", "validTo")
        found["browser"] = {name: security[name] for name in names if name in security}
    if own.der:
        found["trusted"] = not own.distrust
        if own.distrust:
            found["distrust"] = own.distrust
        if chain:
            found["same_in_browser"] = own.der == chain[0]
    shown = list(chain) or ([own.der] if own.der else [])
    if shown:
        found["seen"] = "by the browser" if chain else "in a connection of its own"
        found["certificates"] = [_one(der) for der in shown[:6]]
    return found


def summary(tls: Mapping[str, Any]) -> dict[str, Any]:
    """The little of it that a page shows."""
    names = ("tls", "protocol", "trusted", "distrust", "seen")
    found = {name: tls[name] for name in names if name in tls}
    if first := next(iter(tls.get("certificates", ())), None):
        names = ("subject", "issuer", "valid_from", "valid_to", "sha256")
        found |= {name: first[name] for name in names if name in first}
    return found


def _one(der: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"sha256": hashlib.sha256(der).hexdigest()}
    with suppress(ValueError, TypeError):
        read = x509.load_der_x509_certificate(der)
        told |= {
            "subject": read.subject.rfc4514_string(),
            "issuer": read.issuer.rfc4514_string(),
            "serial": f"{read.serial_number:x}",
            "valid_from": read.not_valid_before_utc.isoformat(),
            "valid_to": read.not_valid_after_utc.isoformat(),
        }
        with suppress(x509.ExtensionNotFound, ValueError):
            names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            told["names"] = names.get_values_for_type(x509.DNSName)[:50]
    told["pem"] = ssl.DER_cert_to_PEM_cert(der)
    return told
