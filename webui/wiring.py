"""The composition root: the one place that knows every room, for web, worker, command line and tests.

Parts are made when first asked for, so that a process pays only for what it uses.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import webui.models  # noqa: F401 - makes the metadata whole
from foundation.clock import Clock, SystemClock
from foundation.database import Database
from foundation.files import FileStore, FolderStore
from foundation.files_room import Room
from foundation.permissions import PermissionTable
from foundation.queue import InlineQueue, JobRegistry, Queue, RqQueue, connect
from foundation.settings import Settings
from search.index import open_index
from search.index.base import SearchIndex
from webui.permissions import declared_acts
from webui.processes import valkey_socket
from webui.schedule import PING, Schedule, ping, schedules
from webui.uploads import Uploads

if TYPE_CHECKING:
    from casework.law.catalogue import Catalogue
    from search.ingest import Ingestor
    from search.lab.provider import Rules
    from search.rules.matcher import Matcher


@dataclass
class Wiring:
    """One deployment's parts, wired. `clock` is movable in tests and the demo only."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.sqlalchemy_url)

    @cached_property
    def files(self) -> FileStore:
        folder, quota = self.settings.data_dir, self.settings.files_quota_gb * 2**30
        if self.settings.s3_url:
            from foundation.files_s3 import BucketStore

            return BucketStore.of(self.settings, Room(folder / "files.count", quota))
        return FolderStore(folder / "files", Room(folder / "files.count", quota, folder))

    @cached_property
    def uploads(self) -> Uploads:
        """What people have sent and not yet decided about."""
        return Uploads(self.settings.data_dir / "uploads")

    @cached_property
    def permissions(self) -> PermissionTable:
        return PermissionTable(*declared_acts())

    @cached_property
    def catalogue(self) -> "Catalogue":
        from casework.law.catalogue import Catalogue

        own = self.settings.law_dir
        return Catalogue.load(own) if own else Catalogue.shipped()

    @cached_property
    def rules(self) -> "Rules":
        """The office's rules as this process has them; they follow a change within seconds."""
        from search.lab.provider import Rules
        from search.rules import kept

        kept.keep_in(self.settings.data_dir / "compiled")
        return Rules(self.database)

    @property
    def matcher(self) -> "Matcher":
        """What judges by the rules of this moment: ask each time, keep it no longer than a batch."""
        return self.rules.matcher

    @cached_property
    def secret(self) -> bytes:
        """Signs sessions and keys digests: the setting, or one made on first start and kept in the data folder."""
        return (self.settings.secret_key or _kept_secret(self.settings.data_dir)).encode()

    @cached_property
    def ingestor(self) -> "Ingestor":
        from search.ingest import Ingestor
        from search.judges import wanted

        retention = timedelta(days=self.settings.retention_days)
        return Ingestor(
            self.database,
            lambda: self.matcher,
            self.clock,
            self.secret,
            retention,
            lambda: self.rules.shadows,
            judges=wanted(self.settings.judges),
        )

    def index(self, *, writer: bool = False) -> SearchIndex:
        """The search index: Elasticsearch where its address is set, else the embedded one."""
        if self.settings.elasticsearch_url:
            return open_index(
                "elasticsearch",
                url=self.settings.elasticsearch_url,
                prefix=self.settings.index_prefix,
                writer=writer,
            )
        return open_index("tantivy", path=self.settings.data_dir / "index", writer=writer)

    @cached_property
    def reader(self) -> SearchIndex:
        return self.index(writer=False)

    @property
    def redis_url(self) -> str:
        """Where the queue is: the setting, or the embedded Valkey's socket."""
        return self.settings.redis_url or f"unix://{valkey_socket(self.settings.data_dir)}"

    def redis(self) -> Any:
        return connect(self.redis_url)

    @cached_property
    def jobs(self) -> JobRegistry:
        """What the worker can do: the duties that the scheduler leaves on the queue, and the doctor's errand."""
        registry = JobRegistry()
        registry.add(PING, lambda ids: ping(self.database, self.clock, ids))
        for duty in self.schedules:
            if duty.queued:
                registry.add(duty.name, partial(_run_duty, duty))
        return registry

    @cached_property
    def queue(self) -> Queue:
        if not self.settings.redis_url and not valkey_socket(self.settings.data_dir).exists():
            return InlineQueue(self.jobs)
        return RqQueue(self.redis())

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        return schedules(self)

    @property
    def audit_anchor(self) -> Path:
        return self.settings.data_dir / "audit.anchor"

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.dispose()


def build(settings: Settings, clock: Clock | None = None) -> Wiring:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Wiring(settings, clock or SystemClock())


def build_from_env(env: Mapping[str, str] | None = None) -> Wiring:
    return build(Settings.from_env(os.environ if env is None else env))


def _run_duty(duty: Schedule, _ids: Sequence[int]) -> None:
    duty.run()


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
