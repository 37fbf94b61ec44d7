"""What a buyer asks that no data tell is kept for the owner; categories are called as the shop does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_any_trade"
down_revision = "0010_following_up"
branch_labels = None
depends_on = None

# Four categories had English names in the table, of the outdoor shop alone.
CATEGORIES = (("shoes", "鞋"), ("clothing", "衣服"), ("bags", "包"), ("gear", "装备"))


def upgrade() -> None:
    op.add_column("wishes", sa.Column("unwritten", sa.String(length=64), nullable=True))
    for before, now in CATEGORIES:
        _rename(before, now)


def downgrade() -> None:
    for before, now in CATEGORIES:
        _rename(now, before)
    with op.batch_alter_table("wishes") as batch_op:
        batch_op.drop_column("unwritten")


def _rename(old: str, new: str) -> None:
    products = sa.table("shop_products", sa.column("category", sa.String))
    op.execute(products.update().where(products.c.category == old).values(category=new))
