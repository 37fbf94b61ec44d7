"""Notes that call a colleague are kept for whoever is called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0038_desk_mentions"
down_revision = "0037_goods_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_mentions",
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seen_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["desk_notes.note_id"],
            name=op.f("fk_desk_mentions_note_id_desk_notes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_desk_mentions_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent", "note_id", name=op.f("pk_desk_mentions")),
    )
    op.create_index("desk_mentions_of_note", "desk_mentions", ["note_id"])
    op.create_index("desk_mentions_of_conversation", "desk_mentions", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("desk_mentions")
