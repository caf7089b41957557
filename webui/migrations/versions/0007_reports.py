"""Reports"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("period_kind", sa.String(length=40), nullable=False),
        sa.Column("period_ref", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("narrative", foundation.database.Json, nullable=False),
        sa.Column("official_number", sa.Integer(), nullable=True),
        sa.Column("snapshot", foundation.database.Json, nullable=False),
        sa.Column("document_digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("issued_by_id", foundation.database.Id, nullable=True),
        sa.Column("restates_id", foundation.database.Id, nullable=True),
        sa.Column("restated_why", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_report_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_report_issued_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["restates_id"], ["report.id"], name=op.f("fk_report_restates_id_report")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_period", ["period_kind", "period_ref", "unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_restates_id"), ["restates_id"], unique=False)
        batch_op.create_index("ix_report_state", ["state", "unit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_state")
        batch_op.drop_index(batch_op.f("ix_report_restates_id"))
        batch_op.drop_index("ix_report_period")

    op.drop_table("report")
