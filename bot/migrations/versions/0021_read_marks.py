"""Which of a buyer's lines people have read; what a page says in place of words that cards repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_read_marks"
down_revision = "0023_emails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations", sa.Column("read_seq", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "messages", sa.Column("beside_cards", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("messages", "beside_cards")
    op.drop_column("conversations", "read_seq")
