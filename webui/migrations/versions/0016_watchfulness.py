"""Watchfulness: budgets and hours of sources, versions of pages, alerts, what the pages of a run were like."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("crawl_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("figures", foundation.database.Json, nullable=False, server_default="{}")
        )
        batch_op.add_column(
            sa.Column("not_before", foundation.database.UtcDateTime(), nullable=True)
        )
    _care()
    _alerts()


def downgrade() -> None:
    op.drop_table("source_alert")
    op.drop_table("source_day")
    op.drop_table("source_care")
    op.drop_table("page_validator")
    with op.batch_alter_table("crawl_run", schema=None) as batch_op:
        batch_op.drop_column("not_before")
        batch_op.drop_column("figures")


def _care() -> None:
    op.create_table(
        "page_validator",
        sa.Column("source_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("last_modified", sa.String(length=100), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_page_validator_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "fingerprint", name=op.f("pk_page_validator")),
    )
    op.create_table(
        "source_care",
        sa.Column("source_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("day_requests", sa.Integer(), nullable=False),
        sa.Column("day_megabytes", sa.Integer(), nullable=False),
        sa.Column("hour_from", sa.Integer(), nullable=True),
        sa.Column("hour_to", sa.Integer(), nullable=True),
        sa.Column("canary", sa.Text(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("robots", sa.String(length=20), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_care_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_care")),
    )
    op.create_table(
        "source_day",
        sa.Column("source_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_day_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_day")),
    )


def _alerts() -> None:
    op.create_table(
        "source_alert",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("source_id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", foundation.database.Json, nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("parser", sa.String(length=40), nullable=False),
        sa.Column("run_id", foundation.database.Id, nullable=True),
        sa.Column("error_id", foundation.database.Id, nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("began_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("last_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("over_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("ended_by_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["user_account.id"],
            name=op.f("fk_source_alert_ended_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["error_id"],
            ["crawl_error.id"],
            name=op.f("fk_source_alert_error_id_crawl_error"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["crawl_run.id"],
            name=op.f("fk_source_alert_run_id_crawl_run"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_alert_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_source_alert_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_alert")),
    )
    with op.batch_alter_table("source_alert", schema=None) as batch_op:
        batch_op.create_index("ix_source_alert_open", ["ended_at", "source_id"], unique=False)
        batch_op.create_index(
            "ix_source_alert_source", ["source_id", "kind", "over_at"], unique=False
        )
