"""Conversations, messages, pictures, follow-ups, and the desk's accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0002_conversations"
down_revision = "0001_shop"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("assignee", sa.String(length=60), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=True),
        sa.Column("hand_over_reason", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("product_in_view", sa.String(length=80), nullable=True),
        sa.Column("last_buyer_at", UtcDateTime(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_buyer_id"), "conversations", ["buyer_id"])
    op.create_index(op.f("ix_conversations_status"), "conversations", ["status"])
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=True),
        sa.Column("picture", sa.JSON(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("response", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=True),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_messages")),
    )
    op.create_index("messages_by_id", "messages", ["conversation_id", "message_id"], unique=True)
    op.create_index("messages_pending", "messages", ["is_pending", "conversation_id"])
    op.create_table(
        "pictures",
        sa.Column("picture_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=60), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_pictures")),
    )
    op.create_index(op.f("ix_pictures_conversation_id"), "pictures", ["conversation_id"])
    op.create_table(
        "follow_ups",
        sa.Column("follow_up_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("dropped_because", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("follow_up_id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint(
            "buyer_id", "kind", "key", name=op.f("uq_follow_ups_buyer_id_kind_key")
        ),
    )
    op.create_index("follow_ups_due", "follow_ups", ["status", "due_at"])
    op.create_index(op.f("ix_follow_ups_conversation_id"), "follow_ups", ["conversation_id"])
    op.create_table(
        "follow_up_opt_outs",
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_follow_up_opt_outs")),
    )
    op.create_table(
        "agents",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agents")),
    )
    op.create_table(
        "agent_sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"],
            ["agents.name"],
            name=op.f("fk_agent_sign_ins_agent_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_agent_sign_ins")),
    )


def downgrade() -> None:
    for table in (
        "agent_sign_ins",
        "agents",
        "follow_up_opt_outs",
        "follow_ups",
        "pictures",
        "messages",
        "conversations",
    ):
        op.drop_table(table)
