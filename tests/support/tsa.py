"""A time stamp authority for tests: OpenSSL answers, a small HTTP server carries; its own root, made at start."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[root_ext]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa_ext]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass
class Authority:
    """Where it answers, its root certificate, and what it does next."""

    url: str
    root: Path
    folder: Path
    asked: int = 0
    broken: bool = False

    def answer(self, query: bytes) -> bytes:
        asked = self.folder / "query.tsq"
        asked.write_bytes(query)
        return _openssl(
            "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-queryfile", str(asked)
        )


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """An authority that answers on a port of this machine for as long as the context is open."""
    _make(folder)
    told = Authority("", folder / "root.pem", folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked += 1
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(500 if told.broken else 200)
            self.end_headers()
            self.wfile.write(b"out of order" if told.broken else told.answer(query))

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/tsr"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _make(folder: Path) -> None:
    config = folder / "tsa.cnf"
    config.write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-config", str(config))
    root_key, root = str(folder / "root.key"), str(folder / "root.pem")
    key, request, signed = (str(folder / name) for name in ("tsa.key", "tsa.csr", "tsa.pem"))
    config_root = folder / "req.cnf"
    config_root.write_text(_CONFIG.format(folder=folder) + "[req]\ndistinguished_name=dn\n[dn]\n")
    new = (*new[:-1], str(config_root))
    _openssl(
        *new,
        "-subj",
        "/CN=Made-up root",
        "-extensions",
        "root_ext",
        "-keyout",
        root_key,
        "-out",
        root,
    )
    _openssl(
        "req", "-newkey", "rsa:2048", "-nodes", "-config", str(config_root),
        "-subj", "/CN=Made-up time stamps", "-keyout", key, "-out", request,
    )  # fmt: skip
    _openssl(
        "x509", "-req", "-in", request, "-CA", root, "-CAkey", root_key, "-CAcreateserial",
        "-days", "30", "-extfile", str(config), "-extensions", "tsa_ext", "-out", signed,
    )  # fmt: skip


def _openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout
