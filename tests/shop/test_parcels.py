"""What events say of a parcel: its state, why it is late and until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.shop.embedded.parcels import explain
from bot.shop.words.dealing import Parcel, ParcelEvent, ParcelState

NOW = datetime(2026, 3, 18, 2, 0, tzinfo=timezone.utc)
TODAY = date(2026, 3, 18)
ZONE = ZoneInfo("Asia/Shanghai")


def _parcel(*events: tuple[int, str], due: int = 1, shipped: int = 72) -> Parcel:
    """Events as (hours ago, text); `due` in days from today."""
    return explain(
        courier="中通快递",
        courier_phone="95311",
        tracking_number="758",
        shipped_at=NOW - timedelta(hours=shipped),
        due_on=TODAY + timedelta(days=due),
        events=[
            ParcelEvent(at=NOW - timedelta(hours=ago), text=text, place="沈阳转运中心")
            for ago, text in events
        ],
        now=NOW,
        zone=ZONE,
    )


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("快递员已揽收", ParcelState.IN_TRANSIT),
        ("已离开杭州转运中心，发往沈阳", ParcelState.IN_TRANSIT),
        ("到达沈阳分拣中心", ParcelState.IN_TRANSIT),
        ("快递员正在派件，请保持电话畅通", ParcelState.OUT_FOR_DELIVERY),
        ("已投柜，请凭取件码待取件", ParcelState.OUT_FOR_DELIVERY),
        ("已签收，签收人：本人签收", ParcelState.SIGNED),
        ("已签收，签收人：驿站代收", ParcelState.SIGNED),
        ("快件未签收，明日再派件", ParcelState.OUT_FOR_DELIVERY),
        ("收件人拒收，将原路返回", ParcelState.RETURNING),
        ("退回件已签收，签收人：仓库", ParcelState.RETURNED),
    ],
)
def test_the_newest_event_gives_the_state(text: str, state: ParcelState) -> None:
    assert _parcel((30, "快递员已揽收"), (3, text)).state is state


def test_without_events_it_is_labelled_and_later_stalled() -> None:
    assert _parcel(shipped=5).state is ParcelState.LABELLED
    late = _parcel(shipped=60)
    assert (late.state, late.delay_reason) == (ParcelState.STALLED, "快递还没有揽收扫描")


def test_two_silent_days_are_a_standstill() -> None:
    assert _parcel((47, "到达沈阳转运中心")).state is ParcelState.IN_TRANSIT
    parcel = _parcel((76, "到达沈阳转运中心"))
    assert parcel.state is ParcelState.STALLED and parcel.is_late
    assert parcel.delay_reason == "在沈阳转运中心停了3天没有新扫描"
    assert parcel.new_due_on == date(2026, 3, 20)


def test_a_signed_parcel_never_stalls() -> None:
    parcel = _parcel((200, "已签收，签收人：本人签收"), due=-5)
    assert (parcel.state, parcel.is_late, parcel.new_due_on) == (ParcelState.SIGNED, False, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("受暴雪天气影响，高速封闭", "受沈阳转运中心天气影响，运输放慢"),
        ("台风过境，暂停中转", "受沈阳转运中心天气影响，运输放慢"),
        ("前方交通管制，车辆滞留", "沈阳转运中心道路通行受阻"),
        ("国庆假期网点人手不足", "赶上假期，网点人手少"),
        ("件量激增，网点爆仓，排队分拣", "沈阳转运中心件量大，分拣排队"),
        ("错分至长春，正在转回", "沈阳转运中心分拣错了方向，正在转回"),
        ("派件不成功，电话无人接听", "派件时没有联系上收件人"),
        ("地址不详，待核实", "面单地址不够清楚"),
        ("包裹破损，已登记", "运输中包裹破损，网点在处理"),
    ],
)
def test_a_late_parcel_says_why_and_until_when(text: str, reason: str) -> None:
    parcel = _parcel((70, "快递员已揽收"), (8, text), due=-1)
    assert parcel.is_late and parcel.delay_reason == reason
    assert parcel.new_due_on is not None and parcel.new_due_on > TODAY


def test_the_name_of_a_sorting_centre_is_no_reason() -> None:
    parcel = _parcel((8, "已到达沈阳分拣中心"), due=-1)
    assert parcel.is_late and parcel.delay_reason == ""


def test_a_trouble_overcome_is_not_the_newest_word_on_it() -> None:
    parcel = _parcel((30, "受暴雪天气影响"), (8, "道路恢复通行，等待发车"), due=-1)
    assert parcel.delay_reason == "受沈阳转运中心天气影响，运输放慢"


def test_a_parcel_in_time_is_not_late() -> None:
    parcel = _parcel((8, "已到达沈阳转运中心"), due=0)
    assert (parcel.is_late, parcel.new_due_on, parcel.delay_reason) == (False, None, "")


def test_events_are_shown_newest_first() -> None:
    parcel = _parcel((30, "快递员已揽收"), (3, "到达沈阳"))
    assert [event.text for event in parcel.events] == ["到达沈阳", "快递员已揽收"]
