"""Tokens that were taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0009_token_ends"
down_revision = "0008_any_shop"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "token_ends",
        sa.Column("holder_hash", sa.String(length=64), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("holder_hash", name=op.f("pk_token_ends")),
    )


def downgrade() -> None:
    op.drop_table("token_ends")
