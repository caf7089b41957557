"""Looking again: what stands in the place of an edited text; posts that look like removed ones."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("observation") as batch_op:
        batch_op.add_column(sa.Column("seen_text", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "reupload",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("request_id", foundation.database.Id, nullable=False),
        sa.Column("item_id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("same", foundation.database.Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("found_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("decided_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_reupload_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["takedown_item.id"], name=op.f("fk_reupload_item_id_takedown_item")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_reupload_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["takedown_request.id"],
            name=op.f("fk_reupload_request_id_takedown_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reupload")),
        sa.UniqueConstraint("item_id", "post_id", name=op.f("uq_reupload_item_id_post_id")),
    )
    with op.batch_alter_table("reupload") as batch_op:
        batch_op.create_index("ix_reupload_request", ["request_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_table("reupload")
    with op.batch_alter_table("observation") as batch_op:
        batch_op.drop_column("seen_text")
