"""Where buyers can be written to: as the shop's rows say, and as its tokens claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0023_emails"
down_revision = "0020_joined"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claimed_emails",
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_claimed_emails")),
    )
    op.add_column(
        "shop_buyers",
        sa.Column("email", sa.String(length=120), nullable=False, server_default=""),
    )


def downgrade() -> None:
    with op.batch_alter_table("shop_buyers") as table:
        table.drop_column("email")
    op.drop_table("claimed_emails")
