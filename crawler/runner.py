"""Carries out one run in a process of its own: leases it, crawls or imports, ends it or gives it back.

The composition comes from outside: `rasoat crawl RUN_ID` builds what is passed in here. Scrapy and Twisted
are imported only when a crawl begins, so that no other process pays for them.
"""

import logging
from collections.abc import Mapping
from typing import Any

from crawler import cursors, runs
from crawler.credentials import Credential
from crawler.importer import import_file
from crawler.keys import credential_for, key_missing
from crawler.ledger import Ledger
from crawler.models import Run, RunState, SourceState
from crawler.page import SourcePlan
from crawler.pipeline import MAX_PAGES, Pipeline
from crawler.processes import die_with_parent
from crawler.quota import Meter, meter_for
from crawler.runs import Lease, LeaseLost
from crawler.sources import KINDS
from crawler.sources.base import Kind, Way
from crawler.writer import Writer
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict
from foundation.files import FileStore
from foundation.settings import Settings
from search.post import Origin, Platform
from search.store import Ingestor

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
        unknown = row.source.kind
    if kind is None:
        return _end(database, lease, clock, (RunState.FAILED, "kind_unknown", {"kind": unknown}))
    ledger = Ledger(database, ingestor, lease, plan, clock, keep_all=bool(params.get("keep_all")))
    try:
        if kind.way == Way.FILE:
            ending = import_file(ledger, plan, files, params, checkpoint)
        else:
            meter = meter_for(kind, database, clock, settings)
            ending = _crawl(ledger, kind, plan, files, settings, meter)
    except LeaseLost:
        log.warning("run %s belongs to another process now", run_id)
        return RunState.RUNNING
    except Exception as error:
        log.exception("run %s failed", run_id)
        ending = (RunState.FAILED, "crashed", {"error": f"{type(error).__name__}: {error}"[:500]})
    return _end(database, lease, clock, ending)


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


def _crawl(
    ledger: Ledger,
    kind: Kind,
    plan: SourcePlan,
    files: FileStore,
    settings: Settings,
    meter: Meter | None,
) -> Ending:
    if missing := key_missing(kind, plan, settings):
        return RunState.FAILED, *missing
    waiting = ledger.begin(kind.start(plan))
    credential = credential_for(kind, plan, settings)
    limit = int(plan.config.get("max_pages") or MAX_PAGES)
    pipeline = Pipeline(kind, plan, ledger.known(), files, max_pages=limit)
    writer = Writer(ledger)
    writer.start()
    try:
        reason = _scrapy(pipeline, writer, waiting, settings, credential, meter)
    finally:
        writer.close()
    if writer.stop_requested:
        return RunState.STOPPED, "stopped_by_person", {}
    if reason != "finished" or ledger.waiting():
        return RunState.WAITING, "", {}
    if pipeline.quota_spent and meter is not None:
        return RunState.DONE, "quota", {"used": meter.used(), "limit": meter.limit}
    if pipeline.limit_reached:
        return RunState.DONE, "page_limit", {"limit": pipeline.max_pages}
    if pipeline.goes_on:
        return RunState.DONE, "list_limit", {"limit": pipeline.goes_on}
    return RunState.DONE, "", {}


def _scrapy(
    pipeline: Pipeline,
    writer: Writer,
    waiting: list[Any],
    settings: Settings,
    credential: Credential | None,
    meter: Meter | None,
) -> str:
    """Crawl in this thread until there is nothing left; returns why Scrapy ended."""
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess

    from crawler.scrapy_settings import scrapy_settings
    from crawler.spider import SourceSpider

    reasons = ["failed"]

    def closed(spider: Any, reason: str) -> None:  # noqa: ARG001 - Scrapy passes both
        reasons.append(reason)

    process = CrawlerProcess(scrapy_settings(settings))
    crawler = process.create_crawler(SourceSpider)
    crawler.signals.connect(closed, signal=signals.spider_closed)
    process.crawl(
        crawler,
        pipeline=pipeline,
        writer=writer,
        waiting=waiting,
        credential=credential,
        meter=meter,
    )
    process.start()
    return reasons[-1]


def _end(database: Database, lease: Lease, clock: Clock, ending: Ending) -> RunState:
    state, reason, detail = ending
    try:
        with database.writing() as session:
            if state == RunState.WAITING:
                runs.give_back(session, lease, at=clock.now())
            else:
                if state == RunState.DONE and not reason:
                    reason = _nothing_read(session, lease.run_id)
                runs.finish(session, lease, state, at=clock.now(), reason=reason, detail=detail)
                if state == RunState.DONE:
                    cursors.settle(session, lease.run_id, at=clock.now())
    except (LeaseLost, Conflict):
        return RunState.RUNNING
    return state


def _nothing_read(session: Any, run_id: int) -> str:
    """A run whose only pages were errors has to say so."""
    row = session.get_one(Run, run_id)
    return "nothing_read" if row.errors and not row.posts and row.errors >= row.pages else ""
