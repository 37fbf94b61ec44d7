"""What is an agent's own wherever they sign in: how far they have read, and how they are called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_desk_own"
down_revision = "0029_return_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_seen",
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_desk_seen_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent", "conversation_id", name=op.f("pk_desk_seen")),
    )
    op.create_index("desk_seen_of_conversation", "desk_seen", ["conversation_id"])
    op.add_column(
        "agents", sa.Column("rings", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "agents", sa.Column("pops_up", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("agents", "pops_up")
    op.drop_column("agents", "rings")
    op.drop_table("desk_seen")
