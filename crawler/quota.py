"""Units of an API's daily quota: spent before a request is sent, so that the quota is never passed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crawler.models import ApiQuota
from crawler.sources.base import Kind, free
from foundation.clock import Clock
from foundation.database import Database, insert_into
from foundation.settings import Settings

PACIFIC = ZoneInfo("America/Los_Angeles")
"""The days of Google's APIs begin at midnight there."""


def quota_day(at: datetime) -> date:
    """The API's own day at a moment."""
    return at.astimezone(PACIFIC).date()


def used(session: Session, platform: str, at: datetime) -> int:
    """Units spent on the API's day so far."""
    found = session.get(ApiQuota, (platform, quota_day(at)))
    return found.used if found else 0


class Meter:
    """Spends units of one platform's quota; processes share it through the database."""

    def __init__(self, database: Database, clock: Clock, platform: str, limit: int) -> None:
        self._database = database
        self._clock = clock
        self._platform = platform
        self.limit = limit

    def spend(self, units: int) -> bool:
        """Count the units, if they are still there; False: nothing was counted and nothing may be asked."""
        if units > self.limit:
            return False
        day = quota_day(self._clock.now())
        with self._database.writing() as session:
            row = {"platform": self._platform, "day": day, "used": units}
            statement = insert_into(session, ApiQuota).values(**row)
            done = session.execute(
                statement.on_conflict_do_update(
                    index_elements=["platform", "day"],
                    set_={"used": ApiQuota.used + units},
                    where=ApiQuota.used + units <= self.limit,
                ).returning(ApiQuota.used)
            ).first()
            return done is not None

    def used(self) -> int:
        """Units spent today."""
        with self._database.reading() as session:
            return used(session, self._platform, self._clock.now())


def meter_for(kind: Kind, database: Database, clock: Clock, settings: Settings) -> Meter | None:
    """The meter of a kind whose requests cost units; None for all others."""
    if kind.cost is free:
        return None
    return Meter(database, clock, kind.credential, settings.youtube_quota)
