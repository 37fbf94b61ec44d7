"""What was given to who waited for a late parcel; what a shop of its own told by its webhook."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0031_amends_and_news"
down_revision = "0034_side_by_side"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_amends",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("off_fen", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_shop_amends")),
    )
    op.create_index(op.f("ix_shop_amends_buyer_id"), "shop_amends", ["buyer_id"])
    op.create_index(op.f("ix_shop_amends_given_at"), "shop_amends", ["given_at"])
    op.create_table(
        "follow_up_heard",
        sa.Column("heard_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=260), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("heard_id", name=op.f("pk_follow_up_heard")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_follow_up_heard_kind_key")),
    )
    op.create_index("follow_up_heard_waiting", "follow_up_heard", ["taken_at", "heard_at"])
    op.create_index(op.f("ix_follow_up_heard_buyer_id"), "follow_up_heard", ["buyer_id"])


def downgrade() -> None:
    op.drop_table("follow_up_heard")
    op.drop_table("shop_amends")
