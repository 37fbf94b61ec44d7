"""Agents have roles, names and presence; invitations, an audit log, and what is kept beside talks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0013_desk"
down_revision = "0014_any_trade"
branch_labels = None
depends_on = None


def _of_a_conversation(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f(f"fk_{table}_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
    )


def upgrade() -> None:
    for name, length, default in (
        ("role", 12, "agent"),
        ("display_name", 60, ""),
        ("department", 40, ""),
    ):
        column = sa.Column(name, sa.String(length), nullable=False, server_default=default)
        op.add_column("agents", column)
    op.add_column(
        "agents", sa.Column("is_in", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("agents", sa.Column("seen_at", UtcDateTime(), nullable=True))
    op.execute(sa.text("UPDATE agents SET role = 'owner' WHERE is_owner"))
    op.drop_column("agents", "is_owner")
    op.create_table(
        "desk_invites",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_invites")),
    )
    op.create_table(
        "desk_audit",
        sa.Column("audit_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_desk_audit")),
    )
    op.create_index(op.f("ix_desk_audit_at"), "desk_audit", ["at"])
    op.create_table(
        "desk_drafts",
        sa.Column("agent", sa.String(length=60), nullable=False),
        *_of_a_conversation("desk_drafts"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "conversation_id", name=op.f("pk_desk_drafts")),
    )
    op.create_table(
        "desk_notes",
        sa.Column("note_id", sa.Integer(), autoincrement=True, nullable=False),
        *_of_a_conversation("desk_notes"),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_desk_notes")),
    )
    op.create_index("desk_notes_of_conversation", "desk_notes", ["conversation_id"])
    op.create_table(
        "desk_marks",
        *_of_a_conversation("desk_marks"),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("snoozed_until", UtcDateTime(), nullable=True),
        sa.Column("snoozed_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_desk_marks")),
    )
    op.create_table(
        "desk_phrases",
        sa.Column("phrase_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("group_name", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("phrase_id", name=op.f("pk_desk_phrases")),
    )
    op.create_table(
        "desk_suggestions_used",
        *_of_a_conversation("desk_suggestions_used"),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("was_edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_desk_suggestions_used")),
    )


def downgrade() -> None:
    for table in (
        "desk_suggestions_used",
        "desk_phrases",
        "desk_marks",
        "desk_notes",
        "desk_drafts",
        "desk_audit",
        "desk_invites",
    ):
        op.drop_table(table)
    op.add_column(
        "agents", sa.Column("is_owner", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        sa.text("UPDATE agents SET is_owner = :yes WHERE role = 'owner'").bindparams(yes=True)
    )
    for name in ("seen_at", "is_in", "department", "display_name", "role"):
        op.drop_column("agents", name)
