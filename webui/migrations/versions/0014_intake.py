"""Intake: what citizens send by the public form."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tip",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=True),
        sa.Column("where_seen", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("screenshot", sa.String(length=64), nullable=False),
        sa.Column("received_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_tip_post_id_post"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
        sa.UniqueConstraint("code", name=op.f("uq_tip_code")),
    )
    with op.batch_alter_table("tip") as batch_op:
        batch_op.create_index("ix_tip_received", ["received_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tip_post_id"), ["post_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tip")
