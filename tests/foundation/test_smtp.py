"""Mail servers are checked before they are told a password, over real connections."""

import datetime
import smtplib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from foundation import smtp
from foundation.settings import Settings

pytestmark = pytest.mark.net
ELSEWHERE = "0.0.0.0"  # noqa: S104 - leads to this machine too, yet is none of its own names
HERE = "127.0.0.1"


@dataclass
class Relay:
    """A mail server on every address of this machine, and the words that it was told, with their secrecy."""

    port: int
    encrypts: str
    heard: list[tuple[str, bool]] = field(default_factory=list)

    def url(self, host: str, login: str = "") -> Settings:
        scheme = "smtps" if self.encrypts == "at once" else "smtp"
        return Settings(smtp_url=f"{scheme}://{login}{host}:{self.port}")

    @property
    def logins(self) -> list[bool]:
        """Whether each password that came was encrypted."""
        return [secret for word, secret in self.heard if word == "AUTH"]


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        relay: Relay = self.server.relay  # type: ignore[attr-defined]
        context: ssl.SSLContext = self.server.context  # type: ignore[attr-defined]
        try:
            if relay.encrypts == "at once":
                self.request = context.wrap_socket(self.request, server_side=True)
            self._talk(relay, context)
        except OSError:
            return  # the other side did not trust us
        finally:
            self.request.close()

    def _talk(self, relay: Relay, context: ssl.SSLContext) -> None:
        self._say("220 relay.example ESMTP")
        while line := self._line():
            word = line.split()[0].decode().upper()
            secret = isinstance(self.request, ssl.SSLSocket)
            relay.heard.append((word, secret))
            if word == "STARTTLS":
                self._say("220 go on")
                self.request = context.wrap_socket(self.request, server_side=True)
            elif word == "EHLO":
                offer = relay.encrypts == "when asked" and not secret
                self._say("250-relay.example")
                self._say("250-STARTTLS" if offer else "250-8BITMIME")
                self._say("250 AUTH PLAIN")
            else:
                self._say("235 welcome" if word == "AUTH" else "250 ok")

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and (part := self.request.recv(1)):
            line += part
        return line

    def _say(self, text: str) -> None:
        self.request.sendall(text.encode() + b"\r\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PEM file with a key and a certificate for ELSEWHERE that no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(ELSEWHERE))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("relay") / "relay.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(params=["when asked"])
def relay(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Relay]:
    with socketserver.ThreadingTCPServer((ELSEWHERE, 0), _Handler) as server:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # type: ignore[attr-defined]
        server.context.load_cert_chain(certificate)  # type: ignore[attr-defined]
        server.relay = Relay(server.server_address[1], request.param)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.relay  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


secretly = pytest.mark.parametrize("relay", ["when asked", "at once"], indirect=True)
in_clear = pytest.mark.parametrize("relay", ["never"], indirect=True)
LOGIN = "so:mat-khau-000@"


@secretly
def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(relay: Relay) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        smtp.connected(relay.url(ELSEWHERE, LOGIN), timeout=5)
    assert relay.logins == []


@secretly
def test_a_trusted_server_is_told_the_password_encrypted(
    relay: Relay, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = smtp.connected(relay.url(ELSEWHERE, LOGIN), timeout=5)
    assert server.noop()[0] == 250
    server.close()
    assert relay.logins == [True]


@secretly
def test_the_certificate_of_another_host_is_none(
    relay: Relay, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(smtp, "is_here", lambda _host: False)
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        smtp.connected(relay.url(HERE, LOGIN), timeout=5)
    assert relay.logins == []


@in_clear
def test_no_password_crosses_the_network_in_clear(relay: Relay) -> None:
    with pytest.raises(smtplib.SMTPNotSupportedError, match="the password was not sent"):
        smtp.connected(relay.url(ELSEWHERE, LOGIN), timeout=5)
    assert relay.logins == []
    smtp.connected(relay.url(ELSEWHERE), timeout=5).close()  # a relay that wants no password


@in_clear
def test_a_relay_on_this_machine_may_do_without_encryption(relay: Relay) -> None:
    smtp.connected(relay.url(HERE, LOGIN), timeout=5).close()
    assert relay.logins == [False]


@secretly
def test_a_relay_on_this_machine_may_vouch_for_itself(relay: Relay) -> None:
    smtp.connected(relay.url(HERE, LOGIN), timeout=5).close()
    assert relay.logins == [True]


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("localhost.example", False)],
)
def test_only_its_own_names_are_this_machine(host: str, here: bool) -> None:
    assert smtp.is_here(host) is here
