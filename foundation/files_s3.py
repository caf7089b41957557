"""The store of files in a bucket of an S3-compatible server; the same contract as the folder."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from foundation.errors import IntegrityError, NotFound, Unavailable
from foundation.files import Swept, digest_of, is_digest
from foundation.files_room import Room
from foundation.settings import Settings

FRESH = timedelta(days=1)
"""A file that was stored longer ago is stored again when it comes again: so its age tells who may need it."""
MARKED = timedelta(minutes=10)
TRIES, PAUSE = 40, 0.25
_MISSING = {"404", "NoSuchKey", "NotFound", "NoSuchUpload"}


class BucketStore:
    """Files of one bucket, each under its digest; the bucket has to exist."""

    def __init__(self, client: Any, bucket: str, room: Room | None = None) -> None:
        self._client = client
        self.bucket = bucket
        self.room = room

    @classmethod
    def of(cls, settings: Settings, room: Room | None = None) -> "BucketStore":
        """The bucket of a deployment: `https://host/bucket` with the keys of its settings."""
        parts = urlsplit(settings.s3_url)
        client = boto3.client(
            "s3",
            endpoint_url=f"{parts.scheme}://{parts.netloc}",
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key,
            aws_secret_access_key=settings.s3_secret_key,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "path"},
                # What servers other than Amazon's do not know they refuse.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        return cls(client, parts.path.strip("/"), room)

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()

        def send() -> None:
            self._client.put_object(Bucket=self.bucket, Key=_key(digest), Body=data)

        return self._put(digest, len(data), send)

    def put_file(self, path: Path) -> str:
        with path.open("rb") as source:
            digest = digest_of(source)

        def send() -> None:
            self._client.upload_file(str(path), self.bucket, _key(digest))

        return self._put(digest, path.stat().st_size, send)

    def get(self, digest: str) -> bytes:
        with self.open(digest) as body:
            data = body.read()
        if hashlib.sha256(data).hexdigest() != digest:
            raise IntegrityError(f"file {digest} was changed", about=digest)
        return data

    def open(self, digest: str) -> BinaryIO:
        with self._asked(digest):
            answer = self._client.get_object(Bucket=self.bucket, Key=_key(digest))
        return cast("BinaryIO", answer["Body"])

    def intact(self, digest: str) -> bool:
        with self.open(digest) as file:
            return digest_of(file) == digest

    def length(self, digest: str) -> int:
        with self._asked(digest):
            found = self._client.head_object(Bucket=self.bucket, Key=_key(digest))
        return int(found["ContentLength"])

    def exists(self, digest: str) -> bool:
        return self._stored_at(digest) is not None

    def delete(self, digest: str) -> None:
        size = self._size_of(digest) if self.room else 0
        with self._asked(digest):
            self._client.delete_object(Bucket=self.bucket, Key=_key(digest))
        if self.room:
            self.room.add(-size)

    def discard(self, digest: str, before: datetime) -> bool:
        # A bucket cannot look and delete at once. A mark stands from before the look until after the deletion,
        # and whoever stores looks for it afterwards: see `_put`.
        self._mark(digest)
        try:
            stored = self._stored_at(digest)
            if stored is not None and stored >= before:
                return False
            if stored is not None:
                self.delete(digest)
            return True
        finally:
            self._unmark(digest)

    def sweep(self, before: datetime) -> Swept:
        gone = 0
        for one in list(self._begun()):
            if one["Initiated"] < before:
                with suppress(NotFound), self._asked(one["Key"]):
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket, Key=one["Key"], UploadId=one["UploadId"]
                    )
                    gone += 1
        return Swept(gone)

    def digests(self) -> Iterator[str]:
        for digest, _size in self.sizes():
            yield digest

    def sizes(self) -> Iterator[tuple[str, int]]:
        for one in self._listed():
            yield one["Key"].rpartition("/")[2], int(one["Size"])

    def size(self) -> int:
        return sum(size for _digest, size in self.sizes())

    def _put(self, digest: str, size: int, send: Callable[[], None]) -> str:
        """Store it, unless that was done within the last day; then make sure that nobody discarded it meanwhile.

        Whoever discards marks, looks, deletes, unmarks. So when there is no mark after we stored and the file is
        there, nobody who looked before we stored can delete it any more.
        """
        sent = False
        for _ in range(TRIES):
            stored = self._stored_at(digest)
            if stored is None or datetime.now(UTC) - stored > FRESH:
                with self._taken(0 if stored else size), self._asked(digest):
                    send()
                sent = True
            if not sent:
                return digest
            if not self._is_marked(digest) and self.exists(digest):
                return digest
            time.sleep(PAUSE)
        raise Unavailable(f"file {digest} is being discarded", about=digest)

    def _mark(self, digest: str) -> None:
        with self._asked(digest):
            self._client.put_object(Bucket=self.bucket, Key=_mark_key(digest), Body=b"")

    def _unmark(self, digest: str) -> None:
        with self._asked(digest):
            self._client.delete_object(Bucket=self.bucket, Key=_mark_key(digest))

    def _is_marked(self, digest: str) -> bool:
        """Whether somebody is discarding it; the mark of one that was killed counts for ten minutes."""
        marked = self._changed_at(_mark_key(digest))
        return marked is not None and datetime.now(UTC) - marked < MARKED

    def _begun(self) -> Iterator[dict[str, Any]]:
        """Uploads in pieces that were begun and neither ended nor given up."""
        with self._asked(self.bucket):
            pages = self._client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.bucket):
                yield from page.get("Uploads", ())

    def _stored_at(self, digest: str) -> datetime | None:
        return self._changed_at(_key(digest))

    def _changed_at(self, key: str) -> datetime | None:
        try:
            with self._asked(key):
                found = self._client.head_object(Bucket=self.bucket, Key=key)
        except NotFound:
            return None
        return cast("datetime", found["LastModified"])

    def _size_of(self, digest: str) -> int:
        try:
            return self.length(digest)
        except NotFound:
            return 0

    def _taken(self, size: int) -> AbstractContextManager[None]:
        return self.room.taken(size, self.size) if self.room else nullcontext()

    def _listed(self) -> Iterator[dict[str, Any]]:
        with self._asked(self.bucket):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
                for one in page.get("Contents", ()):
                    if is_digest(one["Key"].rpartition("/")[2]):
                        yield one

    @contextmanager
    def _asked(self, about: str) -> Iterator[None]:
        """The server's errors as ours: NotFound for what is not there, Unavailable for all else."""
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _MISSING:
                raise NotFound(f"no file {about}", about=about) from error
            raise Unavailable(f"the store of files refused: {code}", about=self.bucket) from error
        except BotoCoreError as error:
            raise Unavailable(
                f"the store of files does not answer: {error}", about=self.bucket
            ) from error


def _key(digest: str) -> str:
    if not is_digest(digest):
        raise NotFound(f"{digest!r} is not a digest", about=digest)
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _mark_key(digest: str) -> str:
    """Beside the files, under a name that is no digest."""
    return f"discarding/{digest}.mark"
