"""Sources, posts, campaigns, wishes and observations"""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("merged_into_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["campaign.id"], name=op.f("fk_campaign_merged_into_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "not_kept",
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seen_at", foundation.database.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_not_kept")),
    )
    with op.batch_alter_table("not_kept", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_kept_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "index_request",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("requested_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("started_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("finished_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_index_request_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_request")),
    )
    with op.batch_alter_table("index_request", schema=None) as batch_op:
        batch_op.create_index("ix_index_request_state", ["state", "id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("config", foundation.database.Json, nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("next_run_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("legal_basis", foundation.database.Json, nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_source_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_source_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
    )
    op.create_table(
        "intake",
        sa.Column("source_id", foundation.database.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("not_kept", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_intake_source_id_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_intake")),
    )
    op.create_table(
        "post",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("source_id", foundation.database.Id, nullable=False),
        sa.Column("run_id", foundation.database.Id, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_handle", sa.String(length=300), nullable=False),
        sa.Column("author_url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("posted_at", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("seen_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("media", foundation.database.Json, nullable=False),
        sa.Column("links", foundation.database.Json, nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("counts", foundation.database.Json, nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", foundation.database.Id, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("case_id", foundation.database.Id, nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("verdict_kind", sa.String(length=20), nullable=False),
        sa.Column("groups", foundation.database.Json, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("judgement", foundation.database.Json, nullable=False),
        sa.Column("matcher_version", sa.String(length=64), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("retain_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_post_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_post_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_post_source_id_source")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("source_id", "url_key", name=op.f("uq_post_source_id_url_key")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_author_handle"), ["author_handle"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_post_queue",
            ["state", "urgent", "verdict_kind", "level", "score", "seen_at", "unit_id", "id"],
            unique=False,
        )
        batch_op.create_index("ix_post_retain_until", ["retain_until"], unique=False)
        batch_op.create_index("ix_post_seen_at", ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_text_hash"), ["text_hash"], unique=False)
        batch_op.create_index("ix_post_url_key", ["url_key"], unique=False)

    op.create_table(
        "post_band",
        sa.Column("band", sa.LargeBinary(length=12), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_band_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "post_id", name=op.f("pk_post_band")),
    )
    with op.batch_alter_table("post_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_band_post_id"), ["post_id"], unique=False)

    op.create_table(
        "post_contact",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_contact_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_contact")),
    )
    with op.batch_alter_table("post_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_contact_post_id"), ["post_id"], unique=False)
        batch_op.create_index("ix_post_contact_value", ["kind", "value"], unique=False)

    op.create_table(
        "post_version",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.Column("seen_until", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_version_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_version")),
    )
    with op.batch_alter_table("post_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_version_post_id"), ["post_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=True),
        sa.Column("expected_key", sa.String(length=64), nullable=False),
        sa.Column("asked_kind", sa.String(length=40), nullable=False),
        sa.Column("asked_id", foundation.database.Id, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("lease_until", foundation.database.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.Column("created_at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_wish_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_wish_post_id_post"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_wish_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index("ix_wish_due", ["state", "due_at"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("wish_id", foundation.database.Id, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=True),
        sa.Column("asked_kind", sa.String(length=40), nullable=False),
        sa.Column("asked_id", foundation.database.Id, nullable=True),
        sa.Column("availability", sa.String(length=20), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("capture", foundation.database.Json, nullable=False),
        sa.Column("actor_id", foundation.database.Id, nullable=True),
        sa.Column("unit_id", foundation.database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_observation_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_observation_post_id_post"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_observation_unit_id_unit")),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name=op.f("fk_observation_wish_id_wish")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_observation_asked", ["asked_kind", "asked_id", "at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("ix_observation_asked")

    op.drop_table("observation")
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index("ix_wish_due")

    op.drop_table("wish")
    with op.batch_alter_table("post_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_version_post_id"))

    op.drop_table("post_version")
    with op.batch_alter_table("post_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_post_contact_value")
        batch_op.drop_index(batch_op.f("ix_post_contact_post_id"))

    op.drop_table("post_contact")
    with op.batch_alter_table("post_band", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_band_post_id"))

    op.drop_table("post_band")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_url_key")
        batch_op.drop_index(batch_op.f("ix_post_text_hash"))
        batch_op.drop_index("ix_post_seen_at")
        batch_op.drop_index("ix_post_retain_until")
        batch_op.drop_index("ix_post_queue")
        batch_op.drop_index(batch_op.f("ix_post_case_id"))
        batch_op.drop_index(batch_op.f("ix_post_campaign_id"))
        batch_op.drop_index(batch_op.f("ix_post_author_handle"))

    op.drop_table("post")
    op.drop_table("intake")
    op.drop_table("source")
    with op.batch_alter_table("index_request", schema=None) as batch_op:
        batch_op.drop_index("ix_index_request_state")

    op.drop_table("index_request")
    with op.batch_alter_table("not_kept", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_not_kept_seen_at"))

    op.drop_table("not_kept")
    op.drop_table("campaign")
