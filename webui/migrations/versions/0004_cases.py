"""Triage, cases, evidence"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_counter",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("opened_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("closed_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_file_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_case_file_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_file_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_case_file_state", ["state", "unit_id", "id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_document_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_document_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_document_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_case_id"), ["case_id"], unique=False)

    op.create_table(
        "subject",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("account", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("id_number", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.Column("removed_at", foundation.database.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_subject_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_subject_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subject_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_case_id"), ["case_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", foundation.database.Id, nullable=True),
        sa.Column("due_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("escalate_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.Column("done_at", foundation.database.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_task_assignee_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_task_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_task_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_task_open", ["state", "assignee_id", "due_at"], unique=False)

    op.create_table(
        "case_post",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("before_state", sa.String(length=20), nullable=False),
        sa.Column("added_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("added_by_id", foundation.database.Id, nullable=True),
        sa.Column("removed_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("removed_by_id", foundation.database.Id, nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_case_post_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_post_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_case_post_post_id_post")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_post_removed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_post")),
    )
    with op.batch_alter_table("case_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_post_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_post_post", ["post_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("post_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("user_id", foundation.database.Id, nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("expires_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("handed_over_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["handed_over_by_id"],
            ["user_account.id"],
            name=op.f("fk_claim_handed_over_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_claim_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_claim_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_user_id"), ["user_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.Column("batch_id", foundation.database.Id, nullable=True),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("by_id", foundation.database.Id, nullable=True),
        sa.Column("undone_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_decision_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_decision_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["user_account.id"],
            name=op.f("fk_decision_undone_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_decision_post", ["post_id", "id"], unique=False)
        batch_op.create_index("ix_decision_standing", ["decision", "undone_at"], unique=False)

    op.create_table(
        "evidence_item",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=True),
        sa.Column("post_id", foundation.database.Id, nullable=True),
        sa.Column("observation_id", foundation.database.Id, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("availability", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("captured_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("tool", sa.String(length=120), nullable=False),
        sa.Column("robots", sa.String(length=120), nullable=False),
        sa.Column("files", foundation.database.Json, nullable=False),
        sa.Column("manifest_digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_evidence_item_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_evidence_item_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_evidence_item_observation_id_observation"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_evidence_item_post_id_post"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_evidence_item_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_item")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_evidence_item_observation_id")),
    )
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_evidence_item_url", ["post_id", "id"], unique=False)

    op.create_table(
        "custody",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("item_id", foundation.database.Id, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("actor_id", foundation.database.Id, nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_custody_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evidence_item.id"], name=op.f("fk_custody_item_id_evidence_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("item_id", "sequence", name=op.f("uq_custody_item_id_sequence")),
    )
    with op.batch_alter_table("custody", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_custody_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("custody", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_custody_item_id"))

    op.drop_table("custody")
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_item_url")
        batch_op.drop_index(batch_op.f("ix_evidence_item_case_id"))

    op.drop_table("evidence_item")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_standing")
        batch_op.drop_index("ix_decision_post")
        batch_op.drop_index(batch_op.f("ix_decision_by_id"))
        batch_op.drop_index(batch_op.f("ix_decision_batch_id"))

    op.drop_table("decision")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_user_id"))

    op.drop_table("claim")
    with op.batch_alter_table("case_post", schema=None) as batch_op:
        batch_op.drop_index("ix_case_post_post")
        batch_op.drop_index(batch_op.f("ix_case_post_case_id"))

    op.drop_table("case_post")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_open")
        batch_op.drop_index(batch_op.f("ix_task_case_id"))

    op.drop_table("task")
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_case_id"))

    op.drop_table("subject")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_case_id"))

    op.drop_table("document")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_file_state")
        batch_op.drop_index(batch_op.f("ix_case_file_owner_id"))

    op.drop_table("case_file")
    op.drop_table("case_counter")
