"""Made-up posts for tests: rows as ingest would write them, without the matcher."""

from datetime import datetime, timedelta
from typing import Any

from foundation.clock import Clock
from foundation.database import Database
from search.models import Campaign, PostContact, PostRow, Source, WorkState
from search.preparing import sha256

LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"


class Posts:
    """Makes posts of one source and commits them; `posts(text)` gives the row, detached."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._made = 0

    def source(self, name: str = "Diễn đàn thử nghiệm", platform: str = "forum") -> int:
        """The id of the source with that name, made when it is not there."""
        with self.database.writing() as session:
            row = session.query(Source).filter(Source.name == name).first()
            if row is None:
                row = Source(
                    name=name,
                    kind="file",
                    platform=platform,
                    purpose="Thử nghiệm",
                    created_at=self.clock.now(),
                )
                session.add(row)
                session.flush()
            return row.id

    def campaign(self) -> int:
        with self.database.writing() as session:
            row = Campaign(created_at=self.clock.now())
            session.add(row)
            session.flush()
            return row.id

    def __call__(self, text: str = LURE, **values: Any) -> PostRow:
        """A new post; `values` override columns, `age` (timedelta) moves it back, `contacts` are (kind, value)."""
        self._made += 1
        now = self.clock.now() - values.pop("age", timedelta(0))
        contacts = values.pop("contacts", ())
        row = self._row(text, now, values.pop("source_id", None) or self.source())
        for name, value in values.items():
            setattr(row, name, value)
        row.contacts = [
            PostContact(kind=kind, value=value, raw=value, start=0, end=0)
            for kind, value in contacts
        ]
        with self.database.writing() as session:
            session.add(row)
        return self.load(row.id)

    def load(self, post_id: int) -> PostRow:
        """The post as the database has it now, detached."""
        with self.database.reading() as session:
            return session.get_one(PostRow, post_id)

    def _row(self, text: str, now: datetime, source_id: int) -> PostRow:
        url = f"https://dien-dan.example/bai/{self._made}"
        return PostRow(
            source_id=source_id,
            url=url,
            url_key=sha256(url),
            platform="forum",
            author_name=f"Người đăng {self._made}",
            title="",
            text=text,
            posted_at=now,
            seen_at=now,
            last_seen_at=now,
            content_key=sha256(text),
            text_hash=sha256(text.casefold()),
            state=WorkState.NEW,
            score=50,
            level="medium",
            verdict_kind="lure",
            groups=["offer"],
            urgent=False,
            judgement=judgement(),
            origin="crawl",
            retain_until=now + timedelta(days=90),
        )


def judgement(**values: Any) -> dict[str, Any]:
    """A stored judgement as the matcher's to_dict gives it."""
    return {
        "score": 50,
        "level": "medium",
        "kind": "lure",
        "groups": ["offer"],
        "hits": [],
        "reasons": [],
        "urgent": [],
        "packs": [],
        **values,
    }
