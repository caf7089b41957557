"""Rule lab: revisions of packs and their texts, runs over what is stored, shadow counts, judgements before."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _revisions()
    _runs()
    _judgements()
    _shadow()


def _revisions() -> None:
    op.create_table(
        "rule_pack_revision",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("based_on_id", foundation.database.Id, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("live_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_rule_pack_revision_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["based_on_id"],
            ["rule_pack_revision.id"],
            name=op.f("fk_rule_pack_revision_based_on_id_rule_pack_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_rule_pack_revision_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_rule_pack_revision_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_pack_revision")),
        sa.UniqueConstraint("pack", "number", name=op.f("uq_rule_pack_revision_pack_number")),
    )
    with op.batch_alter_table("rule_pack_revision", schema=None) as batch_op:
        batch_op.create_index("ix_rule_pack_revision_state", ["state"], unique=False)
    op.create_table(
        "rule_pack_text",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("revision_id", foundation.database.Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("saved_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("saved_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["rule_pack_revision.id"],
            name=op.f("fk_rule_pack_text_revision_id_rule_pack_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"],
            ["user_account.id"],
            name=op.f("fk_rule_pack_text_saved_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_pack_text")),
    )
    with op.batch_alter_table("rule_pack_text", schema=None) as batch_op:
        batch_op.create_index("ix_rule_pack_text_revision", ["revision_id", "id"], unique=False)


def _runs() -> None:
    op.create_table(
        "lab_run",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision_id", foundation.database.Id, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("matcher_version", sa.String(length=64), nullable=False),
        sa.Column("params", foundation.database.Json, nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", foundation.database.Id, nullable=False),
        sa.Column("result", foundation.database.Json, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("lease_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("started_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("ended_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_lab_run_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["rule_pack_revision.id"],
            name=op.f("fk_lab_run_revision_id_rule_pack_revision"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_lab_run_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_run")),
    )
    with op.batch_alter_table("lab_run", schema=None) as batch_op:
        batch_op.create_index("ix_lab_run_revision", ["revision_id", "id"], unique=False)
        batch_op.create_index("ix_lab_run_state", ["state", "id"], unique=False)


def _judgements() -> None:
    op.create_table(
        "post_judgement",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("run_id", foundation.database.Id, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("verdict_kind", sa.String(length=20), nullable=False),
        sa.Column("judgement", foundation.database.Json, nullable=False),
        sa.Column("matcher_version", sa.String(length=64), nullable=False),
        sa.Column("until", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_post_judgement_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["lab_run.id"], name=op.f("fk_post_judgement_run_id_lab_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_judgement")),
    )
    with op.batch_alter_table("post_judgement", schema=None) as batch_op:
        batch_op.create_index("ix_post_judgement_post", ["post_id", "id"], unique=False)


def _shadow() -> None:
    op.create_table(
        "rule_shadow_day",
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("both", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pack", "digest", "day", name=op.f("pk_rule_shadow_day")),
    )
    op.create_table(
        "rule_shadow_example",
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_rule_shadow_example_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pack", "digest", "post_id", name=op.f("pk_rule_shadow_example")),
    )
    with op.batch_alter_table("rule_shadow_example", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rule_shadow_example_post_id"), ["post_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("rule_shadow_example")
    op.drop_table("rule_shadow_day")
    op.drop_table("post_judgement")
    op.drop_table("lab_run")
    op.drop_table("rule_pack_text")
    op.drop_table("rule_pack_revision")
