"""How many days a product may be returned in, where it says so itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_return_days"
down_revision = "0021_read_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop_products", sa.Column("return_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("shop_products", "return_days")
