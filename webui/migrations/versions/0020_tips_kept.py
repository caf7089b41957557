"""Tips are kept as they were typed, for as long as the office says."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

import foundation.database

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEPT = timedelta(days=90)


def upgrade() -> None:
    op.add_column("tip", sa.Column("text", sa.Text(), nullable=True))
    for name in ("url", "when_seen"):
        op.add_column("tip", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    tip = sa.table("tip", sa.column("retain_until", foundation.database.UtcDateTime()))
    until = datetime.now(UTC) + KEPT
    op.execute(sa.update(tip).values(retain_until=until))


def downgrade() -> None:
    with op.batch_alter_table("tip", schema=None) as batch_op:
        for name in ("when_seen", "url", "text"):
            batch_op.drop_column(name)
