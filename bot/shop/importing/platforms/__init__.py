"""Exports of other platforms, read as they are: each module knows its own by the headings."""

from __future__ import annotations

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms import pinduoduo, shopify, taobao, woocommerce, youzan
from bot.shop.importing.reading import Reading, TableRow, Trouble

READERS = (
    taobao.assistant,
    taobao.listing,
    shopify.products,
    shopify.orders,
    woocommerce.read,
    pinduoduo.read,
    youzan.goods,
    youzan.orders,
)


def read(sheet: Sheet, troubles: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    """None where the sheet is no platform's export that we know."""
    if not sheet.is_hidden:
        for reader in READERS:
            if found := reader(sheet, troubles):
                return found
    return None
