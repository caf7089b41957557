"""Runs, their errors, the pages still to get"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crawl_run",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("source_id", foundation.database.Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("params", foundation.database.Json, nullable=False),
        sa.Column("leased_by", sa.String(length=200), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column("lease_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("started_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("not_kept", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("reason_detail", foundation.database.Json, nullable=False),
        sa.Column("checkpoint", foundation.database.Json, nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_crawl_run_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_crawl_run_source_id_source")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_crawl_run_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_run")),
    )
    with op.batch_alter_table("crawl_run", schema=None) as batch_op:
        batch_op.create_index("ix_crawl_run_source", ["source_id", "id"], unique=False)
        batch_op.create_index("ix_crawl_run_state", ["state", "lease_until"], unique=False)

    op.create_table(
        "source_state",
        sa.Column("source_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("state", foundation.database.Json, nullable=False),
        sa.Column("updated_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_state_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_state")),
    )
    op.create_table(
        "crawl_error",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("run_id", foundation.database.Id, nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", foundation.database.Json, nullable=False),
        sa.Column("saved_page", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["crawl_run.id"],
            name=op.f("fk_crawl_error_run_id_crawl_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_error")),
    )
    with op.batch_alter_table("crawl_error", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crawl_error_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_crawl_error_run_id"), ["run_id"], unique=False)

    op.create_table(
        "crawl_request",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("run_id", foundation.database.Id, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("data", foundation.database.Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["crawl_run.id"],
            name=op.f("fk_crawl_request_run_id_crawl_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_request")),
    )
    with op.batch_alter_table("crawl_request", schema=None) as batch_op:
        batch_op.create_index("ix_crawl_request_open", ["run_id", "state", "id"], unique=False)
        batch_op.create_index(
            "uq_crawl_request_run_fingerprint", ["run_id", "fingerprint"], unique=True
        )


def downgrade() -> None:
    with op.batch_alter_table("crawl_request", schema=None) as batch_op:
        batch_op.drop_index("uq_crawl_request_run_fingerprint")
        batch_op.drop_index("ix_crawl_request_open")

    op.drop_table("crawl_request")
    with op.batch_alter_table("crawl_error", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crawl_error_run_id"))
        batch_op.drop_index(batch_op.f("ix_crawl_error_at"))

    op.drop_table("crawl_error")
    op.drop_table("source_state")
    with op.batch_alter_table("crawl_run", schema=None) as batch_op:
        batch_op.drop_index("ix_crawl_run_state")
        batch_op.drop_index("ix_crawl_run_source")

    op.drop_table("crawl_run")
