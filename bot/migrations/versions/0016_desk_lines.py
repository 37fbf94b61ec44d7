"""A line can be taken back or written for later; a talk with a person is rated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0016_desk_lines"
down_revision = "0015_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("takes_back", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("taken_back_at", UtcDateTime(), nullable=True))
    op.create_table(
        "ratings",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("rated_at", UtcDateTime(), nullable=True),
        sa.Column("score", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_ratings_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_asked_at"), "ratings", ["asked_at"])
    op.create_table(
        "desk_scheduled",
        sa.Column("line_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_desk_scheduled_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_desk_scheduled")),
    )
    op.create_index("desk_scheduled_due", "desk_scheduled", ["status", "due_at"])
    op.create_index("desk_scheduled_of_conversation", "desk_scheduled", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("desk_scheduled")
    op.drop_table("ratings")
    op.drop_column("messages", "taken_back_at")
    op.drop_column("messages", "takes_back")
