"""Packages: evidence packages, time stamps, checks of everything stored; items that show a victim."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _checks()
    _packages()
    _stamps()
    _items()


def _checks() -> None:
    op.create_table(
        "evidence_check",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("after_id", foundation.database.Id, nullable=False),
        sa.Column(
            "problems",
            foundation.database.Json,
            nullable=False,
        ),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_evidence_check_created_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_check")),
    )
    with op.batch_alter_table("evidence_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_check_ended_at"), ["ended_at"], unique=False)


def _packages() -> None:
    op.create_table(
        "evidence_package",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("unmasked", sa.Boolean(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_item_id", foundation.database.Id, nullable=False),
        sa.Column("exported_item_id", foundation.database.Id, nullable=False),
        sa.Column("handed_item_id", foundation.database.Id, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("made_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("handed_over_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("handed_over_to", sa.String(length=300), nullable=False),
        sa.Column("handed_over_by_id", foundation.database.Id, nullable=True),
        sa.Column("handover_note", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_evidence_package_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_evidence_package_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["handed_over_by_id"],
            ["user_account.id"],
            name=op.f("fk_evidence_package_handed_over_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_evidence_package_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_package")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_evidence_package_case_id_number")),
    )
    with op.batch_alter_table("evidence_package", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_package_state", ["state", "id"], unique=False)


def _stamps() -> None:
    op.create_table(
        "time_stamp",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("item_id", foundation.database.Id, nullable=False),
        sa.Column("imprint", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("stamped_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evidence_item.id"], name=op.f("fk_time_stamp_item_id_evidence_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_stamp")),
        sa.UniqueConstraint("item_id", name=op.f("uq_time_stamp_item_id")),
    )
    with op.batch_alter_table("time_stamp", schema=None) as batch_op:
        batch_op.create_index("ix_time_stamp_waiting", ["token", "next_try_at"], unique=False)


def _items() -> None:
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shows_victim", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index("ix_evidence_item_captured", ["captured_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("evidence_item") as batch_op:
        batch_op.drop_index("ix_evidence_item_captured")
        batch_op.drop_column("shows_victim")
    op.drop_table("evidence_check")
    op.drop_table("time_stamp")
    op.drop_table("evidence_package")
