"""What took off how much is kept with the order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_savings"
down_revision = "0005_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("shop_orders") as batch_op:
        batch_op.add_column(sa.Column("savings", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("shop_orders") as batch_op:
        batch_op.drop_column("savings")
