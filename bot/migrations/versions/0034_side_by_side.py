"""A release that answers a share of chats beside the model in use, and by which a turn was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0034_side_by_side"
down_revision = "0025_unhelpful"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("releases", sa.Column("share", sa.Float(), nullable=True))
    op.add_column("releases", sa.Column("tried_until", UtcDateTime(), nullable=True))
    op.add_column("turns", sa.Column("trial", sa.Integer(), nullable=True))
    op.add_column("turns", sa.Column("side", sa.String(8), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("turns") as batch_op:
        batch_op.drop_column("side")
        batch_op.drop_column("trial")
    with op.batch_alter_table("releases") as batch_op:
        batch_op.drop_column("tried_until")
        batch_op.drop_column("share")
