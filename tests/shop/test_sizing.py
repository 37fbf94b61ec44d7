"""Size advice as a table: body and chart in, size out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shop.rules.sizing import advise, same_size
from bot.shop.words.goods import Fit, Measurements, Product, SizeChart, SizeRow, Sizing, Sku

FEET = {38: (231, 235), 39: (236, 240), 40: (241, 245), 41: (246, 250), 42: (251, 255)}
BODIES = {
    "S": ((155, 163), (45, 53)),
    "M": ((160, 168), (52, 60)),
    "L": ((165, 174), (59, 69)),
    "XL": ((170, 179), (68, 78)),
    "2XL": ((175, 184), (77, 88)),
}


def _product(category: str, chart: SizeChart | None, sizes: list[str]) -> Product:
    return Product(
        product_id="p", name="p", nicknames=(), category=category, kind="k", price_fen=1,
        list_price_fen=1, weight_g=1, picture="", page="", selling_points=(), drawbacks=(),
        suits=(), uses=(), sheet=(), goes_with=(), size_chart=chart,
        skus=tuple(Sku(sku_id=s, colour="黑色", size=s, stock=int(s != "42")) for s in sizes),
    )  # fmt: skip


def _shoe(halves: bool = False, **chart: Any) -> Product:
    rows = [SizeRow(size=str(size), foot_mm=foot) for size, foot in FEET.items()]
    if halves:
        rows.insert(3, SizeRow(size="40.5", foot_mm=(245.1, 245.9)))
    return _product("鞋", SizeChart(rows=tuple(rows), **chart), [r.size for r in rows])


def _coat(**chart: Any) -> Product:
    rows = tuple(
        SizeRow(size=size, height_cm=height, weight_kg=weight)
        for size, (height, weight) in BODIES.items()
    )
    return _product("衣服", SizeChart(rows=rows, **chart), list(BODIES))


SHOES: list[tuple[dict[str, Any], dict[str, Any], str | None, str | None]] = [
    # body, chart, size, other size
    ({"foot_mm": 238}, {}, "39", None),
    ({"foot_mm": 240}, {}, "39", "40"),  # touches the next row
    ({"foot_mm": 240.5}, {}, "40", None),  # falls between two rows
    ({"usual_size": "40"}, {}, "40", None),
    ({"usual_size": "40码"}, {}, "40", None),
    ({"usual_size": "40.5"}, {}, "41", "40"),  # no half sizes made
    ({"usual_size": "40.5"}, {"halves": True}, "40.5", None),
    ({"usual_size": "40", "high_instep": True}, {}, "41", None),
    ({"usual_size": "40", "wide_foot": True}, {}, "41", None),
    ({"usual_size": "40", "wide_foot": True}, {"wide": True}, "40", None),
    ({"usual_size": "40", "high_instep": True}, {"wide": True}, "41", None),
    ({"usual_size": "40", "high_instep": True}, {"roomy_instep": True}, "40", None),
    ({"foot_mm": 243, "high_instep": True}, {"roomy_instep": True}, "40", None),
    (
        {"usual_size": "40", "high_instep": True, "wide_foot": True},
        {"roomy_instep": True},
        "41",
        None,
    ),
    ({"usual_size": "40", "thin_foot": True}, {}, "40", None),
    ({"usual_size": "40", "thin_foot": True}, {"wide": True}, "39", None),
    ({"usual_size": "40", "thick_socks": True}, {}, "41", "40"),
    ({"usual_size": "40", "thick_socks": True}, {"halves": True}, "40.5", None),
    ({"usual_size": "40", "thick_socks": True, "high_instep": True}, {}, "41", None),
    ({"usual_size": "40"}, {"runs": -1}, "41", None),
    ({"usual_size": "40"}, {"runs": 1}, "39", None),
    ({"foot_mm": 243}, {"runs": -1}, "40", None),  # the chart is this shoe's own
    ({"foot_mm": 243, "usual_size": "39"}, {"runs": -1}, "40", None),
    ({"usual_size": "40", "wide_foot": True}, {"runs": -1}, "41", None),  # one size, not two
    ({"foot_mm": 243, "usual_size": "42"}, {}, "40", None),  # the foot counts
]


@pytest.mark.parametrize(("body", "chart", "size", "other"), SHOES)
def test_shoes(
    body: dict[str, Any], chart: dict[str, Any], size: str | None, other: str | None
) -> None:
    advice = advise(_shoe(**chart), Measurements(**body))
    assert (advice.outcome, advice.size, advice.other_size) == (Sizing.ADVISED, size, other)
    assert advice.reasons


@pytest.mark.parametrize(
    ("body", "chart"),
    [
        ({"foot_mm": 200}, {}),
        ({"foot_mm": 300}, {}),
        ({"usual_size": "46"}, {}),
        ({"usual_size": "XL"}, {}),
        ({"usual_size": "42"}, {"runs": -1}),  # needs 43, which is not made
    ],
)
def test_shoes_out_of_range(body: dict[str, Any], chart: dict[str, Any]) -> None:
    advice = advise(_shoe(**chart), Measurements(**body))
    assert (advice.outcome, advice.size) == (Sizing.OUT_OF_RANGE, None)


COATS: list[tuple[dict[str, Any], dict[str, Any], str | None, str | None]] = [
    ({"height_cm": 170, "weight_kg": 63}, {}, "L", None),
    ({"height_cm": 165, "weight_kg": 52.5}, {}, "M", "S"),  # 一米六五 105斤
    ({"height_cm": 166, "weight_kg": 59.5}, {}, "L", "M"),  # at the edge of the weight
    ({"height_cm": 176, "weight_kg": 63}, {}, "XL", "L"),  # tall and thin
    ({"height_cm": 162, "weight_kg": 75}, {}, "XL", "L"),  # short and heavy
    ({"height_cm": 170, "weight_kg": 63, "fit": Fit.LOOSE}, {}, "XL", "L"),
    ({"height_cm": 170, "weight_kg": 63, "fit": Fit.SLIM}, {}, "L", "M"),
    ({"height_cm": 176, "weight_kg": 63, "fit": Fit.SLIM}, {}, "L", "XL"),
    ({"height_cm": 176, "weight_kg": 63, "fit": Fit.LOOSE}, {}, "XL", "L"),
    ({"height_cm": 170, "weight_kg": 63}, {"runs": -1}, "L", None),  # the chart is this coat's own
    ({"height_cm": 170, "weight_kg": 63}, {"runs": 1}, "L", None),
    ({"usual_size": "L"}, {"runs": -1}, "XL", None),
    ({"usual_size": "L"}, {"runs": 1}, "M", None),
    ({"height_cm": 187, "weight_kg": 80}, {}, "2XL", None),  # a little tall for the chart
    ({"height_cm": 153, "weight_kg": 42}, {}, "S", None),  # a little light for it
    ({"usual_size": "XXL"}, {}, "2XL", None),
    ({"usual_size": "M", "fit": Fit.LOOSE}, {}, "L", "M"),
    ({"height_cm": 180, "weight_kg": 80, "fit": Fit.LOOSE}, {}, "2XL", None),  # no larger one
]


@pytest.mark.parametrize(("body", "chart", "size", "other"), COATS)
def test_clothes(
    body: dict[str, Any], chart: dict[str, Any], size: str | None, other: str | None
) -> None:
    advice = advise(_coat(**chart), Measurements(**body))
    assert (advice.outcome, advice.size, advice.other_size) == (Sizing.ADVISED, size, other)


@pytest.mark.parametrize(
    "body",
    [
        {"height_cm": 170, "weight_kg": 120},
        {"height_cm": 200, "weight_kg": 80},
        {"height_cm": 120, "weight_kg": 25},
        {"usual_size": "5XL"},
    ],
)
def test_clothes_out_of_range(body: dict[str, Any]) -> None:
    assert advise(_coat(), Measurements(**body)).outcome is Sizing.OUT_OF_RANGE


def test_one_up_from_the_largest_size_is_out_of_range() -> None:
    advice = advise(_coat(runs=-1), Measurements(usual_size="2XL"))
    assert advice.outcome is Sizing.OUT_OF_RANGE


@pytest.mark.parametrize("runs", [-1, 0, 1])
@pytest.mark.parametrize("shape", [{}, {"wide_foot": True}, {"high_instep": True}])
def test_a_longer_foot_never_gets_a_smaller_shoe(runs: int, shape: dict[str, bool]) -> None:
    shoe = _shoe(runs=runs)
    sizes = [
        advice.size
        for mm in range(232, 252)
        if (advice := advise(shoe, Measurements(foot_mm=mm, **shape))).size  # type: ignore[arg-type]
    ]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("runs", [-1, 0, 1])
def test_a_heavier_or_taller_body_never_gets_a_smaller_coat(runs: int) -> None:
    coat, order = _coat(runs=runs), list(BODIES)
    for height in range(158, 182, 3):
        by_weight = [
            order.index(size)
            for kg in range(46, 86)
            if (size := advise(coat, Measurements(height_cm=height, weight_kg=kg)).size)
        ]
        assert by_weight == sorted(by_weight)
    for kg in range(48, 84, 4):
        by_height = [
            order.index(size)
            for height in range(156, 184)
            if (size := advise(coat, Measurements(height_cm=height, weight_kg=kg)).size)
        ]
        assert by_height == sorted(by_height)


@pytest.mark.parametrize(
    ("product", "body", "missing"),
    [
        (_shoe(), {}, ("foot_or_usual",)),
        (_shoe(), {"height_cm": 170.0}, ("foot_or_usual",)),
        (_coat(), {"height_cm": 170.0}, ("height_weight",)),
        (_coat(), {"weight_kg": 60.0}, ("height_weight",)),
    ],
)
def test_what_is_missing_is_asked_for(
    product: Product, body: dict[str, float], missing: tuple[str, ...]
) -> None:
    advice = advise(product, Measurements(**body))  # type: ignore[arg-type]
    assert (advice.outcome, advice.missing) == (Sizing.NEEDS_MORE, missing)


def test_one_size_fits_without_questions() -> None:
    assert advise(_product("包", None, [""]), Measurements()).outcome is Sizing.ONE_SIZE
    assert advise(_product("装备", None, ["均码"]), Measurements()).size == "均码"


def test_a_product_without_a_chart_says_so() -> None:
    assert advise(_product("鞋", None, ["38", "39"]), Measurements()).outcome is Sizing.NO_CHART


def test_advice_tells_whether_the_size_is_there() -> None:
    assert advise(_shoe(), Measurements(usual_size="40")).in_stock is True
    assert advise(_shoe(), Measurements(usual_size="42")).in_stock is False


def test_socks_go_by_foot_in_letters() -> None:
    rows = (SizeRow(size="M", foot_mm=(220, 245)), SizeRow(size="L", foot_mm=(246, 275)))
    socks = _product("装备", SizeChart(rows=rows), ["M", "L"])
    assert advise(socks, Measurements(foot_mm=240)).size == "M"
    assert advise(socks, Measurements(usual_size="42")).size == "L"
    assert advise(socks, Measurements()).outcome is Sizing.NEEDS_MORE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("XXL", "2XL", True), ("xl", "XL", True), ("38", "38.0", True), ("38码", "38", True),
     ("XL", "2XL", False), ("38", "38.5", False)],
)  # fmt: skip
def test_sizes_are_compared_as_buyers_write_them(one: str, other: str, same: bool) -> None:
    assert same_size(one, other) is same


_SHAPES = st.fixed_dictionaries(
    {name: st.booleans() for name in ("wide_foot", "thin_foot", "high_instep", "thick_socks")}
)
_CHARTS = st.fixed_dictionaries({"runs": st.sampled_from([-1, 0, 1]), "wide": st.booleans()})
_FEET = st.floats(231, 255).map(lambda mm: round(mm, 1))


def _advised(product: Product, **body: Any) -> str | None:
    return advise(product, Measurements(**body)).size


@given(_FEET, _FEET, _SHAPES, _CHARTS)
def test_of_two_feet_of_one_shape_the_longer_never_gets_the_smaller_shoe(
    one: float, other: float, shape: dict[str, bool], chart: dict[str, Any]
) -> None:
    shoe = _shoe(**chart)
    shorter, longer = sorted((one, other))
    sizes = [_advised(shoe, foot_mm=mm, **shape) for mm in (shorter, longer)]
    if None not in sizes:
        assert float(sizes[0] or 0) <= float(sizes[1] or 0)


@given(st.integers(38, 42), st.integers(38, 42), _SHAPES, _CHARTS)
def test_who_wears_larger_shoes_never_gets_the_smaller_one(
    one: int, other: int, shape: dict[str, bool], chart: dict[str, Any]
) -> None:
    shoe = _shoe(**chart)
    sizes = [_advised(shoe, usual_size=str(size), **shape) for size in sorted((one, other))]
    if None not in sizes:
        assert float(sizes[0] or 0) <= float(sizes[1] or 0)


@given(st.integers(38, 42), _SHAPES, _CHARTS)
def test_whatever_comes_together_moves_a_shoe_by_one_size_at_most(
    usual: int, shape: dict[str, bool], chart: dict[str, Any]
) -> None:
    size = _advised(_shoe(**chart), usual_size=str(usual), **shape)
    assert size is None or abs(float(size) - usual) <= 1


@given(_FEET, _SHAPES, st.booleans(), st.integers(36, 44))
def test_a_measured_foot_is_read_by_the_shoes_own_chart_whatever_it_runs(
    foot: float, shape: dict[str, bool], is_wide: bool, usual: int
) -> None:
    """The chart has the offset in it already; the usual size adds none to it."""
    body: dict[str, Any] = {"foot_mm": foot, **shape}
    told = {
        _advised(_shoe(runs=runs, wide=is_wide), **body, **more)
        for runs in (-1, 0, 1)
        for more in ({}, {"usual_size": str(usual)})
    }
    assert len(told) == 1


@given(st.integers(156, 183), st.integers(46, 85), st.integers(0, 6), st.sampled_from([None, *Fit]))
def test_a_body_that_is_larger_in_one_measure_never_gets_the_smaller_coat(
    height: int, weight: int, more: int, fit: Fit | None
) -> None:
    coat, order = _coat(), list(BODIES)

    def place(of_height: int, of_weight: int) -> int | None:
        size = _advised(coat, height_cm=of_height, weight_kg=of_weight, fit=fit)
        return None if size is None else order.index(size)

    here = place(height, weight)
    for larger in (place(height + more, weight), place(height, weight + more)):
        assert here is None or larger is None or here <= larger
