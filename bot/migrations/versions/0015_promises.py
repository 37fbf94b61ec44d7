"""Messages that leave the house, what follow-ups led to, and what a promise needs to be kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0015_promises"
down_revision = "0013_desk"
branch_labels = None
depends_on = None

_BY_LINE = "uq_promises_conversation_id_seq_matter"
_BY_ORDER = "uq_promises_conversation_id_seq_matter_order_number"


def upgrade() -> None:
    op.create_table(
        "outgoing",
        sa.Column("delivery_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("door", "target", "key", name=op.f("uq_outgoing_door_target_key")),
    )
    op.create_index("outgoing_due", "outgoing", ["status", "due_at"])
    op.create_index("outgoing_of_buyer", "outgoing", ["buyer_id", "key"])
    op.create_table(
        "follow_up_results",
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_ups.follow_up_id"],
            name=op.f("fk_follow_up_results_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "result", name=op.f("pk_follow_up_results")),
    )
    op.create_index(op.f("ix_follow_up_results_buyer_id"), "follow_up_results", ["buyer_id"])
    with op.batch_alter_table("follow_ups") as batch_op:
        batch_op.add_column(
            sa.Column("wording", sa.String(length=16), nullable=False, server_default="")
        )
    op.create_index("follow_ups_of_kind", "follow_ups", ["kind", "planned_at"])
    with op.batch_alter_table("promises") as batch_op:
        batch_op.add_column(
            sa.Column("product_id", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("ended_by", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))
        batch_op.drop_constraint(_BY_LINE, type_="unique")
        batch_op.create_unique_constraint(
            _BY_ORDER, ["conversation_id", "seq", "matter", "order_number"]
        )


def downgrade() -> None:
    with op.batch_alter_table("promises") as batch_op:
        batch_op.drop_constraint(_BY_ORDER, type_="unique")
        batch_op.create_unique_constraint(_BY_LINE, ["conversation_id", "seq", "matter"])
        for column in ("told_at", "ended_by", "product_id"):
            batch_op.drop_column(column)
    op.drop_index("follow_ups_of_kind", "follow_ups")
    with op.batch_alter_table("follow_ups") as batch_op:
        batch_op.drop_column("wording")
    op.drop_table("follow_up_results")
    op.drop_table("outgoing")
