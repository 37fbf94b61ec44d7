"""What the shop's people remark on orders; buyers never read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0019_remarks"
down_revision = "0016_desk_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_remarks",
        sa.Column("remark_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("remark_id", name=op.f("pk_desk_remarks")),
    )
    op.create_index(op.f("ix_desk_remarks_order_number"), "desk_remarks", ["order_number"])


def downgrade() -> None:
    op.drop_table("desk_remarks")
