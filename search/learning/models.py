"""Rows of learning: one verdict for each decided post, counts by rule and month, suggestions, models, opinions.

A verdict outlives its post: when a dismissed post goes after its retention period, its verdict must still
count, or every rule would look better with age. It holds names of rules and a reason, no content.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

import search.models  # noqa: F401 - its tables are referred to
from foundation.database import Base, Id, Json


class Outcome(StrEnum):
    """What a decision says of the rules that flagged a post."""

    KEPT = "kept"  # gắn cờ, hoặc đưa vào vụ việc: quy tắc đúng
    DISMISSED = "dismissed"  # bỏ qua vì không phải bài dụ dỗ: quy tắc sai
    ASIDE = "aside"  # bỏ qua vì trùng, vì cũ, vì của nơi khác: không nói gì về quy tắc
    HELP = "help"  # chuyển sang luồng cần người giúp


class LearnedRule(Base):
    """A signal, a combination or a whole pack, by its name in judgements; where it was met lately."""

    __tablename__ = "learned_rule"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    """`pack/signal`, `pack/combination`, or `pack`."""
    weight: Mapped[int] = mapped_column(Integer, default=0)
    """As it counted last; below zero it speaks against."""
    known_since: Mapped[datetime]
    """When counting first met it, in the packs or in a post."""
    first_hit_at: Mapped[datetime | None]
    last_hit_at: Mapped[datetime | None]
    """When the latest stored post in which it counted was seen."""


class LearnedPost(Base):
    """The last standing decision about one post, and the rules that counted in it."""

    __tablename__ = "learned_post"
    __table_args__ = (Index("ix_learned_post_month", "month"),)

    post_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    """No foreign key: a verdict outlives its post."""
    decision_id: Mapped[int] = mapped_column(Id, default=0)
    """The decision that was learned from; 0: the post went into a case without one."""
    by_case: Mapped[bool] = mapped_column(Boolean, default=False)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    month: Mapped[str] = mapped_column(String(7))
    """Of the decision, on the office's calendar: 2026-11."""
    together: Mapped[int] = mapped_column(Id, default=0)
    """The same for all posts that one decision was made about; 0: made about this one alone."""
    rules: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Ids of LearnedRule."""


class RuleMonth(Base):
    """What was decided in one month about posts that one rule counted in; made from LearnedPost."""

    __tablename__ = "rule_month"

    rule_id: Mapped[int] = mapped_column(
        ForeignKey("learned_rule.id"), primary_key=True, autoincrement=False
    )
    month: Mapped[str] = mapped_column(String(7), primary_key=True, index=True)
    kept: Mapped[int] = mapped_column(Integer, default=0)
    dismissed: Mapped[int] = mapped_column(Integer, default=0)
    aside: Mapped[int] = mapped_column(Integer, default=0)
    help: Mapped[int] = mapped_column(Integer, default=0)
    kept_once: Mapped[int] = mapped_column(Integer, default=0)
    """Decisions: one about a whole campaign counts once."""
    dismissed_once: Mapped[int] = mapped_column(Integer, default=0)
    reasons: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Reason of a dismissal -> posts."""


class LearningNote(Base):
    """What learning keeps between two duties: as of when it has counted, how far it has read."""

    __tablename__ = "learning_note"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class SuggestionState(StrEnum):
    """What became of a suggested phrase."""

    OPEN = "open"
    DRAFTED = "drafted"  # đã đưa vào bản soạn
    DISMISSED = "dismissed"  # không dùng
    GONE = "gone"  # không còn nổi bật


class PhraseSuggestion(Base):
    """Words that flagged posts share and no rule knows (cụm từ gợi ý); nothing changes by itself."""

    __tablename__ = "phrase_suggestion"
    __table_args__ = (Index("ix_phrase_suggestion_state", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    phrase: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=SuggestionState.OPEN)
    strength: Mapped[float] = mapped_column(Float, default=0.0)
    """Log-odds against dismissed and ordinary text, in standard errors."""
    kept: Mapped[int] = mapped_column(Integer, default=0)
    """Campaigns of flagged posts that say it; likewise below."""
    dismissed: Mapped[int] = mapped_column(Integer, default=0)
    ordinary: Mapped[int] = mapped_column(Integer, default=0)
    authors: Mapped[int] = mapped_column(Integer, default=0)
    examples: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Ids of a few flagged posts that say it."""
    counted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("rule_pack_revision.id"))
    """The draft that it was put into."""


class OpinionState(StrEnum):
    """How far a model of the second opinion is."""

    MEASURED = "measured"  # đã đo, chưa dùng
    ON = "on"  # đang sắp xếp hàng đợi
    OFF = "off"  # người quản trị đã tắt, hoặc có bản mới hơn
    FELL = "fell"  # tự tắt vì không còn tốt hơn quy tắc


class OpinionModel(Base):
    """One trained second opinion (ý kiến thứ hai): its file, how good it was when measured, whether it is on."""

    __tablename__ = "opinion_model"
    __table_args__ = (Index("ix_opinion_model_state", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default=OpinionState.MEASURED)
    digest: Mapped[str] = mapped_column(String(64))
    """Of its coefficients in the file store."""
    decisions: Mapped[int] = mapped_column(Integer)
    """Posts that it learned from."""
    kept: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime]
    """The latest decision that it knows."""
    quality: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """search.learning.quality.Quality.to_dict() on held-back decisions."""
    since: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The same on decisions made after it was trained."""
    why_off: Mapped[str] = mapped_column(Text, default="")
    switched_at: Mapped[datetime | None]
    switched_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PostOpinion(Base):
    """What one model thinks of one waiting post; orders the queue within a level, and nothing else."""

    __tablename__ = "post_opinion"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    model_id: Mapped[int] = mapped_column(ForeignKey("opinion_model.id"), index=True)
    value: Mapped[int] = mapped_column(SmallInteger)
    """0 to 100: how much it looks like what this office has flagged."""
    content_key: Mapped[str] = mapped_column(String(64), default="")
    """Of the text it is about; an edited post gets another opinion."""
