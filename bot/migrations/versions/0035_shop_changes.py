"""What the shop's people changed by hand on the owner's pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0035_shop_changes"
down_revision = "0036_doubted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_changes",
        sa.Column("change_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("agent", sa.String(60), nullable=False),
        sa.Column("section", sa.String(16), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name="pk_shop_changes"),
    )
    op.create_index("ix_shop_changes_at", "shop_changes", ["at"])


def downgrade() -> None:
    op.drop_table("shop_changes")
