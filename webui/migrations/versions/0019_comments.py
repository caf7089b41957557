"""Comments are found by what they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

ANSWERS = sa.text("reply_to <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_post_reply_to",
        "post",
        ["reply_to"],
        unique=False,
        postgresql_using="hash",
        postgresql_where=ANSWERS,
        sqlite_where=ANSWERS,
    )


def downgrade() -> None:
    op.drop_index("ix_post_reply_to", table_name="post")
