"""The tables of the embedded shop; one table a thing, money in fen, times in UTC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from bot.database import UtcDateTime, metadata

settings = Table(
    "shop_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

products = Table(
    "shop_products",
    metadata,
    Column("product_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),  # order of the shop window
    Column("name", String(120), nullable=False),
    Column("category", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("gender", String(4), nullable=False),
    Column("price_fen", Integer, nullable=False),  # before campaigns
    Column("weight_g", Integer, nullable=False),
    Column("sold", Integer, nullable=False),
    Column("picture", String(200), nullable=False),
    Column("page", String(200), nullable=False),
    Column("nicknames", JSON, nullable=False),
    Column("selling_points", JSON, nullable=False),
    Column("drawbacks", JSON, nullable=False),
    Column("suits", JSON, nullable=False),
    Column("uses", JSON, nullable=False),
    Column("sheet", JSON, nullable=False),
    Column("goes_with", JSON, nullable=False),
    Column("size_chart", JSON),
    Column("axes", JSON, nullable=False, server_default="[]"),  # names of colour and size
    Column("returnable", String(16), nullable=False),  # "": its category's, else the shop's
    Column("return_days", Integer),  # None: its category's, else the shop's
    Column("warranty_months", Integer, nullable=False),
    Column("consumable_days", Integer),
    CheckConstraint("price_fen > 0", name="price_positive"),
)

skus = Table(
    "shop_skus",
    metadata,
    Column("sku_id", String(200), primary_key=True),
    Column("product_id", ForeignKey("shop_products.product_id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("colour", String(60), nullable=False),
    Column("size", String(60), nullable=False),
    Column("price_fen", Integer),  # None: the product's
    Column("weight_g", Integer),  # None: the product's
    Column("facts", JSON, nullable=False, server_default="[]"),  # of this SKU alone
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),  # in orders that have not left yet
    Column("restock_on", Date),
    UniqueConstraint("product_id", "colour", "size"),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="not_oversold"),
)

# The floor lives here and nowhere else: no product, offer or answer carries it.
ladders = Table(
    "shop_ladders",
    metadata,
    Column("product_id", ForeignKey("shop_products.product_id"), primary_key=True),
    Column("floor_fen", Integer, nullable=False),
    Column("bulk_from", Integer, nullable=False),
    Column("rungs", JSON, nullable=False),
)

offers = Table(
    "shop_offers",
    metadata,
    Column("buyer_id", String(120), primary_key=True),
    Column("product_id", ForeignKey("shop_products.product_id"), primary_key=True),
    Column("rung", Integer, nullable=False),  # rungs already gone down
    Column("last_cut_fen", Integer),  # None: the price has not been cut yet
    Column("offer", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

promotions = Table(
    "shop_promotions",
    metadata,
    Column("promotion_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("product_ids", JSON, nullable=False),
    Column("from_fen", Integer, nullable=False),
    Column("off_fen", Integer, nullable=False),
    Column("gift", String(120), nullable=False),
    Column("sale_prices", JSON, nullable=False),  # product or SKU id → fen while it runs
    Column("stacks", Boolean, nullable=False, server_default=true()),  # goes with a coupon
)

coupons = Table(
    "shop_coupons",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("off_fen", Integer, nullable=False),
    Column("from_fen", Integer, nullable=False),
    Column("ends_on", Date),
    Column("is_public", Boolean, nullable=False),
    Column("stacks", Boolean, nullable=False, server_default=true()),  # goes with a campaign
)

buyer_coupons = Table(
    "shop_buyer_coupons",
    metadata,
    Column("buyer_id", String(120), primary_key=True),
    Column("code", ForeignKey("shop_coupons.code"), primary_key=True),
    Column("order_number", String(32)),  # where it was used
    # The shop gave it to this buyer; else it is public, or came with a bargain's promise.
    Column("is_given", Boolean, nullable=False, server_default=true()),
)

# Coupons given to who waited for a late parcel, as the owner's monthly limits count them.
amends = Table(
    "shop_amends",
    metadata,
    Column("order_number", String(32), primary_key=True),
    Column("buyer_id", String(120), nullable=False, index=True),
    Column("code", String(32), nullable=False),
    Column("off_fen", Integer, nullable=False),
    Column("given_at", UtcDateTime, nullable=False, index=True),
)

postage_zones = Table(
    "shop_postage_zones",
    metadata,
    Column("zone", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("regions", JSON, nullable=False),  # provinces and cities; empty = all the others
    Column("courier", String(32), nullable=False),
    Column("first_g", Integer, nullable=False),
    Column("first_fen", Integer, nullable=False),
    Column("next_g", Integer, nullable=False),
    Column("next_fen", Integer, nullable=False),
    Column("free_from_fen", Integer),
    Column("surcharge_fen", Integer, nullable=False),  # 偏远: asked even where postage is free
    Column("days_min", Integer),
    Column("days_max", Integer),
    Column("can_deliver", Boolean, nullable=False),
)

buyers = Table(
    "shop_buyers",
    metadata,
    Column("buyer_id", String(120), primary_key=True),
    Column("nickname", String(64), nullable=False),
    Column("about", String(200), nullable=False),  # for the shop's people
    Column("receiver_name", String(64), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("address", String(300), nullable=False),
    Column("email", String(120), nullable=False, default="", server_default=""),
)

buyer_attributes = Table(
    "shop_buyer_attributes",
    metadata,
    Column("buyer_id", String(120), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", String(200), nullable=False),
)

orders = Table(
    "shop_orders",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("buyer_id", String(120), nullable=False),
    Column("status", String(24), nullable=False),
    Column("goods_fen", Integer, nullable=False),
    Column("postage_fen", Integer, nullable=False),
    Column("off_fen", Integer, nullable=False),
    Column("total_fen", Integer, nullable=False),
    Column("gift", String(120), nullable=False),
    Column("note", Text, nullable=False),
    Column("coupon_code", String(32), nullable=False),
    Column("savings", JSON, nullable=False, server_default="[]"),  # encoded, see quotes.Saving
    Column("receiver_name", String(64), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("address", String(300), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("pays_until", UtcDateTime),
    Column("paid_at", UtcDateTime),
    Column("shipped_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("close_reason", String(200), nullable=False),
    Column("invoice_title", String(120), nullable=False),
    Column("tax_number", String(32), nullable=False),
    Column("invoice_email", String(120), nullable=False),
    Index(None, "buyer_id", "created_at"),
    Index(None, "status", "pays_until"),
)

order_lines = Table(
    "shop_order_lines",
    metadata,
    Column("order_number", ForeignKey("shop_orders.number"), primary_key=True),
    Column("line_id", String(16), primary_key=True),
    Column("product_id", String(64), nullable=False),
    Column("sku_id", String(200), nullable=False),
    Column("name", String(120), nullable=False),
    Column("colour", String(60), nullable=False),
    Column("size", String(60), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_fen", Integer, nullable=False),
    Column("picture", String(200), nullable=False),
    CheckConstraint("quantity > 0", name="quantity_positive"),
)

parcels = Table(
    "shop_parcels",
    metadata,
    Column("order_number", ForeignKey("shop_orders.number"), primary_key=True),
    Column("courier", String(32), nullable=False),
    Column("courier_phone", String(32), nullable=False),
    Column("tracking_number", String(64), nullable=False, index=True),
    Column("shipped_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
)

parcel_events = Table(
    "shop_parcel_events",
    metadata,
    Column("order_number", ForeignKey("shop_parcels.order_number"), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("text", String(300), primary_key=True),
    Column("place", String(120), nullable=False),
)

returns = Table(
    "shop_returns",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("order_number", ForeignKey("shop_orders.number"), nullable=False),
    Column("line_id", String(16), nullable=False),  # "" = the whole order
    Column("buyer_id", String(120), nullable=False, index=True),
    Column("name", String(160), nullable=False),
    Column("remedy", String(24), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("status", String(24), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("refund_fen", Integer, nullable=False),
    Column("refund_due_on", Date),
    Column("refunded_at", UtcDateTime),
    Column("send_to", String(300), nullable=False),
    Column("buyer_pays_postage", Boolean, nullable=False),
    Column("photos", JSON, nullable=False),
    Column("wanted", String(120), nullable=False),
    Index(None, "order_number", "line_id"),
)

order_tries = Table(
    "shop_order_tries",
    metadata,
    Column("try_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),  # "asker" | "order"
    Column("key", String(160), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "kind", "key", "at"),
    Index(None, "at"),  # old ones are swept out
)

restock_notices = Table(
    "shop_restock_notices",
    metadata,
    Column("buyer_id", String(120), primary_key=True),
    Column("sku_id", ForeignKey("shop_skus.sku_id"), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
)

# What happened, as it is told to whoever follows it up; drawn from the rows above (happenings.py).
happenings = Table(
    "shop_happenings",
    metadata,
    Column("happening_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(260), nullable=False),  # of the one thing that happened
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("buyer_id", String(120), nullable=False, index=True),  # "" = everybody's business
    Column("order_number", String(32), nullable=False),
    Column("product_id", String(64), nullable=False),
    Column("about", JSON, nullable=False),
    UniqueConstraint("kind", "key"),
)

reviews = Table(
    "shop_reviews",
    metadata,
    Column("order_number", ForeignKey("shop_orders.number"), primary_key=True),
    Column("line_id", String(16), primary_key=True),
    Column("buyer_id", String(120), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("text", String(500), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
)

# A price that falls is told once; what was seen last says that it fell.
prices_seen = Table(
    "shop_prices_seen",
    metadata,
    Column("product_id", String(64), primary_key=True),
    Column("price_fen", Integer, nullable=False),
)

# What a changing call answered, so that the same request changes once and answers alike.
requests = Table(
    "shop_requests",
    metadata,
    Column("verb", String(32), primary_key=True),
    Column("owner", String(160), primary_key=True),  # buyer, order or case it was made for
    Column("request_id", String(120), primary_key=True),
    Column("answer", JSON),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "made_at"),  # old ones are swept out
)
