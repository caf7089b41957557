"""Sources: the zone of a post's time, what a post passes on, units spent of an API's daily quota."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("zone", sa.String(length=6), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("forwarded_from", sa.Text(), server_default="", nullable=False)
        )
    op.create_table(
        "api_quota",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "day", name=op.f("pk_api_quota")),
    )


def downgrade() -> None:
    op.drop_table("api_quota")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_column("forwarded_from")
        batch_op.drop_column("zone")
