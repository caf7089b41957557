"""Carries out one run in a process of its own: leases it, crawls or imports, ends it or gives it back.

The composition comes from outside: `rasoat crawl RUN_ID` builds what is passed in here. Scrapy and Twisted
are imported only when a crawl begins, so that no other process pays for them.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler import alerts, cursors, runs
from crawler.alerts import watched_by
from crawler.budget import PAUSES, Allowance, allowance_of
from crawler.figures import Watched
from crawler.importer import import_file
from crawler.keys import credential_for, key_missing
from crawler.ledger import Ledger
from crawler.models import Run, RunState, SourceState
from crawler.page import Fetch, SourcePlan
from crawler.pipeline import MAX_PAGES, Pipeline
from crawler.processes import die_with_parent
from crawler.quota import Meter, meter_for
from crawler.runs import Lease, LeaseLost
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way
from crawler.validators import keep_validators, validators_of
from crawler.writer import Writer
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict
from foundation.files import FileStore
from foundation.settings import Settings
from search.ingest import Ingestor
from search.post import Origin, Platform

log = logging.getLogger(__name__)

Ending = tuple[RunState, str, Mapping[str, Any]]
"""How a run ends: WAITING means that it is given back, to be gone on with."""


def run(
    run_id: int,
    database: Database,
    ingestor: Ingestor,
    files: FileStore,
    clock: Clock,
    settings: Settings,
) -> RunState:
    """Do the run to its end in this process; returns the state it was left in.

    Conflict when it does not wait to be started. When this process is told to end (SIGTERM), the run is
    given back and waits for the next; when it is killed, its lease runs out.
    """
    die_with_parent()
    with database.writing() as session:
        lease = runs.take(session, run_id, at=clock.now())
        row = session.get_one(Run, run_id)
        plan, kind, params = _plan(session, row), KINDS.get(row.source.kind), dict(row.params)
        checkpoint = dict(row.checkpoint)
        watched = watched_by(session, row.source_id, plan.state)
        allowance = allowance_of(session, row.source_id, clock)
        validators = validators_of(session, row.source_id, ingestor.rules_version)
        unknown = row.source.kind
    if kind is None:
        return _end(database, lease, clock, (RunState.FAILED, "kind_unknown", {"kind": unknown}))
    ledger = Ledger(database, ingestor, lease, plan, clock, keep_all=bool(params.get("keep_all")))
    ledger.allowance = allowance
    crawl = _Crawl(ledger, kind, plan, settings, watched, allowance, validators)
    try:
        if kind.way == Way.FILE:
            ending = import_file(ledger, plan, files, params, checkpoint)
        else:
            meter = meter_for(kind, database, clock, settings)
            ending = crawl.run(files, meter)
    except LeaseLost:
        log.warning("run %s belongs to another process now", run_id)
        return RunState.RUNNING
    except Exception as error:
        log.exception("run %s failed", run_id)
        ending = (RunState.FAILED, "crashed", {"error": f"{type(error).__name__}: {error}"[:500]})
    if ending[0] == RunState.DONE and kind.way == Way.CRAWL:
        crawl.remember(database, ingestor.rules_version)
    return _end(database, lease, clock, ending, crawl if kind.way == Way.CRAWL else None, files)


def _plan(session: Any, row: Run) -> SourcePlan:
    source = row.source
    memory = session.get(SourceState, source.id)
    return SourcePlan(
        source_id=source.id,
        address=str(row.params.get("address") or source.address),
        platform=Platform(source.platform),
        config={**source.config, **row.params.get("config", {})},
        state=dict(memory.state) if memory else {},
        unit_id=source.unit_id,
        origin=Origin(row.origin),
    )


@dataclass(slots=True)
class _Crawl:
    """One crawl: what it goes by, and afterwards what it saw."""

    ledger: Ledger
    kind: Kind
    plan: SourcePlan
    settings: Settings
    watched: Watched
    allowance: Allowance
    validators: Mapping[str, tuple[str, str]]
    samples: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def run(self, files: FileStore, meter: Meter | None) -> Ending:
        """Crawl until nothing is left, or the run has to pause."""
        if missing := key_missing(self.kind, self.plan, self.settings):
            return RunState.FAILED, *missing
        waiting = self.ledger.begin(self.kind.start(self.plan))
        limit = int(self.plan.config.get("max_pages") or MAX_PAGES)
        known = self.ledger.known()
        pipeline = Pipeline(
            self.kind, self.plan, known, files, max_pages=limit, watched=self.watched
        )
        self.samples = pipeline.samples
        writer = Writer(self.ledger)
        writer.start()
        try:
            reason = self._scrapy(pipeline, writer, waiting, meter)
        finally:
            writer.close()
        return self._ending(reason, pipeline, writer, meter)

    def _ending(
        self, reason: str, pipeline: Pipeline, writer: Writer, meter: Meter | None
    ) -> Ending:
        if writer.stop_requested:
            return RunState.STOPPED, "stopped_by_person", {}
        if reason in PAUSES:
            return RunState.DONE, reason, self.allowance.figures()
        if reason != "finished" or self.ledger.waiting():
            return RunState.WAITING, "", {}
        if pipeline.quota_spent and meter is not None:
            return RunState.DONE, "quota", {"used": meter.used(), "limit": meter.limit}
        if pipeline.limit_reached:
            return RunState.DONE, "page_limit", {"limit": pipeline.max_pages}
        if pipeline.goes_on:
            return RunState.DONE, "list_limit", {"limit": pipeline.goes_on}
        return RunState.DONE, "", {}

    def _scrapy(
        self, pipeline: Pipeline, writer: Writer, waiting: list[Fetch], meter: Meter | None
    ) -> str:
        """Crawl in this thread until there is nothing left; returns why Scrapy ended."""
        from scrapy import signals
        from scrapy.crawler import CrawlerProcess

        from crawler.scrapy_settings import scrapy_settings
        from crawler.spider import SourceSpider

        reasons = ["failed"]

        def closed(spider: Any, reason: str) -> None:  # noqa: ARG001 - Scrapy passes both
            reasons.append(reason)

        process = CrawlerProcess(scrapy_settings(self.settings))
        crawler = process.create_crawler(SourceSpider)
        crawler.signals.connect(closed, signal=signals.spider_closed)
        process.crawl(
            crawler,
            pipeline=pipeline,
            writer=writer,
            waiting=waiting,
            credential=credential_for(self.kind, self.plan, self.settings),
            meter=meter,
            allowance=self.allowance,
            validators=self.validators,
        )
        process.start()
        return reasons[-1]

    def remember(self, database: Database, rules: str) -> None:
        """What the run cost, and what its pages said of their version."""
        with database.writing() as session:
            self.allowance.write(session, self.plan.source_id)
            keep_validators(session, self.plan.source_id, self.ledger.validators, rules)


def _end(
    database: Database,
    lease: Lease,
    clock: Clock,
    ending: Ending,
    crawl: _Crawl | None = None,
    files: FileStore | None = None,
) -> RunState:
    state, reason, detail = ending
    try:
        with database.writing() as session:
            if state == RunState.WAITING:
                runs.give_back(session, lease, at=clock.now())
                return state
            if state == RunState.DONE and not reason:
                reason = _nothing_read(session, lease.run_id)
            paused = crawl is not None and reason in PAUSES
            if crawl is not None and paused:
                later = crawl.allowance.resumes(reason)
                runs.hand_on(session, lease.run_id, at=clock.now(), not_before=later)
            runs.finish(session, lease, state, at=clock.now(), reason=reason, detail=detail)
            if state == RunState.DONE and not paused:
                cursors.settle(session, lease.run_id, at=clock.now())
        if crawl is not None and not paused:
            _watch(database, lease.run_id, crawl, clock, files)
    except (LeaseLost, Conflict):
        return RunState.RUNNING
    return state


def _watch(
    database: Database, run_id: int, crawl: _Crawl, clock: Clock, files: FileStore | None
) -> None:
    """Judge what the run was like. A fault here is told, and costs no run."""
    try:
        with database.writing() as session:
            alerts.judge(session, run_id, crawl.samples, files, at=clock.now())
    except Exception:
        log.exception("run %s could not be judged", run_id)


def _nothing_read(session: Any, run_id: int) -> str:
    """A run whose only pages were errors has to say so."""
    row = session.get_one(Run, run_id)
    return "nothing_read" if row.errors and not row.posts and row.errors >= row.pages else ""
