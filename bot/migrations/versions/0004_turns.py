"""Turns as rows, memory with a version, presses that name their button."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0004_turns"
down_revision = "0003_money"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("person_was_in", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("question", sa.String(length=160), nullable=False, server_default="")
        )
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(
            sa.Column("question", sa.String(length=160), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("pressed_seq", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pressed_index", sa.Integer(), nullable=True))
    op.create_table(
        "turns",
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_turns_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_turns")),
    )
    op.create_index("turns_of_conversation", "turns", ["conversation_id", "first_seq"])
    op.create_index("turns_open", "turns", ["answered_at"])


def downgrade() -> None:
    op.drop_table("turns")
    with op.batch_alter_table("messages") as batch_op:
        for column in ("pressed_index", "pressed_seq", "question"):
            batch_op.drop_column(column)
    with op.batch_alter_table("conversations") as batch_op:
        for column in ("question", "person_was_in", "version"):
            batch_op.drop_column(column)
