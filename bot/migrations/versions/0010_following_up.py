"""What the shop tells of (happenings, reviews, prices seen); leases, judgements and promises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0010_following_up"
down_revision = "0012_waiting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("follow_ups") as batch_op:
        batch_op.add_column(sa.Column("wanted_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("claimed_by", sa.String(length=40), nullable=False, server_default="")
        )
    op.create_index("follow_ups_of_conversation", "follow_ups", ["conversation_id", "seq"])
    op.create_table(
        "follow_up_judgements",
        sa.Column("judgement_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=40), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_ups.follow_up_id"],
            name=op.f("fk_follow_up_judgements_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("judgement_id", name=op.f("pk_follow_up_judgements")),
    )
    op.create_index(
        "follow_up_judgements_of", "follow_up_judgements", ["follow_up_id", "judgement_id"]
    )
    op.create_index(op.f("ix_follow_up_judgements_buyer_id"), "follow_up_judgements", ["buyer_id"])
    op.create_table(
        "follow_up_feeds",
        sa.Column("feed", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_follow_up_feeds")),
    )
    op.create_table(
        "promises",
        sa.Column("promise_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_promises")),
        sa.UniqueConstraint(
            "conversation_id", "seq", "matter", name=op.f("uq_promises_conversation_id_seq_matter")
        ),
    )
    op.create_index("promises_due", "promises", ["status", "due_at"])
    op.create_index("promises_of_buyer", "promises", ["buyer_id", "status"])
    op.create_table(
        "shop_happenings",
        sa.Column("happening_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=260), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("happening_id", name=op.f("pk_shop_happenings")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_shop_happenings_kind_key")),
    )
    op.create_index(op.f("ix_shop_happenings_buyer_id"), "shop_happenings", ["buyer_id"])
    op.create_index(op.f("ix_shop_happenings_at"), "shop_happenings", ["at"])
    op.create_table(
        "shop_reviews",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.String(length=16), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_shop_reviews_stars")),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_orders.number"],
            name=op.f("fk_shop_reviews_order_number"),
        ),
        sa.PrimaryKeyConstraint("order_number", "line_id", name=op.f("pk_shop_reviews")),
    )
    op.create_table(
        "shop_prices_seen",
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_shop_prices_seen")),
    )


def downgrade() -> None:
    for table in (
        "shop_prices_seen",
        "shop_reviews",
        "shop_happenings",
        "promises",
        "follow_up_feeds",
        "follow_up_judgements",
    ):
        op.drop_table(table)
    op.drop_index("follow_ups_of_conversation", "follow_ups")
    with op.batch_alter_table("follow_ups") as batch_op:
        for column in ("claimed_by", "claimed_until", "wanted_at"):
            batch_op.drop_column(column)
