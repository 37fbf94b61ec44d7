"""Which visitor's chat goes on in which buyer's own, since somebody signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0020_joined"
down_revision = "0018_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joined_conversations",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("continues_in", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_joined_conversations_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["continues_in"],
            ["conversations.conversation_id"],
            name=op.f("fk_joined_conversations_continues_in"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_joined_conversations")),
    )
    op.create_index(
        op.f("ix_joined_conversations_continues_in"), "joined_conversations", ["continues_in"]
    )


def downgrade() -> None:
    op.drop_table("joined_conversations")
