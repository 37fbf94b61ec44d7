"""Waits for a person as rows, urgency and promise of who waits, agents by the name that buyers read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0012_waiting"
down_revision = "0009_token_ends"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations", sa.Column("urgency", sa.Integer(), nullable=False, server_default="2")
    )
    op.add_column("conversations", sa.Column("promised_for", UtcDateTime(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("last_agent", sa.String(length=60), nullable=False, server_default=""),
    )
    op.add_column(
        "messages",
        sa.Column("agent_name", sa.String(length=60), nullable=False, server_default=""),
    )
    op.create_table(
        "waits",
        sa.Column("wait_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("in_hours", sa.Boolean(), nullable=False),
        sa.Column("promised_for", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=8), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_waits_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wait_id", name=op.f("pk_waits")),
    )
    op.create_index(op.f("ix_waits_conversation_id"), "waits", ["conversation_id"])
    op.create_index(op.f("ix_waits_ended_at"), "waits", ["ended_at"])


def downgrade() -> None:
    op.drop_table("waits")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_column("agent_name")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("last_agent")
        batch_op.drop_column("promised_for")
        batch_op.drop_column("urgency")
