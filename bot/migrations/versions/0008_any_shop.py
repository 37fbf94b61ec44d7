"""Each product names what its SKUs differ in; a SKU has its own price, weight and facts; what stacks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_any_shop"
down_revision = "0007_wishes"
branch_labels = None
depends_on = None

# (table, column, before, now): names of one outdoor shop were short, other shops' are not.
WIDER = (
    ("shop_products", "category", 16, 32),
    ("shop_skus", "sku_id", 120, 200),
    ("shop_skus", "colour", 32, 60),
    ("shop_skus", "size", 16, 60),
    ("shop_restock_notices", "sku_id", 120, 200),
    ("shop_order_lines", "sku_id", 120, 200),
    ("shop_order_lines", "colour", 32, 60),
    ("shop_order_lines", "size", 16, 60),
)
ADDED = (
    ("shop_products", sa.Column("axes", sa.JSON(), nullable=False, server_default="[]")),
    ("shop_skus", sa.Column("price_fen", sa.Integer(), nullable=True)),
    ("shop_skus", sa.Column("weight_g", sa.Integer(), nullable=True)),
    ("shop_skus", sa.Column("facts", sa.JSON(), nullable=False, server_default="[]")),
    (
        "shop_promotions",
        sa.Column("stacks", sa.Boolean(), nullable=False, server_default=sa.true()),
    ),
    ("shop_coupons", sa.Column("stacks", sa.Boolean(), nullable=False, server_default=sa.true())),
)


def upgrade() -> None:
    for table, column, before, now in WIDER:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(
                column, existing_type=sa.String(length=before), type_=sa.String(length=now)
            )
    for table, added in ADDED:
        op.add_column(table, added)


def downgrade() -> None:
    for table, added in reversed(ADDED):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(added.name)
    for table, column, before, now in reversed(WIDER):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(
                column, existing_type=sa.String(length=now), type_=sa.String(length=before)
            )
