"""All that is kept of a buyer can be shown, and goes when it shall: only open orders wait."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

import bot.__main__ as command
from bot import buyer_data
from bot.conversations import tables as talks
from bot.conversations.messages import Incoming
from bot.database import Database, metadata
from bot.settings import Settings
from bot.shop.embedded import tables as shop
from bot.shop.words.dealing import Access, WantedLine
from tests.house.scripted import ScriptedEngine
from tests.shop.test_contract import HOME
from tests.support.house import Clock, House

LULU = "buyer-lulu"
PAID = "6802000000000204"  # still to be sent
# Tables that hold nothing of a buyer; a new table belongs here or is found by its columns.
OF_NOBODY = {
    "agents", "agent_sign_ins", "desk_invites", "desk_phrases", "desk_phrase_pictures", "shop_coupons", "shop_postage_zones", "shop_products",
    "shop_promotions", "shop_settings", "shop_changes", "shop_ladders", "shop_skus",
    "follow_up_feeds", "shop_prices_seen", "shop_pictures",
    "releases",  # of models
    "token_ends",  # whose tokens ended, as a hash; needed until the last of them is void
}  # fmt: skip


@pytest.fixture
async def lived(
    house_settings: Settings, database: Database, scripted: ScriptedEngine, clock: Clock
) -> House:
    """A shop in which Lulu has talked, sent a picture, bargained, guessed and waited for stock."""
    house = House(house_settings, database, scripted, clock)
    conversation = await house.conversations.open(buyer_id=LULU, signed_in=True, channel="web")
    number = conversation.conversation_id
    await house.conversations.receive(
        number, Incoming(message_id=uuid.uuid4().hex, text="我电话13800001001")
    )
    await house.turns.answer(number)
    await database.run(
        lambda connection: connection.execute(
            insert(talks.pictures).values(
                picture_id="p1", conversation_id=number, file_name="p1.jpg", width=1, height=1,
                taken_at=clock(),
            )
        )
    )  # fmt: skip
    await house.shop.bargain("boot-qiyun", buyer_id=LULU, quantity=1, ask_fen=None, request_id="b")
    await house.shop.order("0", Access(buyer_id=LULU, phone_tail="0000", asker=LULU))
    await house.shop.ask_restock_notice("boot-qiyun", "黑色", "40", buyer_id=LULU, request_id="w")
    order = await house.shop.place_order(
        [WantedLine(product_id="tee-sugan", colour="黑色", size="L")],
        buyer_id=LULU, receiver=HOME, note="放门口", request_id="p",
    )  # fmt: skip
    await house.shop.cancel_order(order.number, Access(buyer_id=LULU), reason="", request_id="c")
    return house


def _rows(database: Database, table: Any) -> list[dict[str, Any]]:
    return database.read_sync(lambda c: [dict(row._mapping) for row in c.execute(select(table))])


async def test_everything_is_exported(lived: House) -> None:
    kept = lived.database.read_sync(buyer_data.export, LULU)
    told = json.dumps(kept, ensure_ascii=False)
    for known in ("我电话13800001001", "p1.jpg", "鹿晓晓", "文三西路", HOME.address, "放门口"):
        assert known in told
    assert {"messages", "shop_offers", "shop_order_tries", "shop_restock_notices"} <= set(kept)
    assert {"wishes", "sessions"} <= set(kept)
    assert "buyer-laoqi" not in told


async def test_no_table_is_forgotten(lived: House) -> None:
    unknown = [
        table.name
        for table in metadata.sorted_tables
        if lived.database.read_sync(buyer_data._of_buyer, table, LULU) is None
    ]
    assert set(unknown) == OF_NOBODY


async def test_what_is_erased_is_nowhere(lived: House) -> None:
    others = len(_rows(lived.database, shop.orders))
    erased = lived.database.run_sync(buyer_data.erase, LULU)
    assert erased.picture_files == ("p1.jpg",) and PAID in erased.open_orders
    everything = {t.name: _rows(lived.database, t) for t in metadata.sorted_tables}
    orders = everything.pop("shop_orders")
    assert len(orders) == others  # the books are whole
    told = str(everything)
    for known in ("我电话13800001001", "p1.jpg", "林间小鹿"):
        assert known not in told
    lulus = {row["number"]: row for row in orders if row["buyer_id"] == LULU}
    assert set(lulus) == set(erased.open_orders) and lulus[PAID]["phone"] == "13800001001"
    gone = next(row for row in orders if row["note"] == "" and row["buyer_id"] == "erased")
    assert (gone["receiver_name"], gone["phone"], gone["address"]) == ("", "", "")
    assert not [row for row in orders if row["note"] == "放门口"]
    assert all(row["buyer_id"] != LULU for row in _rows(lived.database, shop.offers))


async def test_other_buyers_stay(lived: House) -> None:
    before = lived.database.read_sync(buyer_data.export, "buyer-laoqi")
    lived.database.run_sync(buyer_data.erase, LULU)
    assert lived.database.read_sync(buyer_data.export, "buyer-laoqi") == before


def test_the_command_exports_and_erases(
    house_settings: Settings, seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    Path(str(house_settings.database_url).removeprefix("sqlite:///")).write_bytes(
        seeded.read_bytes()
    )
    assert command._buyer(house_settings, "export", LULU) == 0
    assert json.loads(capsys.readouterr().out)["shop_buyers"][0]["nickname"] == "林间小鹿"
    assert command._buyer(house_settings, "erase", LULU) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["shop_buyers"] == 1 and PAID in said.err
    assert command._buyer(house_settings, "export", "nobody") == 0
    assert json.loads(capsys.readouterr().out) == {}
