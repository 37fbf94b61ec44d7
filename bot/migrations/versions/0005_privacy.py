"""Owners at the desk, who looked up what, and indexes for what is kept only so long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0005_privacy"
down_revision = "0004_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agents", sa.Column("is_owner", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # The account that the first start makes.
    op.execute(
        sa.text("UPDATE agents SET is_owner = :yes WHERE name = 'admin'").bindparams(yes=True)
    )
    op.create_table(
        "desk_reveals",
        sa.Column("reveal_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("reveal_id", name=op.f("pk_desk_reveals")),
    )
    op.create_index(op.f("ix_desk_reveals_at"), "desk_reveals", ["at"])
    op.create_index(op.f("ix_desk_reveals_buyer_id"), "desk_reveals", ["buyer_id"])
    op.create_index(op.f("ix_shop_parcels_tracking_number"), "shop_parcels", ["tracking_number"])
    op.create_index(op.f("ix_pictures_taken_at"), "pictures", ["taken_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_pictures_taken_at"), table_name="pictures")
    op.drop_index(op.f("ix_shop_parcels_tracking_number"), table_name="shop_parcels")
    op.drop_table("desk_reveals")
    with op.batch_alter_table("agents") as batch_op:
        batch_op.drop_column("is_owner")
