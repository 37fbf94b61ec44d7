"""Pictures of goods that owners put in at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0037_goods_pictures"
down_revision = "0035_shop_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_pictures",
        sa.Column("picture_id", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(60), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_shop_pictures")),
    )


def downgrade() -> None:
    op.drop_table("shop_pictures")
