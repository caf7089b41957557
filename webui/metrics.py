"""Figures for Prometheus: what waits, who lives, how much there is. Counts only, nothing about anybody."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler import alerts
from crawler.models import Run
from foundation import heartbeat
from foundation.errors import RasoatError
from foundation.outbox import OutboxRow
from search.models import PostRow
from webui.wiring import Wiring

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(wiring: Wiring) -> bytes:
    """The figures of this moment in Prometheus' text format."""
    registry = CollectorRegistry()
    with wiring.database.reading() as session:
        _of_database(registry, session)
        ages = Gauge(
            "rasoat_silent_seconds", "Since a process told it lives", ["process"], registry=registry
        )
        for name, row in heartbeat.latest(session).items():
            ages.labels(name).set((wiring.clock.now() - row.at).total_seconds())
    jobs = Gauge("rasoat_queue_jobs", "Jobs that wait for a worker", registry=registry)
    found = Gauge("rasoat_index_posts", "Posts in the search index", registry=registry)
    for gauge, count in ((jobs, wiring.queue.length), (found, wiring.reader.count)):
        try:
            gauge.set(count())
        except RasoatError:
            gauge.set(float("nan"))
    return generate_latest(registry)


def _of_database(registry: CollectorRegistry, session: Session) -> None:
    warned = Gauge("rasoat_source_alerts", "Open alerts of sources", ["kind"], registry=registry)
    for kind, number in alerts.counts(session).items():
        warned.labels(kind).set(number)
    counted = (
        ("rasoat_posts", "Kept posts", "state", PostRow.state),
        ("rasoat_crawl_runs", "Crawl runs", "state", Run.state),
        ("rasoat_outbox_rows", "Changes that wait", "consumer", OutboxRow.consumer),
    )
    for name, words, label, column in counted:
        gauge = Gauge(name, words, [label], registry=registry)
        for value, count in session.execute(select(column, func.count()).group_by(column)):
            gauge.labels(value).set(count)
