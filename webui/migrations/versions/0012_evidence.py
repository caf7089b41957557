"""Evidence: what a capture found, unchanged sightings, pictures known again and read."""

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("detail", foundation.database.Json, nullable=False, server_default="{}")
        )
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.alter_column("detail", server_default=None)
    _captures()
    _pictures()
    _picture_texts()


def _captures() -> None:
    op.create_table(
        "evidence_sighting",
        sa.Column("observation_id", foundation.database.Id, autoincrement=False, nullable=False),
        sa.Column("item_id", foundation.database.Id, nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["evidence_item.id"],
            name=op.f("fk_evidence_sighting_item_id_evidence_item"),
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_evidence_sighting_observation_id_observation"),
        ),
        sa.PrimaryKeyConstraint("observation_id", name=op.f("pk_evidence_sighting")),
    )
    with op.batch_alter_table("evidence_sighting", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_evidence_sighting_item_id"), ["item_id"], unique=False)
    op.create_table(
        "last_capture",
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("observation_id", foundation.database.Id, nullable=False),
        sa.Column("compared", sa.String(length=64), nullable=False),
        sa.Column("at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_last_capture_observation_id_observation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_last_capture")),
    )


def _pictures() -> None:
    op.create_table(
        "picture",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("phash", sa.String(length=16), nullable=False),
        *(sa.Column(f"band_{number}", sa.Integer(), nullable=False) for number in range(4)),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("observation_id", foundation.database.Id, nullable=True),
        sa.Column("seen_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_picture_observation_id_observation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_picture_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("post_id", "digest", name=op.f("uq_picture_post_id_digest")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_picture_digest"), ["digest"], unique=False)
        for number in range(4):
            batch_op.create_index(f"ix_picture_band_{number}", [f"band_{number}"], unique=False)


def _picture_texts() -> None:
    op.create_table(
        "picture_text",
        sa.Column("id", foundation.database.Id, nullable=False),
        sa.Column("post_id", foundation.database.Id, nullable=False),
        sa.Column("observation_id", foundation.database.Id, nullable=True),
        sa.Column("text_key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("judgement", foundation.database.Json, nullable=False),
        sa.Column("matcher_version", sa.String(length=64), nullable=False),
        sa.Column("seen_at", foundation.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_picture_text_observation_id_observation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_picture_text_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_text")),
        sa.UniqueConstraint("post_id", "text_key", name=op.f("uq_picture_text_post_id_text_key")),
    )


def downgrade() -> None:
    for table in ("picture_text", "picture", "last_capture", "evidence_sighting"):
        op.drop_table(table)
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.drop_column("detail")
