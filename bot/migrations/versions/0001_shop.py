"""The shop: goods, money, buyers, orders, parcels, returns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0001_shop"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_buyer_attributes",
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", "name", name=op.f("pk_shop_buyer_attributes")),
    )
    op.create_table(
        "shop_buyers",
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("nickname", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("receiver_name", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_shop_buyers")),
    )
    op.create_table(
        "shop_coupons",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("off_fen", sa.Integer(), nullable=False),
        sa.Column("from_fen", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shop_coupons")),
    )
    op.create_table(
        "shop_order_tries",
        sa.Column("try_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("try_id", name=op.f("pk_shop_order_tries")),
    )
    with op.batch_alter_table("shop_order_tries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shop_order_tries_kind_key_at"), ["kind", "key", "at"], unique=False
        )

    op.create_table(
        "shop_orders",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("goods_fen", sa.Integer(), nullable=False),
        sa.Column("postage_fen", sa.Integer(), nullable=False),
        sa.Column("off_fen", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("gift", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("coupon_code", sa.String(length=32), nullable=False),
        sa.Column("receiver_name", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("pays_until", UtcDateTime(), nullable=True),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("shipped_at", UtcDateTime(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=False),
        sa.Column("invoice_title", sa.String(length=120), nullable=False),
        sa.Column("tax_number", sa.String(length=32), nullable=False),
        sa.Column("invoice_email", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shop_orders")),
    )
    with op.batch_alter_table("shop_orders", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shop_orders_buyer_id_created_at"),
            ["buyer_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_shop_orders_status_pays_until"), ["status", "pays_until"], unique=False
        )

    op.create_table(
        "shop_postage_zones",
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("courier", sa.String(length=32), nullable=False),
        sa.Column("first_g", sa.Integer(), nullable=False),
        sa.Column("first_fen", sa.Integer(), nullable=False),
        sa.Column("next_g", sa.Integer(), nullable=False),
        sa.Column("next_fen", sa.Integer(), nullable=False),
        sa.Column("free_from_fen", sa.Integer(), nullable=True),
        sa.Column("surcharge_fen", sa.Integer(), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=True),
        sa.Column("days_max", sa.Integer(), nullable=True),
        sa.Column("can_deliver", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("zone", name=op.f("pk_shop_postage_zones")),
    )
    op.create_table(
        "shop_products",
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("gender", sa.String(length=4), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=200), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("nicknames", sa.JSON(), nullable=False),
        sa.Column("selling_points", sa.JSON(), nullable=False),
        sa.Column("drawbacks", sa.JSON(), nullable=False),
        sa.Column("suits", sa.JSON(), nullable=False),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("goes_with", sa.JSON(), nullable=False),
        sa.Column("size_chart", sa.JSON(), nullable=True),
        sa.Column("returnable", sa.String(length=16), nullable=False),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.Column("consumable_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_shop_products_price_positive")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_shop_products")),
    )
    op.create_table(
        "shop_promotions",
        sa.Column("promotion_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("product_ids", sa.JSON(), nullable=False),
        sa.Column("from_fen", sa.Integer(), nullable=False),
        sa.Column("off_fen", sa.Integer(), nullable=False),
        sa.Column("gift", sa.String(length=120), nullable=False),
        sa.Column("sale_prices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("promotion_id", name=op.f("pk_shop_promotions")),
    )
    op.create_table(
        "shop_requests",
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=160), nullable=False),
        sa.Column("request_id", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("verb", "owner", "request_id", name=op.f("pk_shop_requests")),
    )
    op.create_table(
        "shop_settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shop_settings")),
    )
    op.create_table(
        "shop_buyer_coupons",
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["shop_coupons.code"], name=op.f("fk_shop_buyer_coupons_code")
        ),
        sa.PrimaryKeyConstraint("buyer_id", "code", name=op.f("pk_shop_buyer_coupons")),
    )
    op.create_table(
        "shop_ladders",
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("floor_fen", sa.Integer(), nullable=False),
        sa.Column("bulk_from", sa.Integer(), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["shop_products.product_id"], name=op.f("fk_shop_ladders_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_shop_ladders")),
    )
    op.create_table(
        "shop_offers",
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("last_cut_fen", sa.Integer(), nullable=True),
        sa.Column("offer", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["shop_products.product_id"], name=op.f("fk_shop_offers_product_id")
        ),
        sa.PrimaryKeyConstraint("buyer_id", "product_id", name=op.f("pk_shop_offers")),
    )
    op.create_table(
        "shop_order_lines",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.String(length=16), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("sku_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("colour", sa.String(length=32), nullable=False),
        sa.Column("size", sa.String(length=16), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_fen", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=200), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shop_order_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_order_lines_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "line_id", name=op.f("pk_shop_order_lines")),
    )
    op.create_table(
        "shop_parcels",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("courier", sa.String(length=32), nullable=False),
        sa.Column("courier_phone", sa.String(length=32), nullable=False),
        sa.Column("tracking_number", sa.String(length=64), nullable=False),
        sa.Column("shipped_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_parcels_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_shop_parcels")),
    )
    op.create_table(
        "shop_returns",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.String(length=16), nullable=False),
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("remedy", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("refund_fen", sa.Integer(), nullable=False),
        sa.Column("refund_due_on", sa.Date(), nullable=True),
        sa.Column("refunded_at", UtcDateTime(), nullable=True),
        sa.Column("send_to", sa.String(length=300), nullable=False),
        sa.Column("buyer_pays_postage", sa.Boolean(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_returns_order_number")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_shop_returns")),
    )
    with op.batch_alter_table("shop_returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shop_returns_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_shop_returns_order_number_line_id"),
            ["order_number", "line_id"],
            unique=False,
        )

    op.create_table(
        "shop_skus",
        sa.Column("sku_id", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=32), nullable=False),
        sa.Column("size", sa.String(length=16), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("restock_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= on_hand", name=op.f("ck_shop_skus_not_oversold")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["shop_products.product_id"], name=op.f("fk_shop_skus_product_id")
        ),
        sa.PrimaryKeyConstraint("sku_id", name=op.f("pk_shop_skus")),
        sa.UniqueConstraint(
            "product_id", "colour", "size", name=op.f("uq_shop_skus_product_id_colour_size")
        ),
    )
    op.create_table(
        "shop_parcel_events",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_parcels.order_number"],
            name=op.f("fk_shop_parcel_events_order_number"),
        ),
        sa.PrimaryKeyConstraint("order_number", "at", "text", name=op.f("pk_shop_parcel_events")),
    )
    op.create_table(
        "shop_restock_notices",
        sa.Column("buyer_id", sa.String(length=120), nullable=False),
        sa.Column("sku_id", sa.String(length=120), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["shop_skus.sku_id"], name=op.f("fk_shop_restock_notices_sku_id")
        ),
        sa.PrimaryKeyConstraint("buyer_id", "sku_id", name=op.f("pk_shop_restock_notices")),
    )


def downgrade() -> None:
    op.drop_table("shop_restock_notices")
    op.drop_table("shop_parcel_events")
    op.drop_table("shop_skus")
    with op.batch_alter_table("shop_returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_returns_order_number_line_id"))
        batch_op.drop_index(batch_op.f("ix_shop_returns_buyer_id"))

    op.drop_table("shop_returns")
    op.drop_table("shop_parcels")
    op.drop_table("shop_order_lines")
    op.drop_table("shop_offers")
    op.drop_table("shop_ladders")
    op.drop_table("shop_buyer_coupons")
    op.drop_table("shop_settings")
    op.drop_table("shop_requests")
    op.drop_table("shop_promotions")
    op.drop_table("shop_products")
    op.drop_table("shop_postage_zones")
    with op.batch_alter_table("shop_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_orders_status_pays_until"))
        batch_op.drop_index(batch_op.f("ix_shop_orders_buyer_id_created_at"))

    op.drop_table("shop_orders")
    with op.batch_alter_table("shop_order_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_order_tries_kind_key_at"))

    op.drop_table("shop_order_tries")
    op.drop_table("shop_coupons")
    op.drop_table("shop_buyers")
    op.drop_table("shop_buyer_attributes")
