"""The server's TLS certificate: as the browser saw it, and as it is in itself."""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import Sequence
from contextlib import suppress
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


def fetch_certificate(url: str, guard: AddressGuard) -> tuple[list[bytes], str]:
    """The certificate and the protocol's version by a connection of our own; empty when there is none."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # it is recorded, nothing is trusted because of it
    try:
        with (
            guard.connect(parts.hostname or "", parts.port or 443, SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
        ):
            der = secure.getpeercert(binary_form=True)
            return ([der] if der else []), secure.version() or ""
    except Exception:  # noqa: BLE001 - a certificate that cannot be had is a gap, not a failure of the capture
        return [], ""


def described(
    url: str, chain: Sequence[bytes], security: dict[str, Any], *, own: bool, protocol: str = ""
) -> dict[str, Any]:
    """What a capture keeps about the connection, as JSON. `own`: the certificate came by another connection."""
    if urlsplit(url).scheme != "https":
        return {"tls": False}
    found: dict[str, Any] = {"tls": True, "protocol": security.get("protocol") or protocol}
    if security:
        found["browser"] = {
            name: security[name]
            for name in ("protocol", "subjectName", "issuer", "validFrom", "validTo")
            if name in security
        }
    if chain:
        found["seen"] = "in a connection of its own" if own else "by the browser"
        found["certificates"] = [_one(der) for der in chain[:6]]
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
