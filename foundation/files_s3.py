"""The store of files in a bucket of an S3-compatible server; the same contract as the folder."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from foundation.errors import IntegrityError, NotFound, Unavailable
from foundation.files import digest_of, is_digest
from foundation.files_room import Room
from foundation.settings import Settings

FRESH = timedelta(days=1)
"""A file that was stored longer ago is stored again when it comes again: so its age tells who may need it."""
_MISSING = {"404", "NoSuchKey", "NotFound"}


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
        stored = self._stored_at(digest)
        if stored is None or datetime.now(UTC) - stored > FRESH:
            with self._taken(0 if stored else len(data)), self._asked(digest):
                self._client.put_object(Bucket=self.bucket, Key=_key(digest), Body=data)
        return digest

    def put_file(self, path: Path) -> str:
        with path.open("rb") as source:
            digest = digest_of(source)
        stored = self._stored_at(digest)
        if stored is None or datetime.now(UTC) - stored > FRESH:
            with self._taken(0 if stored else path.stat().st_size), self._asked(digest):
                self._client.upload_file(str(path), self.bucket, _key(digest))
        return digest

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
        # A bucket cannot look and delete at once: between the two lies a moment, not the minutes of a commit.
        stored = self._stored_at(digest)
        if stored is not None and stored >= before:
            return False
        if stored is not None:
            self.delete(digest)
        return True

    def digests(self) -> Iterator[str]:
        for digest, _size in self.sizes():
            yield digest

    def sizes(self) -> Iterator[tuple[str, int]]:
        for one in self._listed():
            yield one["Key"].rpartition("/")[2], int(one["Size"])

    def size(self) -> int:
        return sum(size for _digest, size in self.sizes())

    def _stored_at(self, digest: str) -> datetime | None:
        key = _key(digest)
        try:
            with self._asked(digest):
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
