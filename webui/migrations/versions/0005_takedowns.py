"""Takedown requests"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "takedown_request",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=30), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("recipient_contact", sa.String(length=500), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("regime_id", sa.String(length=80), nullable=False),
        sa.Column("pinned", foundation.database.Json, nullable=False),
        sa.Column("law_day", sa.Date(), nullable=False),
        sa.Column("legal_basis", foundation.database.Json, nullable=False),
        sa.Column("wanted", foundation.database.Json, nullable=False),
        sa.Column("pace", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("deadline_source", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sent_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("deadline_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("escalate_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("overdue_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("done_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("held_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("held_by_id", foundation.database.Id, nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=False),
        sa.Column("approved_by_id", foundation.database.Id, nullable=True),
        sa.Column("approved_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_takedown_request_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_takedown_request_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_takedown_request_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["held_by_id"],
            ["user_account.id"],
            name=op.f("fk_takedown_request_held_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_takedown_request_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_request")),
        sa.UniqueConstraint("number", name=op.f("uq_takedown_request_number")),
    )
    with op.batch_alter_table("takedown_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_takedown_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_takedown_request_sent_at", ["sent_at"], unique=False)
        batch_op.create_index(
            "ix_takedown_request_state", ["state", "unit_id", "deadline_at"], unique=False
        )

    op.create_table(
        "takedown_answer",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("request_id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("received_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("by_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_takedown_answer_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["takedown_request.id"],
            name=op.f("fk_takedown_answer_request_id_takedown_request"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_takedown_answer_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_answer")),
    )
    with op.batch_alter_table("takedown_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_takedown_answer_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "takedown_notice",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("request_id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=500), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("proof_digest", sa.String(length=64), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("deadline_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("begun_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("task_made", sa.Boolean(), nullable=False),
        sa.Column("by_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_takedown_notice_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["takedown_request.id"],
            name=op.f("fk_takedown_notice_request_id_takedown_request"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_takedown_notice_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_notice")),
    )
    with op.batch_alter_table("takedown_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_takedown_notice_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index("ix_takedown_notice_state", ["state", "channel"], unique=False)

    op.create_table(
        "takedown_item",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("request_id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("normalised_key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=300), nullable=False),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("before_observation_id", foundation.database.Id, nullable=True),
        sa.Column("before_evidence_id", foundation.database.Id, nullable=True),
        sa.Column("after_observation_id", foundation.database.Id, nullable=True),
        sa.Column("first_gone_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("removed_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("reappeared_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("online_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("last_availability", sa.String(length=20), nullable=False),
        sa.Column("last_looked_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_observation_id"],
            ["observation.id"],
            name=op.f("fk_takedown_item_after_observation_id_observation"),
        ),
        sa.ForeignKeyConstraint(
            ["before_evidence_id"],
            ["evidence_item.id"],
            name=op.f("fk_takedown_item_before_evidence_id_evidence_item"),
        ),
        sa.ForeignKeyConstraint(
            ["before_observation_id"],
            ["observation.id"],
            name=op.f("fk_takedown_item_before_observation_id_observation"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_takedown_item_post_id_post")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["takedown_request.id"],
            name=op.f("fk_takedown_item_request_id_takedown_request"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_takedown_item_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_item")),
        sa.UniqueConstraint(
            "request_id", "post_id", name=op.f("uq_takedown_item_request_id_post_id")
        ),
    )
    with op.batch_alter_table("takedown_item", schema=None) as batch_op:
        batch_op.create_index("ix_takedown_item_account", ["account_key"], unique=False)
        batch_op.create_index("ix_takedown_item_normalised", ["normalised_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_takedown_item_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_takedown_item_request_id"), ["request_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("takedown_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_takedown_item_request_id"))
        batch_op.drop_index(batch_op.f("ix_takedown_item_post_id"))
        batch_op.drop_index("ix_takedown_item_normalised")
        batch_op.drop_index("ix_takedown_item_account")

    op.drop_table("takedown_item")
    with op.batch_alter_table("takedown_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_takedown_notice_state")
        batch_op.drop_index(batch_op.f("ix_takedown_notice_request_id"))

    op.drop_table("takedown_notice")
    with op.batch_alter_table("takedown_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_takedown_answer_request_id"))

    op.drop_table("takedown_answer")
    with op.batch_alter_table("takedown_request", schema=None) as batch_op:
        batch_op.drop_index("ix_takedown_request_state")
        batch_op.drop_index("ix_takedown_request_sent_at")
        batch_op.drop_index(batch_op.f("ix_takedown_request_case_id"))

    op.drop_table("takedown_request")
