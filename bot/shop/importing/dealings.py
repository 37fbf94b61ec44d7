"""Checks buyers, orders and return cases against the shop and stores them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.house import read_house
from bot.shop.importing import dealing_rows, storing
from bot.shop.importing.cells import Row
from bot.shop.importing.headings import fold
from bot.shop.importing.sources import Rows
from bot.shop.importing.wares import Checked, keys, only, refuse_doubles
from bot.shop.rules.returns import OUR_FAULT
from bot.shop.words.dealing import Reason, Remedy

Values = dict[str, Any]


def store_dealings(connection: Connection, rows: Rows) -> None:
    """Complains into the rows' problems; the caller rolls back if there are any."""
    _store_buyers(connection, rows["buyers"])
    if rows["orders"]:
        _store_orders(connection, rows["orders"])
        short = storing.short_stock(connection)
        if short:
            names = "、".join(f"{sku}（{pieces} 件）" for sku, pieces in sorted(short.items()))
            rows["orders"][0].refuse("lines", f"未发货订单多于库存：{names}，请加库存或减订单")
            return
        storing.reserve_for_orders(connection)
    _store_returns(connection, rows["returns"])


def _store_buyers(connection: Connection, rows: list[Row]) -> None:
    checked = [(row, *dealing_rows.buyer(row)) for row in rows]
    buyers: Checked = [(row, values) for row, values, _, _ in checked]
    refuse_doubles(buyers, "id", "buyer_id")
    codes = keys(connection, tables.coupons.c.code)
    coupons = []
    for row, _, _, held in checked:
        for coupon in held:
            if coupon["code"] in codes:
                coupons.append(coupon)
            else:
                row.refuse("coupons", f"没有优惠券“{coupon['code']}”，请先写在 coupons 里")
    storing.upsert(connection, tables.buyers, only(buyers))
    storing.replace_children(
        connection,
        tables.buyer_attributes,
        "buyer_id",
        (values["buyer_id"] for _, values in buyers),
        [attribute for _, _, attributes, _ in checked for attribute in attributes],
    )
    storing.upsert(connection, tables.buyer_coupons, coupons)


def _store_orders(connection: Connection, rows: list[Row]) -> None:
    checked = [(row, *dealing_rows.order(row)) for row in rows]
    orders: Checked = [(row, values) for row, values, _, _, _ in checked]
    refuse_doubles(orders, "number", "number")
    buyers = {row.buyer_id: row for row in connection.execute(select(tables.buyers))}
    products = {row.product_id: row for row in connection.execute(select(tables.products))}
    skus = {
        (row.product_id, row.colour, row.size): row
        for row in connection.execute(select(tables.skus))
    }
    for row, values, lines, _, _ in checked:
        _complete_receiver(row, values, buyers)
        for line in lines:
            _complete_line(line, products, skus)
        goods = sum(line["quantity"] * (line["unit_price_fen"] or 0) for line in lines)
        values["goods_fen"] = goods
        values["total_fen"] = goods - values["off_fen"] + values["postage_fen"]
        if values["total_fen"] < 0:
            row.refuse("off", "优惠比货款还多，请写小一点")
    if any(row.problems for row in rows):
        return
    _write_emails(connection, [values for _, values in orders], buyers)
    numbers = [values["number"] for _, values in orders]
    storing.upsert(connection, tables.orders, only(orders))
    all_lines = [(row, line) for row, _, lines, _, _ in checked for line in lines]
    storing.replace_children(
        connection, tables.order_lines, "order_number", numbers, only(all_lines)
    )
    parcels = [parcel for _, _, _, parcel, _ in checked if parcel]
    storing.replace_children(connection, tables.parcel_events, "order_number", numbers, [])
    storing.replace_children(connection, tables.parcels, "order_number", numbers, parcels)
    storing.replace_children(
        connection,
        tables.parcel_events,
        "order_number",
        [],
        [event for _, _, _, _, events in checked for event in events],
    )


def _write_emails(connection: Connection, orders: list[Values], buyers: dict[str, Any]) -> None:
    """What stands in an order is its buyer's, where the buyer's own row tells none."""
    told = {values["buyer_id"]: email for values in orders if (email := values.pop("email"))}
    table = tables.buyers
    for buyer_id, email in told.items():
        if not buyers[buyer_id].email:
            is_it = table.c.buyer_id == buyer_id
            connection.execute(table.update().where(is_it).values(email=email))


def _complete_receiver(row: Row, values: Values, buyers: dict[str, Any]) -> None:
    buyer = buyers.get(values["buyer_id"])
    if buyer is None:
        row.refuse("buyer", f"没有编号为“{values['buyer_id']}”的买家，请先在 buyers 里写")
        return
    for name in ("receiver_name", "phone", "address"):
        values[name] = values[name] or getattr(buyer, name)


def _complete_line(line: Values, products: dict[str, Any], skus: dict[Any, Any]) -> None:
    row: Row = line["source"]
    options = line.pop("options")
    product = products.get(line["product_id"]) or _called(products, line["product_id"])
    if product is None:
        row.refuse("product", f"没有编号或名称为“{line['product_id']}”的商品，请改成已有的编号")
        return
    line["product_id"] = product.product_id
    sku = skus.get((product.product_id, line["colour"], line["size"]))
    if options:
        sku = _chosen(skus, product.product_id, options) or sku
    if sku is None:
        offered = sorted(
            f"{colour} {size}".strip() for one, colour, size in skus if one == line["product_id"]
        )
        wanted = options or f"{line['colour']} {line['size']}".strip()
        row.refuse("size", f"这款没有“{wanted}”，可写：{'、'.join(offered[:12])}")
        return
    line |= {"sku_id": sku.sku_id, "colour": sku.colour, "size": sku.size}
    line["name"] = product.name
    line["picture"] = product.picture
    if line["unit_price_fen"] is None:
        line["unit_price_fen"] = product.price_fen


def _called(products: dict[str, Any], name: str) -> Any | None:
    """The only product of this name; other platforms' orders know no id of ours."""
    found = [one for one in products.values() if fold(one.name) == fold(name)]
    return found[0] if len(found) == 1 else None


def _chosen(skus: dict[Any, Any], product_id: str, options: str) -> Any | None:
    """The SKU that `白色 / 300ml` or `透明` means."""
    its = [sku for (one, _, _), sku in skus.items() if one == product_id]
    told = "" if options in ("无规格", "默认") else fold(options)
    meant = [
        one for one in its if told in (fold(one.colour + one.size), fold(one.size + one.colour))
    ]
    return meant[0] if meant else None


def _store_returns(connection: Connection, rows: list[Row]) -> None:
    checked: Checked = [(row, dealing_rows.return_case(row)) for row in rows]
    refuse_doubles(checked, "id", "case_id")
    house = read_house(connection)
    buyers = dict(
        tuple(row)
        for row in connection.execute(select(tables.orders.c.number, tables.orders.c.buyer_id))
    )
    lines = {
        (row.order_number, row.line_id): row
        for row in connection.execute(select(tables.order_lines))
    }
    for row, values in checked:
        line = lines.get((values["order_number"], values["line_id"] or "1"))
        if line is None:
            row.refuse("order", f"没有订单“{values['order_number']}”或其中这一行，请改成已有的")
            continue
        comes_back = values["remedy"] in (Remedy.REFUND.value, Remedy.EXCHANGE.value)
        values["buyer_id"] = buyers[values["order_number"]]
        values["name"] = line.name
        values["send_to"] = house.return_address if comes_back else ""
        values["buyer_pays_postage"] = comes_back and Reason(values["reason"]) not in OUR_FAULT
    if not any(row.problems for row in rows):
        storing.upsert(connection, tables.returns, only(checked))
