"""Time stamps of an outside authority on evidence (dấu thời gian, RFC 3161): asked for, checked, kept.

The authority sees the digest of an item and nothing else. Its answer is kept whole, so that anybody can check it
with other tools: `openssl ts -verify -in ANSWER -digest DIGEST -CAfile ROOTS`.
"""

import hashlib
import http.client
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.evidence import custody
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import TimeStamp
from casework.evidence.service import claim_of
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Unavailable
from foundation.files import FileStore
from foundation.people import SYSTEM

TIMEOUT = 20
MOST_ANSWER = 2**20
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)
GRANTED = {0, 1}
"""granted, grantedWithMods (RFC 3161, 2.4.2)."""


class NoStamp(Unavailable):
    """The authority did not answer, or its answer proves nothing; it is asked again later."""

    key = "error.evidence.stamp"


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom to ask, and by which root certificates its answers are checked (PEM; empty: they are not)."""

    url: str
    roots: bytes = b""

    @classmethod
    def of(cls, url: str, certificates: Path | None) -> "Authority | None":
        """The authority of a deployment's settings; None where none is configured."""
        if not url:
            return None
        return cls(url, certificates.read_bytes() if certificates else b"")


@dataclass(frozen=True, slots=True)
class Stamped:
    """The authority's answer as it came (DER), and the time it names."""

    answer: bytes
    at: datetime


def ask(authority: Authority, data: bytes) -> Stamped:
    """A time stamp on the SHA-256 of the data. NoStamp with the reason."""
    # Fifteen megabytes of cryptography, which only those need who ask for a stamp or read one.
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    sent = urllib.request.Request(  # noqa: S310 - the setting takes only http and https
        authority.url,
        data=request.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
    )
    try:
        with urllib.request.urlopen(sent, timeout=TIMEOUT) as answered:  # noqa: S310
            answer = answered.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoStamp(f"{authority.url} does not answer: {error}", about=authority.url) from error
    return Stamped(answer, checked(answer, data, authority, nonce=request.nonce))


def checked(
    answer: bytes, data: bytes, authority: Authority, *, nonce: int | None = None
) -> datetime:
    """The time that an answer names, when it is one on this data. NoStamp with the reason."""
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        response = decode_timestamp_response(_in_order(answer))
        if response.status not in GRANTED:
            raise NoStamp(f"{authority.url} refused: status {response.status}", about=authority.url)
        if nonce is not None and response.tst_info.nonce != nonce:
            raise NoStamp(f"{authority.url} answered another request", about=authority.url)
        verifier = VerifierBuilder()
        for root in load_pem_x509_certificates(authority.roots) if authority.roots else ():
            verifier = verifier.add_root_certificate(root)
        if authority.roots:
            verifier.build().verify_message(response, data)
        elif response.tst_info.message_imprint.message != _sha256(data):
            raise NoStamp(f"{authority.url} stamped something else", about=authority.url)
        return response.tst_info.gen_time.astimezone(UTC)
    except (ValueError, VerificationError) as error:
        raise NoStamp(f"{authority.url}: {error}", about=authority.url) from error


def stamp_waiting(
    database: Database, files: FileStore, clock: Clock, authority: Authority, *, most: int = 20
) -> int:
    """Stamp items that have no stamp yet; an entry point that can be done twice. Returns how many were stamped.

    What fails is tried again later and later; one that does not answer at all is asked only once a round.
    """
    with database.writing() as session:
        _enter(session, at=clock.now(), most=most)
    with database.reading() as session:
        due = session.scalars(
            select(TimeStamp.id)
            .where(TimeStamp.token == "", TimeStamp.next_try_at <= clock.now())
            .order_by(TimeStamp.id)
            .limit(most)
        ).all()
    done = 0
    for stamp_id in due:
        if not _stamp(database, files, clock, authority, stamp_id):
            break
        done += 1
    return done


def waits(session: Session, *, at: datetime) -> bool:
    """Whether an item has no stamp, or one may be asked for again."""
    due = select(TimeStamp.id).where(TimeStamp.token == "", TimeStamp.next_try_at <= at)
    return session.scalar(due.limit(1)) is not None or bool(_without(session, 1))


def stamps_of(session: Session, items: list[int]) -> dict[int, TimeStamp]:
    """The stamps of these items by their ids; only those that were given."""
    rows = session.scalars(
        select(TimeStamp).where(TimeStamp.item_id.in_(items), TimeStamp.token != "")
    )
    return {row.item_id: row for row in rows}


def _without(session: Session, most: int) -> list[EvidenceItem]:
    stamped = select(TimeStamp.item_id)
    query = select(EvidenceItem).where(EvidenceItem.id.not_in(stamped))
    return list(session.scalars(query.order_by(EvidenceItem.id).limit(most)))


def _enter(session: Session, *, at: datetime, most: int) -> None:
    for item in _without(session, most):
        session.add(
            TimeStamp(item_id=item.id, imprint=item.manifest_digest, next_try_at=at, created_at=at)
        )


def _stamp(
    database: Database, files: FileStore, clock: Clock, authority: Authority, stamp_id: int
) -> bool:
    with database.reading() as session:
        row = session.get_one(TimeStamp, stamp_id)
        claim = claim_of(session.get_one(EvidenceItem, row.item_id)).encode()
    try:
        stamped = ask(authority, claim)
    except NoStamp as error:
        _put_off(database, clock, stamp_id, str(error))
        return False
    token = files.put(stamped.answer)
    with database.writing() as session:
        row = session.get_one(TimeStamp, stamp_id)
        if row.token:
            return True
        item = session.get_one(EvidenceItem, row.item_id)
        row.token, row.stamped_at, row.authority, row.error = token, stamped.at, authority.url, ""
        custody.add(session, item, "stamped", SYSTEM, at=clock.now(), detail=token)
        audit.record(session, SYSTEM, "evidence:stamp", item.id, at=clock.now(), token=token)
    return True


def _put_off(database: Database, clock: Clock, stamp_id: int, why: str) -> None:
    with database.writing() as session:
        row = session.get_one(TimeStamp, stamp_id)
        row.attempts += 1
        row.error = why[:500]
        row.next_try_at = clock.now() + min(FIRST_WAIT * 2 ** min(row.attempts, 12), LONGEST_WAIT)


def _in_order(answer: bytes) -> bytes:
    """The answer with its certificates in the order that DER wants: OpenSSL sends them as they stand in its file.

    They are not signed, so their order proves nothing; the reader of answers takes no other.
    """
    from asn1crypto import tsp

    return bytes(tsp.TimeStampResp.load(answer).dump(force=True))


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
