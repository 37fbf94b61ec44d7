"""When the buyer pressed that an answer was no help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0025_unhelpful"
down_revision = "0027_desk_own"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wishes", sa.Column("unhelpful_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("wishes") as batch_op:
        batch_op.drop_column("unhelpful_at")
