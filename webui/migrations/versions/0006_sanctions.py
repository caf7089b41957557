"""Sanctions"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sanction",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=False),
        sa.Column("subject_id", foundation.database.Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("age_at_act", sa.Integer(), nullable=True),
        sa.Column("conduct", sa.String(length=60), nullable=False),
        sa.Column("act_text", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("still_going", sa.Boolean(), nullable=False),
        sa.Column("detected_on", sa.Date(), nullable=False),
        sa.Column("candidates", foundation.database.Json, nullable=False),
        sa.Column("provision_id", sa.String(length=80), nullable=False),
        sa.Column("cited", sa.Text(), nullable=False),
        sa.Column("choice_reason", sa.Text(), nullable=False),
        sa.Column("pinned", foundation.database.Json, nullable=False),
        sa.Column("law_version", sa.String(length=64), nullable=False),
        sa.Column("complex_case", sa.Boolean(), nullable=False),
        sa.Column("transferred", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("record_number", sa.Integer(), nullable=True),
        sa.Column("record_place", sa.Text(), nullable=False),
        sa.Column("party_statement", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("mitigating", foundation.database.Json, nullable=False),
        sa.Column("aggravating", foundation.database.Json, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_reason", sa.Text(), nullable=False),
        sa.Column("remedies", foundation.database.Json, nullable=False),
        sa.Column("signer_id", foundation.database.Id, nullable=True),
        sa.Column("signer_title", sa.String(length=80), nullable=False),
        sa.Column("delegation", sa.Text(), nullable=False),
        sa.Column("decision_number", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_digest", sa.String(length=64), nullable=False),
        sa.Column("findings", foundation.database.Json, nullable=False),
        sa.Column("acknowledged", sa.Text(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("served_proof", sa.Text(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("remedied_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("crime_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("crime_reason", sa.Text(), nullable=False),
        sa.Column("crime_reference", sa.Text(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("other_body", sa.String(length=300), nullable=False),
        sa.Column("other_reference", sa.String(length=200), nullable=False),
        sa.Column("due_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("due_key", sa.String(length=40), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_sanction_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_sanction_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["signer_id"], ["user_account.id"], name=op.f("fk_sanction_signer_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_sanction_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_sanction_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
        sa.UniqueConstraint("number", name=op.f("uq_sanction_number")),
    )
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanction_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_sanction_decided_on", ["decided_on"], unique=False)
        batch_op.create_index("ix_sanction_state", ["state", "unit_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanction_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "sanction_explanation",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("sanction_id", foundation.database.Id, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_sanction_explanation_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["sanction_id"],
            ["sanction.id"],
            name=op.f("fk_sanction_explanation_sanction_id_sanction"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_sanction_explanation_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction_explanation")),
    )
    with op.batch_alter_table("sanction_explanation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sanction_explanation_sanction_id"), ["sanction_id"], unique=False
        )

    op.create_table(
        "sanction_payment",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("sanction_id", foundation.database.Id, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.String(length=100), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_sanction_payment_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["sanction_id"], ["sanction.id"], name=op.f("fk_sanction_payment_sanction_id_sanction")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_sanction_payment_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction_payment")),
    )
    with op.batch_alter_table("sanction_payment", schema=None) as batch_op:
        batch_op.create_index("ix_sanction_payment_paid_on", ["paid_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sanction_payment_sanction_id"), ["sanction_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sanction_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sanction_payment_sanction_id"))
        batch_op.drop_index("ix_sanction_payment_paid_on")

    op.drop_table("sanction_payment")
    with op.batch_alter_table("sanction_explanation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sanction_explanation_sanction_id"))

    op.drop_table("sanction_explanation")
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sanction_subject_id"))
        batch_op.drop_index("ix_sanction_state")
        batch_op.drop_index("ix_sanction_decided_on")
        batch_op.drop_index(batch_op.f("ix_sanction_case_id"))

    op.drop_table("sanction")
