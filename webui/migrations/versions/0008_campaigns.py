"""Campaigns: why posts belong together, merges that can be undone, bands in a smaller table"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID, AT = foundation.database.Id, foundation.database.UtcDateTime


def upgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("root_id", ID, nullable=True))
        batch_op.create_index(batch_op.f("ix_campaign_merged_into_id"), ["merged_into_id"])
        batch_op.create_index(batch_op.f("ix_campaign_root_id"), ["root_id"])
    _find_roots()
    _members()
    _merges()
    _splits()
    _bands(sa.BigInteger(), indexed=False)
    with op.batch_alter_table("post_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_post_contact_value")
        batch_op.create_index("ix_post_contact_value", ["kind", "value", "post_id"])


def downgrade() -> None:
    with op.batch_alter_table("post_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_post_contact_value")
        batch_op.create_index("ix_post_contact_value", ["kind", "value"])
    _bands(sa.LargeBinary(length=12), indexed=True)
    op.drop_table("campaign_split")
    op.drop_table("campaign_merge")
    op.drop_table("campaign_member")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_root_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_merged_into_id"))
        batch_op.drop_column("root_id")


def _find_roots() -> None:
    """Every merged campaign leads to the one that lives, however many steps it takes."""
    op.execute("UPDATE campaign SET root_id = merged_into_id")
    step = sa.text(
        "UPDATE campaign SET root_id = (SELECT c.merged_into_id FROM campaign c WHERE c.id = campaign.root_id) "
        "WHERE root_id IN (SELECT c.id FROM campaign c WHERE c.merged_into_id IS NOT NULL)"
    )
    while op.get_bind().execute(step).rowcount:
        pass


def _members() -> None:
    op.create_table(
        "campaign_member",
        sa.Column("post_id", ID, autoincrement=False, nullable=False),
        sa.Column("home_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("other_id", ID, nullable=True),
        sa.Column("contact_kind", sa.String(length=20), nullable=False),
        sa.Column("contact_value", sa.String(length=500), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["home_id"], ["campaign.id"], name=op.f("fk_campaign_member_home_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_campaign_member_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_campaign_member")),
    )
    op.create_index(op.f("ix_campaign_member_home_id"), "campaign_member", ["home_id"])
    # Why the posts that are there belong was never written down; reason '' says so.
    op.execute(
        "INSERT INTO campaign_member "
        "(post_id, home_id, reason, share, contact_kind, contact_value, at) "
        "SELECT id, campaign_id, '', 0, '', '', seen_at FROM post WHERE campaign_id IS NOT NULL"
    )


def _merges() -> None:
    op.create_table(
        "campaign_merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("gone_id", ID, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("post_id", ID, nullable=True),
        sa.Column("other_id", ID, nullable=True),
        sa.Column("contact_kind", sa.String(length=20), nullable=False),
        sa.Column("contact_value", sa.String(length=500), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("undone_at", AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_campaign_merge_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["campaign.id"], name=op.f("fk_campaign_merge_gone_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["campaign.id"], name=op.f("fk_campaign_merge_kept_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_campaign_merge_post_id_post"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_merge")),
    )
    for column in ("gone_id", "kept_id", "post_id"):
        op.create_index(op.f(f"ix_campaign_merge_{column}"), "campaign_merge", [column])


def _splits() -> None:
    op.create_table(
        "campaign_split",
        sa.Column("id", ID, nullable=False),
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("merge_id", ID, nullable=True),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("undone_at", AT, nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_campaign_split_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["campaign_merge.id"],
            name=op.f("fk_campaign_split_merge_id_campaign_merge"),
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["campaign.id"], name=op.f("fk_campaign_split_one_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["campaign.id"], name=op.f("fk_campaign_split_other_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["user_account.id"],
            name=op.f("fk_campaign_split_undone_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_split")),
    )
    for column in ("one_id", "other_id"):
        op.create_index(op.f(f"ix_campaign_split_{column}"), "campaign_split", [column])


def _bands(band: sa.types.TypeEngine[Any], *, indexed: bool) -> None:
    """The table anew and empty: its keys are made otherwise. Near copies of posts from before are no longer
    found; their exact copies and contacts are."""
    op.drop_table("post_band")
    post = sa.ForeignKeyConstraint(
        ["post_id"], ["post.id"], name=op.f("fk_post_band_post_id_post"), ondelete="CASCADE"
    )
    op.create_table(
        "post_band",
        sa.Column("band", band, autoincrement=False, nullable=False),
        sa.Column(
            "post_id", ID if indexed else sa.BigInteger(), autoincrement=False, nullable=False
        ),
        *([post] if indexed else []),
        sa.PrimaryKeyConstraint("band", "post_id", name=op.f("pk_post_band")),
        sqlite_with_rowid=indexed,
    )
    if indexed:
        op.create_index(op.f("ix_post_band_post_id"), "post_band", ["post_id"])
