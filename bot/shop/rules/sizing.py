"""Which size fits: pure rules over a product's own chart.

Shoes: foot length or usual EU size, then high instep, wide or thin foot, thick socks.
Clothes: height and weight, then the wished fit.
A chart's rows are this product's own, so who is measured by them needs no offset; `runs` moves only
who tells the size worn elsewhere, and all shifts together move a usual size by one at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.shop.words.goods import Fit, Measurements, Product, SizeAdvice, SizeChart, SizeRow, Sizing

RUNS_WORDS = {-1: "偏小", 1: "偏大"}
RUNS_TEXTS = {-1: "这款偏小，大一码", 1: "这款偏大，小一码"}
ONE_SIZE = {"", "均码", "单一尺码"}
_LETTER_SIZES = frozenset(
    f"{more}{size}" for more in ("", "X", "2X", "3X", "4X", "5X", "6X") for size in "SML"
)
LETTERS = {"XXS": "2XS", "XXL": "2XL", "XXXL": "3XL", "XXXXL": "4XL"}
CLOSE_MM = 1.0  # this near to the next row, the buyer stands between two sizes
CLOSE_KG = 1.0
SPARE_CM = 5.0  # a height this far off the chart can still wear its last row
SPARE_KG = 5.0  # lighter than the chart: the smallest is roomy but wearable


def advise(product: Product, body: Measurements) -> SizeAdvice:
    """The size for this body, with reasons as short Chinese clauses; 仅供参考."""
    chart = product.size_chart
    if set(product.sizes) <= ONE_SIZE:
        return SizeAdvice(
            outcome=Sizing.ONE_SIZE, size=next(iter(product.sizes), None), chart=chart
        )
    if chart is None or not chart.rows:
        return SizeAdvice(outcome=Sizing.NO_CHART)
    if any(row.foot_mm for row in chart.rows):
        advice = _shoe(chart, body)
    elif any(row.height_cm or row.weight_kg for row in chart.rows):
        advice = _garment(chart, body)
    else:  # head or hand sizes: the buyer reads the table
        advice = SizeAdvice(outcome=Sizing.NO_CHART)
    in_stock = None
    if advice.size is not None:
        in_stock = any(sku.stock > 0 for sku in product.skus if sku.size == advice.size)
    return replace(advice, chart=chart, in_stock=in_stock)


def same_size(one: str, other: str) -> bool:
    """XXL is 2XL, 38.0 is 38, xl is XL."""
    return plain_size(one) == plain_size(other)


def is_worn_size(size: str) -> bool:
    """Whether it is a size of shoes or clothes, of which one says 码: 40.5, 2XL, 165."""
    number = _number(size)
    if number is None:
        return size.upper() in _LETTER_SIZES or size.upper() in LETTERS
    return 20 <= number <= 60 or (66 <= number <= 195 and number % 5 == 0)


def plain_size(size: str) -> str:
    size = size.strip().upper().removesuffix("码").removesuffix("号")
    number = _number(size)
    return f"{number:g}" if number is not None else LETTERS.get(size, size)


def size_further(sizes: Sequence[str], size: str | None, step: float) -> str | None:
    """The size so many steps on in what there is; the same where there is none such."""
    if size not in sizes or not step:
        return size
    numbers = {one: float(one) for one in sizes if one.replace(".", "", 1).isdigit()}
    if size in numbers:  # 大一码 of 42 is 43, where 42.5 is made as well
        return next((one for one, n in numbers.items() if n == numbers[size] + step), size)
    place = sizes.index(size) + round(step)
    return sizes[place] if 0 <= place < len(sizes) else size


# -- shoes


def _shoe(chart: SizeChart, body: Measurements) -> SizeAdvice:
    reasons: list[str] = []
    if all(_number(row.size) is None for row in chart.rows):
        return _sock(chart, body)
    base, near = _shoe_base(chart, body, reasons)
    if base is None:
        if body.foot_mm is None and body.usual_size is None:
            return SizeAdvice(outcome=Sizing.NEEDS_MORE, missing=("foot_or_usual",))
        return SizeAdvice(outcome=Sizing.OUT_OF_RANGE, reasons=("超出这款的尺码范围",))
    wanted = base + _shoe_shift(chart, body, reasons)
    _beside_the_usual(chart, body, wanted, reasons)
    sizes = sorted(number for row in chart.rows if (number := _number(row.size)) is not None)
    if wanted < sizes[0] - 0.5 or wanted > sizes[-1]:
        return SizeAdvice(
            outcome=Sizing.OUT_OF_RANGE, reasons=(*reasons, "合适的码超出了这款的范围")
        )
    size = min((number for number in sizes if number >= wanted), default=sizes[-1])
    other = None
    if size != wanted:  # 38.5 wanted where only whole sizes are made
        below = [number for number in sizes if number < wanted]
        other = below[-1] if below else None
        reasons.append("在两个码之间，取大一点更舒服")
    elif near is not None:
        other = next((number for number in sizes if number > size), None)
        if other is not None:
            reasons.append("脚长贴近上一档，喜欢宽松可选大的")
    return SizeAdvice(
        outcome=Sizing.ADVISED,
        size=f"{size:g}",
        other_size=None if other is None else f"{other:g}",
        reasons=tuple(reasons),
    )


def _sock(chart: SizeChart, body: Measurements) -> SizeAdvice:
    """Letter sizes by foot length; a shoe size stands for (size + 10) x 5 mm."""
    usual = _number(plain_size(body.usual_size)) if body.usual_size else None
    foot = body.foot_mm or (None if usual is None else (usual + 10) * 5)
    if foot is None:
        return SizeAdvice(outcome=Sizing.NEEDS_MORE, missing=("foot_or_usual",))
    for row in chart.rows:
        if row.foot_mm and row.foot_mm[0] <= foot <= row.foot_mm[1]:
            reason = f"脚长{foot:g}毫米左右对应{row.size}码"
            return SizeAdvice(outcome=Sizing.ADVISED, size=row.size, reasons=(reason,))
    return SizeAdvice(outcome=Sizing.OUT_OF_RANGE, reasons=("超出这款的尺码范围",))


def _shoe_base(
    chart: SizeChart, body: Measurements, reasons: list[str]
) -> tuple[float | None, float | None]:
    """The size before any shift, and the next one up where the foot nearly needs it."""
    if body.foot_mm is not None:
        rows = sorted((row for row in chart.rows if row.foot_mm), key=lambda row: row.foot_mm or ())
        lowest = rows[0].foot_mm or (0.0, 0.0)
        for index, row in enumerate(rows):
            _, high = row.foot_mm or (0.0, 0.0)
            if lowest[0] <= body.foot_mm <= high:
                reasons.append(f"脚长{body.foot_mm:g}毫米对应{row.size}码")
                following = rows[index + 1] if index + 1 < len(rows) else None
                is_near = following is not None and high - body.foot_mm < CLOSE_MM
                return _number(row.size), _number(following.size) if is_near and following else None
        return None, None
    if body.usual_size is not None:
        usual = _number(plain_size(body.usual_size))
        sizes = [number for row in chart.rows if (number := _number(row.size)) is not None]
        if usual is None or not sizes or not min(sizes) - 0.5 <= usual <= max(sizes) + 0.5:
            return None, None
        reasons.append(f"平时穿{usual:g}码")
        return usual, None
    return None, None


def _shoe_shift(chart: SizeChart, body: Measurements, reasons: list[str]) -> float:
    """In EU sizes; foot shape and socks together move at most one size."""
    shape = 0.0
    if body.high_instep and not chart.roomy_instep:
        shape = 1.0
        reasons.append("脚背高，大一码不压脚背")
    elif body.wide_foot and not chart.wide:
        shape = 1.0
        reasons.append("脚偏宽，大一码更舒展")
    elif body.wide_foot:
        reasons.append("这款是宽楦，宽脚按正常码")
    elif body.high_instep:
        reasons.append("这款不压脚背，脚背高按正常码")
    elif body.thin_foot and chart.wide:
        shape = -1.0
        reasons.append("脚瘦配宽楦，小一码更跟脚")
    if body.thick_socks:
        shape = min(shape + 0.5, 1.0)
        reasons.append("穿厚袜要留点空间")
    if body.foot_mm is not None or not chart.runs:
        return shape
    reasons.insert(1, RUNS_TEXTS[chart.runs])
    return max(-1.0, min(1.0, shape - chart.runs))


def _beside_the_usual(
    chart: SizeChart, body: Measurements, wanted: float, reasons: list[str]
) -> None:
    """Why the size by the foot is another than the one worn elsewhere."""
    usual = _number(plain_size(body.usual_size)) if body.usual_size else None
    if body.foot_mm is None or usual is None or not chart.runs:
        return
    if wanted - usual == -chart.runs:
        reasons.insert(
            1, f"这款{RUNS_WORDS[chart.runs]}，正好比您平时{'大' if chart.runs < 0 else '小'}一码"
        )


# -- clothes


def _garment(chart: SizeChart, body: Measurements) -> SizeAdvice:
    reasons: list[str] = []
    needs_height = any(row.height_cm for row in chart.rows)
    needs_weight = any(row.weight_kg for row in chart.rows)
    lacks = (needs_height and body.height_cm is None) or (needs_weight and body.weight_kg is None)
    if lacks and body.usual_size is None:
        return SizeAdvice(outcome=Sizing.NEEDS_MORE, missing=("height_weight",))
    if lacks:
        places = [
            i for i, row in enumerate(chart.rows) if same_size(row.size, body.usual_size or "")
        ]
        if not places:
            return SizeAdvice(outcome=Sizing.OUT_OF_RANGE, reasons=("这款没有您平时的码",))
        low = high = places[0]
        reasons.append(f"平时穿{chart.rows[low].size}")
    else:
        found = _body_rows(chart.rows, body, reasons)
        if found is None:
            return SizeAdvice(outcome=Sizing.OUT_OF_RANGE, reasons=("超出这款的尺码范围",))
        low, high = found
    return _worn_as_wished(chart, body.fit, low, high, reasons, runs=chart.runs if lacks else 0)


def _body_rows(
    rows: tuple[SizeRow, ...], body: Measurements, reasons: list[str]
) -> tuple[int, int] | None:
    """First and last chart row this body may wear; None where it fits none."""
    found: list[int] = []
    if body.weight_kg is not None and any(row.weight_kg for row in rows):
        weights = [row.weight_kg or (0.0, 0.0) for row in rows]
        place = _place(weights, body.weight_kg, below=SPARE_KG, above=0.0)
        if place is None:
            return None
        found.append(place)
        if place + 1 < len(rows) and weights[place][1] - body.weight_kg < CLOSE_KG:
            found.append(place + 1)
    if body.height_cm is not None and any(row.height_cm for row in rows):
        heights = [row.height_cm or (0.0, 0.0) for row in rows]
        place = _place(heights, body.height_cm, below=SPARE_CM, above=SPARE_CM)
        if place is None:
            return None
        if body.height_cm > heights[-1][1]:
            reasons.append("个子高，袖长裤长会略短")
        # A tall thin body needs the length, a short heavy one the girth: the larger row counts,
        # but height alone moves a body by one row at most.
        weight_place = found[0] if found else place
        found.append(max(weight_place - 1, min(weight_place + 1, place)))
    reasons.append("按身高体重看")
    return min(found), max(found)


def _place(
    ranges: list[tuple[float, float]], value: float, *, below: float, above: float
) -> int | None:
    if value < ranges[0][0] - below or value > ranges[-1][1] + above:
        return None
    for index, (_, high) in enumerate(ranges):
        if value <= high:
            return index
    return len(ranges) - 1


def _worn_as_wished(
    chart: SizeChart, fit: Fit, low: int, high: int, reasons: list[str], *, runs: int
) -> SizeAdvice:
    """`runs`: the chart's offset, for who told the size worn elsewhere; 0 for who was measured."""
    last = len(chart.rows) - 1
    is_between = high > low
    place, other = high, low if is_between else None
    if is_between:
        reasons.append(f"在{chart.rows[low].size}和{chart.rows[high].size}之间")
    if fit is Fit.SLIM:
        reasons.append("想修身，取小的" if is_between else "想更贴身可看小一码")
        place, other = low, high if is_between else low - 1
    elif fit is Fit.LOOSE:
        reasons.append("想宽松，取大的" if is_between else "想宽松，大一码")
        place, other = (high, low) if is_between else (low + 1, low)
    if runs:
        reasons.append(RUNS_TEXTS[runs])
        place -= runs
        other = None if other is None else other - runs
    if place > last:
        if fit is Fit.LOOSE and place - 1 == last:
            place, other = last, None
            reasons.append("已经是这款的大码了")
        else:
            return SizeAdvice(
                outcome=Sizing.OUT_OF_RANGE, reasons=(*reasons, "合适的码超出了这款的范围")
            )
    place = max(place, 0)
    if other is not None and (other == place or not 0 <= other <= last):
        other = None
    return SizeAdvice(
        outcome=Sizing.ADVISED,
        size=chart.rows[place].size,
        other_size=None if other is None else chart.rows[other].size,
        reasons=tuple(reasons),
    )


def _number(size: str) -> float | None:
    try:
        return float(size)
    except ValueError:
        return None
