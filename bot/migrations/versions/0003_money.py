"""Who a coupon came from; indexes for what is swept out by age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_money"
down_revision = "0002_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "shop_buyer_coupons",
        sa.Column("is_given", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_index("ix_shop_order_tries_at", "shop_order_tries", ["at"])
    op.create_index("ix_shop_requests_made_at", "shop_requests", ["made_at"])


def downgrade() -> None:
    op.drop_index("ix_shop_requests_made_at", table_name="shop_requests")
    op.drop_index("ix_shop_order_tries_at", table_name="shop_order_tries")
    with op.batch_alter_table("shop_buyer_coupons") as batch_op:
        batch_op.drop_column("is_given")
