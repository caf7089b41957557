"""Learning: a verdict for each decided post, counts by rule and month, suggested phrases, second opinions."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _counts()
    _suggestions()
    _opinions()


def _counts() -> None:
    op.create_table(
        "learned_rule",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("known_since", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("first_hit_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("last_hit_at", foundation.database.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_learned_rule_name")),
    )
    op.create_table(
        "learned_post",
        sa.Column("post_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("decision_id", foundation.database.Id, nullable=False),
        sa.Column("by_case", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("together", foundation.database.Id, nullable=False),
        sa.Column("rules", foundation.database.Json, nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_learned_post")),
    )
    with op.batch_alter_table("learned_post", schema=None) as batch_op:
        batch_op.create_index("ix_learned_post_month", ["month"], unique=False)
    op.create_table(
        "rule_month",
        sa.Column("rule_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.Column("aside", sa.Integer(), nullable=False),
        sa.Column("help", sa.Integer(), nullable=False),
        sa.Column("kept_once", sa.Integer(), nullable=False),
        sa.Column("dismissed_once", sa.Integer(), nullable=False),
        sa.Column("reasons", foundation.database.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["learned_rule.id"], name=op.f("fk_rule_month_rule_id_learned_rule")
        ),
        sa.PrimaryKeyConstraint("rule_id", "month", name=op.f("pk_rule_month")),
    )
    with op.batch_alter_table("rule_month", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_rule_month_month"), ["month"], unique=False)
    op.create_table(
        "learning_note",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("data", foundation.database.Json, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_learning_note")),
    )


def _suggestions() -> None:
    op.create_table(
        "phrase_suggestion",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.Column("ordinary", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.Column("examples", foundation.database.Json, nullable=False),
        sa.Column("counted_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("decided_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", foundation.database.Id, nullable=True),
        sa.Column("revision_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_phrase_suggestion_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["rule_pack_revision.id"],
            name=op.f("fk_phrase_suggestion_revision_id_rule_pack_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase_suggestion")),
        sa.UniqueConstraint("phrase", name=op.f("uq_phrase_suggestion_phrase")),
    )
    with op.batch_alter_table("phrase_suggestion", schema=None) as batch_op:
        batch_op.create_index("ix_phrase_suggestion_state", ["state"], unique=False)


def _opinions() -> None:
    op.create_table(
        "opinion_model",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("until", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("quality", foundation.database.Json, nullable=False),
        sa.Column("since", foundation.database.Json, nullable=False),
        sa.Column("why_off", sa.Text(), nullable=False),
        sa.Column("switched_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("switched_by_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_opinion_model_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["switched_by_id"],
            ["user_account.id"],
            name=op.f("fk_opinion_model_switched_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_model")),
    )
    with op.batch_alter_table("opinion_model", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_model_state", ["state"], unique=False)
    op.create_table(
        "post_opinion",
        sa.Column("post_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("model_id", foundation.database.Id, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["opinion_model.id"], name=op.f("fk_post_opinion_model_id_opinion_model")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_opinion_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_opinion")),
    )
    with op.batch_alter_table("post_opinion", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_post_opinion_model_id"), ["model_id"], unique=False)


def downgrade() -> None:
    op.drop_table("post_opinion")
    op.drop_table("opinion_model")
    op.drop_table("phrase_suggestion")
    op.drop_table("learning_note")
    op.drop_table("rule_month")
    op.drop_table("learned_post")
    op.drop_table("learned_rule")
