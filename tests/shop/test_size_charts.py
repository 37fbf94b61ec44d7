"""A size chart changed by hand is looked at as an import would, is what the bot measures by, and comes back."""

from __future__ import annotations

import pytest

from bot.shop.editing import history, size_charts
from bot.shop.editing.changing import EditedMeanwhile, Refused
from bot.shop.editing.rows import SIZES
from tests.shop.conftest import House
from tests.shop.test_editing import BY, POLE, row, save, undo

JACKET = "jacket-guanyun"


def chart_of(*lines: str) -> str:
    return "\n".join(line.replace(" ", "\t") for line in lines)


async def test_a_chart_is_written_read_and_taken_back(house: House) -> None:
    before = await house.shop.product(POLE)
    assert before is not None and before.size_chart is None
    told = chart_of("尺码 身高cm 体重kg 杆长", "短 150-165 45-60 110", "长 166-185 55-90 130")
    saved = save(house.database, SIZES, POLE, chart=told, runs="偏小", note="量的是净身高")
    assert saved.details == (
        "尺码表有改动",
        "偏码 空 → 偏小",
        "宽楦 空 → 否",
        "高脚背照常 空 → 否",
        "尺码说明 空 → 量的是净身高",
    )
    after = await house.shop.product(POLE)
    assert after is not None and after.size_chart is not None
    assert [one.size for one in after.size_chart.rows] == ["短", "长"]
    assert after.size_chart.rows[0].height_cm == (150, 165)
    assert after.size_chart.rows[1].measures == (("杆长", "130"),)
    assert (after.size_chart.runs, after.size_chart.note) == (-1, "量的是净身高")
    assert "规格里没有这些尺码：短、长" in saved.advice[0]
    undo(house.database, saved.change_id)
    gone = await house.shop.product(POLE)
    assert gone is not None and gone.size_chart is None


async def test_a_chart_is_changed_where_it_is_typed_and_goes_whole(house: House) -> None:
    held = row(house.database, SIZES, JACKET)
    saved = save(house.database, SIZES, JACKET, note="按净身高选")
    assert saved.details == (f"尺码说明 {held.texts['note'] or '空'} → 按净身高选",)
    mark = row(house.database, SIZES, JACKET).mark
    change = house.database.run_sync(size_charts.remove, JACKET, mark, BY)
    product = await house.shop.product(JACKET)
    assert product is not None and product.size_chart is None
    assert house.database.read_sync(history.newest)[0].what is history.What.GONE
    undo(house.database, change)
    assert row(house.database, SIZES, JACKET).texts["note"] == "按净身高选"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (("尺码 身高cm", "M 一米七"), "尺码 M 身高：“一米七”不是范围"),
        (("尺码 身高cm", "M 175-165"), "尺码 M 身高：“175-165”不是范围"),
        (("身高cm 体重kg", "165-170 50-60"), "没有“尺码”这一列"),
        (("尺码 身高cm", "M 165-170", "M 170-175"), "尺码“M”写了两行"),
        (("尺码 身高cm", "M 165-170 108"), "“108”上面没有写这一列叫什么"),
        (("尺码 进价", "M 80"), "像是店里内部的"),
    ],
)
def test_what_an_import_would_refuse_is_refused_with_its_size(
    house: House, lines: tuple[str, ...], what: str
) -> None:
    before = row(house.database, SIZES, JACKET).mark
    with pytest.raises(Refused) as refused:
        save(house.database, SIZES, JACKET, chart=chart_of(*lines))
    [fault] = refused.value.faults
    assert fault.field == "chart" and what in fault.what
    assert row(house.database, SIZES, JACKET).mark == before


def test_of_two_who_change_one_chart_the_second_is_told(house: House) -> None:
    seen = row(house.database, SIZES, JACKET).mark
    save(house.database, SIZES, JACKET, note="甲")
    with pytest.raises(EditedMeanwhile) as meanwhile:
        save(house.database, SIZES, JACKET, mark=seen, note="乙")
    assert meanwhile.value.row is not None and meanwhile.value.row.texts["note"] == "甲"


def test_goods_without_a_chart_have_none_to_take_away(house: House) -> None:
    with pytest.raises(Refused):
        house.database.run_sync(size_charts.remove, POLE, row(house.database, SIZES, POLE).mark, BY)
