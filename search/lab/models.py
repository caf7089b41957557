"""Rows of the rule lab: revisions of packs, runs over what is stored, shadow counts, judgements before."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

import search.models  # noqa: F401 - its tables are referred to
from foundation.database import Base, Id, Json
from foundation.people import User


class RevisionState(StrEnum):
    """How far a revision of a rule pack is (tình trạng bản sửa)."""

    DRAFT = "draft"  # đang soạn
    PROPOSED = "proposed"  # đã đề nghị áp dụng
    SHADOW = "shadow"  # chạy thầm
    LIVE = "live"  # đang áp dụng
    LEAVING = "leaving"  # đang áp dụng, đã đề nghị thôi
    REPLACED = "replaced"  # đã được thay
    RETIRED = "retired"  # đã thôi áp dụng
    DISCARDED = "discarded"  # đã bỏ


IN_FORCE = (RevisionState.LIVE, RevisionState.LEAVING)


class RulePackRevision(Base):
    """One text of a rule pack that the office made (bản sửa bộ quy tắc); the shipped packs are the base."""

    __tablename__ = "rule_pack_revision"
    __table_args__ = (
        UniqueConstraint("pack", "number"),
        Index("ix_rule_pack_revision_state", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pack: Mapped[str] = mapped_column(String(80))
    """Id of the pack; the same in every revision."""
    number: Mapped[int] = mapped_column(Integer)
    """Counts the office's revisions of this pack, from 1."""
    state: Mapped[str] = mapped_column(String(20), default=RevisionState.DRAFT)
    text: Mapped[str] = mapped_column(Text)
    """The YAML as written, whole or not."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the text."""
    base: Mapped[str] = mapped_column(Text, default="")
    """The shipped text when this was begun: tells whether the program has brought another since."""
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("rule_pack_revision.id"))
    """The revision this was begun from; None: the shipped pack, an import, or nothing."""
    why: Mapped[str] = mapped_column(Text, default="")
    """What is changed and why, as told when it was proposed."""
    live_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    """manual or import"""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    author: Mapped[User | None] = relationship(foreign_keys=[created_by_id], lazy="joined")
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id], lazy="joined")

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE


class RulePackText(Base):
    """One saving of a draft: what it said, by whom; nothing that was written is lost."""

    __tablename__ = "rule_pack_text"
    __table_args__ = (Index("ix_rule_pack_text_revision", "revision_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("rule_pack_revision.id"))
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    saved_by: Mapped[User | None] = relationship(lazy="joined")


class LabKind(StrEnum):
    """What a run does."""

    BACKTEST = "backtest"  # thử trước trên dữ liệu đã có
    COUNT = "count"  # đếm trước khi xét lại
    REJUDGE = "rejudge"  # xét lại toàn bộ bài đã lưu


class LabState(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class LabRun(Base):
    """A run over what is stored, in the worker (lượt thử, lượt xét lại): progress and result."""

    __tablename__ = "lab_run"
    __table_args__ = (
        Index("ix_lab_run_state", "state", "id"),
        Index("ix_lab_run_revision", "revision_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=LabState.WAITING)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("rule_pack_revision.id"))
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of the text that is tested; the page says when the draft was changed since."""
    matcher_version: Mapped[str] = mapped_column(String(64), default="")
    """Of the rules that this run judges by; when they change meanwhile it ends."""
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    given: Mapped[str] = mapped_column(Text, default="")
    """The lines of a file that was given, until they have been judged."""
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[int] = mapped_column(Id, default=0)
    """Id of the last stored post that was judged."""
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    lease: Mapped[str] = mapped_column(String(32), default="")
    """Who works at it: a second worker leaves it alone until the lease is over."""
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    retain_until: Mapped[datetime | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    author: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_open(self) -> bool:
        return self.state in {LabState.WAITING, LabState.RUNNING}


class PostJudgement(Base):
    """What the rules said of a post before it was judged again (kết quả xét trước đó)."""

    __tablename__ = "post_judgement"
    __table_args__ = (Index("ix_post_judgement_post", "post_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("lab_run.id"))
    score: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(20))
    verdict_kind: Mapped[str] = mapped_column(String(20))
    judgement: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    matcher_version: Mapped[str] = mapped_column(String(64), default="")
    until: Mapped[datetime]


class ShadowDay(Base):
    """What rules in shadow would have done on one office day: figures only, no content (chạy thầm)."""

    __tablename__ = "rule_shadow_day"

    pack: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    both: Mapped[int] = mapped_column(Integer, default=0)
    new: Mapped[int] = mapped_column(Integer, default=0)
    gone: Mapped[int] = mapped_column(Integer, default=0)


class ShadowExample(Base):
    """A kept post on which live rules and rules in shadow do not agree; a few for each text of a pack."""

    __tablename__ = "rule_shadow_example"

    pack: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    outcome: Mapped[str] = mapped_column(String(10))
    """new or gone"""
    at: Mapped[datetime]
