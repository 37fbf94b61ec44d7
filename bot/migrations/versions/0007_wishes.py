"""Wishes and sessions as rows. What was said before has none: its talks begin with the next line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0007_wishes"
down_revision = "0006_savings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column("session_seq", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "wishes",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=8), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("answer_seq", sa.Integer(), nullable=True),
        sa.Column("after_follow_up", sa.Boolean(), nullable=False),
        sa.Column("intent", sa.String(length=120), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("sureness", sa.Float(), nullable=True),
        sa.Column("runners_up", sa.JSON(), nullable=False),
        sa.Column("is_continuation", sa.Boolean(), nullable=False),
        sa.Column("asked_back", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("corrected_seq", sa.Integer(), nullable=True),
        sa.Column("meant", sa.String(length=120), nullable=False),
        _of_conversation("wishes"),
        sa.PrimaryKeyConstraint("conversation_id", "seq", "ordinal", name=op.f("pk_wishes")),
    )
    op.create_index("wishes_asked", "wishes", ["asked_at"])
    op.create_table(
        "sessions",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("first_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=12), nullable=False),
        sa.Column("person_was_in", sa.Boolean(), nullable=False),
        sa.Column("orders", sa.JSON(none_as_null=True), nullable=True),
        _of_conversation("sessions"),
        sa.PrimaryKeyConstraint("conversation_id", "first_seq", name=op.f("pk_sessions")),
    )
    op.create_index("sessions_began", "sessions", ["began_at"])
    op.create_index("sessions_ended", "sessions", ["ended_at"])


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("wishes")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("session_seq")


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.conversation_id"],
        name=op.f(f"fk_{table}_conversation_id_conversations"),
        ondelete="CASCADE",
    )
