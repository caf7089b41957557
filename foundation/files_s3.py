"""The store of files in a bucket of an S3-compatible server; the same contract as the folder."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from foundation.errors import IntegrityError, NotFound, Unavailable
from foundation.files import digest_of, is_digest
from foundation.settings import Settings

_MISSING = {"404", "NoSuchKey", "NotFound"}


class BucketStore:
    """Files of one bucket, each under its digest; the bucket has to exist."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    @classmethod
    def of(cls, settings: Settings) -> "BucketStore":
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
        return cls(client, parts.path.strip("/"))

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        if not self.exists(digest):
            with self._asked(digest):
                self._client.put_object(Bucket=self.bucket, Key=_key(digest), Body=data)
        return digest

    def put_file(self, path: Path) -> str:
        with path.open("rb") as source:
            digest = digest_of(source)
        if not self.exists(digest):
            with self._asked(digest):
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
        key = _key(digest)
        try:
            with self._asked(digest):
                self._client.head_object(Bucket=self.bucket, Key=key)
        except NotFound:
            return False
        return True

    def delete(self, digest: str) -> None:
        with self._asked(digest):
            self._client.delete_object(Bucket=self.bucket, Key=_key(digest))

    def digests(self) -> Iterator[str]:
        for one in self._listed():
            yield one["Key"].rpartition("/")[2]

    def size(self) -> int:
        return sum(int(one["Size"]) for one in self._listed())

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
