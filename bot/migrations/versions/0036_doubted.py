"""Which of the bot's lines try to help, so that a buyer may say that they did not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_doubted"
down_revision = "0032_desk_looking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "messages",
        sa.Column("may_be_doubted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_column("may_be_doubted")
