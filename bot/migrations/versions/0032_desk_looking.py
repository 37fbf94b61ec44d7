"""Which talks agents have open, whatever process serves them; pictures in canned phrases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0032_desk_looking"
down_revision = "0031_amends_and_news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_looking",
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("house", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_desk_looking_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_desk_looking")),
    )
    op.create_index(op.f("ix_desk_looking_house"), "desk_looking", ["house"])
    op.create_index("desk_looking_of_conversation", "desk_looking", ["conversation_id"])
    op.create_table(
        "desk_phrase_pictures",
        sa.Column("picture_id", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_desk_phrase_pictures")),
        sa.UniqueConstraint("agent", "name", name=op.f("uq_desk_phrase_pictures_agent_name")),
    )
    op.add_column(
        "desk_phrases",
        sa.Column("picture_id", sa.String(length=40), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("desk_phrases", "picture_id")
    op.drop_table("desk_phrase_pictures")
    op.drop_table("desk_looking")
