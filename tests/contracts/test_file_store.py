"""What every store of files promises: a folder, and a bucket on real S3 servers.

Servers: one in Python that comes with the tests; `versitygw` (a gateway before a folder) where it is installed;
any other by RASOAT_TEST_S3 (http://key:secret@host:port/bucket, an empty bucket that exists).
"""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from foundation import files_s3
from foundation.errors import IntegrityError, NotFound, Unavailable
from foundation.files import FileStore, FolderStore
from foundation.files_room import Room, StorageFull
from foundation.files_s3 import BucketStore
from foundation.settings import Settings

pytestmark = pytest.mark.net
KEY, SECRET, BUCKET = "made-up-key", "made-up-secret-of-the-tests", "chung-cu"
Spoil = Callable[[str], None]


def bucket(url: str, key: str = KEY, secret: str = SECRET, name: str = BUCKET) -> BucketStore:
    settings = Settings(s3_url=f"{url}/{name}", s3_access_key=key, s3_secret_key=secret)
    return BucketStore.of(settings)


def made(url: str) -> BucketStore:
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    return bucket(url)


def python_server(stack: ExitStack, _folder: Path) -> BucketStore:
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    stack.callback(server.stop)
    _, port = server.get_host_and_port()
    return made(f"http://127.0.0.1:{port}")


def gateway(stack: ExitStack, folder: Path) -> BucketStore:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["versitygw", "--access", KEY, "--secret", SECRET, "--port", f"127.0.0.1:{port}"]
    process = stack.enter_context(
        subprocess.Popen([*command, "posix", str(folder)], stdout=subprocess.DEVNULL)
    )
    stack.callback(process.terminate)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return made(f"http://127.0.0.1:{port}")
        time.sleep(0.1)
    pytest.fail("versitygw does not answer")


def kinds() -> list[str]:
    """The stores that can be tried on this machine."""
    installed = ["gateway"] if shutil.which("versitygw") else []
    return [
        "folder",
        "server",
        *installed,
        *(["given"] if os.environ.get("RASOAT_TEST_S3") else []),
    ]


@pytest.fixture(scope="module", params=kinds())
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FileStore]:
    folder = tmp_path_factory.mktemp("store")
    with ExitStack() as stack:
        if request.param == "folder":
            yield FolderStore(folder)
        elif request.param == "server":
            yield python_server(stack, folder)
        elif request.param == "gateway":
            yield gateway(stack, folder)
        else:
            parts = urlsplit(os.environ["RASOAT_TEST_S3"])
            at = f"{parts.scheme}://{parts.hostname}:{parts.port}"
            yield bucket(at, parts.username or "", parts.password or "", parts.path.strip("/"))


@pytest.fixture
def store(servers: FileStore) -> FileStore:
    for digest in list(servers.digests()):
        servers.delete(digest)
    return servers


def spoil(store: FileStore, digest: str) -> None:
    """Change what is stored under a digest behind the store's back."""
    if isinstance(store, FolderStore):
        (store.folder / digest[:2] / digest[2:4] / digest).write_bytes(b"something else")
    elif isinstance(store, BucketStore):
        key = f"{digest[:2]}/{digest[2:4]}/{digest}"
        store._client.put_object(Bucket=store.bucket, Key=key, Body=b"something else")


def test_what_was_put_comes_back_and_is_stored_once(store: FileStore) -> None:
    data = "Ảnh chụp màn hình".encode() * 1000
    digest = store.put(data)
    assert store.put(data) == digest
    assert store.get(digest) == data
    assert (store.exists(digest), store.intact(digest)) == (True, True)
    assert (store.length(digest), store.size()) == (len(data), len(data))
    assert list(store.digests()) == [digest]


def test_a_file_is_put_and_read_in_pieces(store: FileStore, tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(9 * 2**20))
    digest = store.put_file(path)
    assert store.put(path.read_bytes()) == digest
    with store.open(digest) as source:
        head, rest = source.read(10), source.read()
    assert head + rest == path.read_bytes()
    assert path.exists()


def test_an_empty_file_is_a_file(store: FileStore) -> None:
    digest = store.put(b"")
    assert (store.get(digest), store.length(digest)) == (b"", 0)


def test_a_change_behind_the_stores_back_is_found(store: FileStore) -> None:
    digest = store.put(b"evidence")
    spoil(store, digest)
    assert store.intact(digest) is False
    with pytest.raises(IntegrityError):
        store.get(digest)


def test_what_is_not_there_is_not_found(store: FileStore) -> None:
    nothing = "0" * 64
    assert store.exists(nothing) is False
    for ask in (store.get, store.open, store.intact, store.length):
        with pytest.raises(NotFound):
            ask(nothing)
    store.delete(nothing)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 65])
def test_only_a_digest_is_an_address(store: FileStore, digest: str) -> None:
    for ask in (store.get, store.open, store.exists, store.delete, store.length):
        with pytest.raises(NotFound):
            ask(digest)


def test_many_files_are_listed_and_deleted(store: FileStore) -> None:
    digests = {store.put(f"tệp {number}".encode()) for number in range(30)}
    assert set(store.digests()) == digests
    gone = digests.pop()
    store.delete(gone)
    assert set(store.digests()) == digests
    assert not store.exists(gone)


def test_sizes_are_told_in_the_order_of_the_digests_without_reading(store: FileStore) -> None:
    made = {store.put(b"x" * size): size for size in (0, 7, 4096, 70_000)}
    assert list(store.sizes()) == sorted(made.items())


def test_a_file_is_discarded_unless_somebody_stored_it_meanwhile(store: FileStore) -> None:
    digest = store.put("chụp hôm qua".encode())
    now = datetime.now(UTC)
    assert not store.discard(digest, now - timedelta(days=7))
    assert store.get(digest) == "chụp hôm qua".encode()
    assert store.discard(digest, now + timedelta(minutes=1))
    assert not store.exists(digest)
    assert store.discard(digest, now), "gone is gone"


@pytest.mark.parametrize("servers", [one for one in kinds() if one != "folder"], indirect=True)
def test_storing_what_is_just_being_discarded_loses_nothing(store: FileStore) -> None:
    """Whoever discards has looked and not deleted yet when the same bytes are stored again."""
    data = b"wanted again"
    digest = store.put(data)
    delete, others = store.delete, list[threading.Thread]()

    def stored_between(digest: str) -> None:
        other = threading.Thread(target=lambda: again.append(store.put(data)))
        others.append(other)
        other.start()
        time.sleep(0.2)
        delete(digest)

    again: list[str] = []
    store.delete = stored_between  # type: ignore[method-assign]
    fresh, files_s3.FRESH = files_s3.FRESH, timedelta()
    try:
        assert store.discard(digest, datetime.now(UTC) + timedelta(minutes=1))
    finally:
        others[0].join(20)
        files_s3.FRESH = fresh
        del store.delete
    assert again == [digest]
    assert store.get(digest) == data
    assert list(store.digests()) == [digest], "no mark is left"


def test_what_a_killed_write_left_is_swept_and_no_file_with_it(store: FileStore) -> None:
    digest = store.put(b"whole")
    leave_half(store, digest)
    now = datetime.now(UTC)
    # The server that comes with the tests says of every upload that it was begun in 2010.
    long_ago = now - timedelta(days=365 * 20)
    assert store.sweep(long_ago).files == 0, "it may still be going on"
    assert store.sweep(now + timedelta(minutes=1)).files == 1
    assert store.sweep(now + timedelta(minutes=1)).files == 0
    assert store.get(digest) == b"whole"


def leave_half(store: FileStore, digest: str) -> None:
    """What is there when somebody is killed while a file is written."""
    if isinstance(store, FolderStore):
        (store.folder / digest[:2] / digest[2:4] / ".new-abc").write_bytes(b"half")
    elif isinstance(store, BucketStore):
        key = f"ab/cd/{digest}"
        store._client.create_multipart_upload(Bucket=store.bucket, Key=key)


def test_what_is_stored_is_counted_and_a_full_store_refuses(
    store: FileStore, tmp_path: Path
) -> None:
    room = Room(tmp_path / "count", quota=1000)
    store.put(b"a" * 400)
    store.room = room
    try:
        kept = store.put(b"b" * 500)
        assert room.used() == 900, "what was there before is counted too"
        assert store.put(b"b" * 500) == kept, "what is there already needs no room"
        path = tmp_path / "large"
        path.write_bytes(b"c" * 101)
        ways: list[Callable[[], str]] = [
            lambda: store.put(b"c" * 101),
            lambda: store.put_file(path),
        ]
        for keep in ways:
            with pytest.raises(StorageFull):
                keep()
        assert (room.used(), store.size(), len(list(store.digests()))) == (900, 900, 2)
        store.delete(kept)
        store.delete(kept)
        assert room.used() == 400
        store.put_file(path)
        assert room.used() == store.size() == 501
    finally:
        store.room = None


def test_a_bucket_whose_server_is_away_says_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        store = bucket(f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(Unavailable):
            store.put(b"evidence")
