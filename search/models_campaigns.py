"""Rows of campaigns (chùm bài): which posts belong together, why, and what people took apart again."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id


class Campaign(Base):
    """Posts that are copies, nearly copies, or share a contact (chùm bài). Its id never changes its meaning.

    One that was merged has no posts and leads to `root_id`, the one that lives; `merged_into_id` is the one
    it was merged into at the time, which may have been merged since.
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(Id, index=True)
    """None while it lives itself."""


class CampaignMember(Base):
    """Why one post belongs to its campaign, and to which it would belong had nothing been merged.

    `home_id` stays when campaigns merge, so that a merge can be undone.
    """

    __tablename__ = "campaign_member"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    home_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    """A search.campaigns.Reason."""
    share: Mapped[float] = mapped_column(Float, default=0.0)
    """Similarity to `other_id`, 0 to 1, of a near copy."""
    other_id: Mapped[int | None] = mapped_column(Id)
    """The post it belongs to the campaign by; it may have been deleted since."""
    contact_kind: Mapped[str] = mapped_column(String(20), default="")
    contact_value: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]


class CampaignMerge(Base):
    """Two campaigns became one: when and why; with `undone_at` they were taken apart again."""

    __tablename__ = "campaign_merge"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(20))
    share: Mapped[float] = mapped_column(Float, default=0.0)
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="SET NULL"), index=True
    )
    """The post that belongs to both; the contact goes when it does."""
    other_id: Mapped[int | None] = mapped_column(Id)
    contact_kind: Mapped[str] = mapped_column(String(20), default="")
    contact_value: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Who put them together again; None when a post did."""
    undone_at: Mapped[datetime | None]


class CampaignSplit(Base):
    """What a person took apart (tách chùm): no post puts the two campaigns together again while it stands."""

    __tablename__ = "campaign_split"
    __table_args__ = (Index("ix_campaign_split_other_id", "other_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    """The campaign it was taken out of."""
    other_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    """The campaign of what was taken out."""
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_merge.id"))
    """The merge that this undid; None when one post was taken out."""
    posts: Mapped[int]
    """How many posts moved."""
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PostBand(Base):
    """One MinHash band of one post; posts that share a band are candidates for near copies.

    Sixteen rows for each post: the key is the whole row, nothing refers to anything. A row whose post is gone
    only costs a look; all go when their window is over.
    """

    __tablename__ = "post_band"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
