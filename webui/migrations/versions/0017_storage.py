"""Storage: daily samples of the store of files, what nothing refers to, runs of retention."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "storage_sample",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_storage_sample")),
    )
    op.create_table(
        "unused_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("since", foundation.database.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_unused_file")),
    )
    with op.batch_alter_table("unused_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unused_file_since"), ["since"], unique=False)
    _runs()
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_item_retain_until", ["retain_until"], unique=False)


def _runs() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("real", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=80), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", foundation.database.Json, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_retention_run_created_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_run_ended_at"), ["ended_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("evidence_item") as batch_op:
        batch_op.drop_index("ix_evidence_item_retain_until")
    for table in ("retention_run", "unused_file", "storage_sample"):
        op.drop_table(table)
