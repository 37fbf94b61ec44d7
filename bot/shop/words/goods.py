"""What a shop sells: products, their SKUs, size charts and the answers a product sheet gives.

A product's SKUs differ in up to two things, its axes. `colour` and `size` are the first and the
second of them, whatever the shop calls them: 口味 and 规格, 机型 and 颜色, 色号 alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class Sku:
    """One colour and size of a product, the thing that is counted and sold."""

    sku_id: str
    colour: str  # value of the first axis; "" where the product has but one
    size: str  # value of the second; "" where the product has but one; shoes: "38" or "40.5"
    stock: int  # pieces that can still be sold (on hand less reserved)
    restock_on: date | None = None  # when new stock is expected; None = unknown
    price_fen: int | None = None  # today's; None = the product's
    weight_g: int | None = None  # None = the product's
    facts: tuple[tuple[str, str], ...] = ()  # of this SKU alone, by the shop's own names


@dataclass(frozen=True, kw_only=True)
class SizeRow:
    """One row of a size chart: ranges are inclusive, in cm, kg or mm; None = does not count."""

    size: str
    height_cm: tuple[float, float] | None = None
    weight_kg: tuple[float, float] | None = None
    foot_mm: tuple[float, float] | None = None
    measures: tuple[tuple[str, str], ...] = ()  # shown as they are: (("胸围", "108"), …)


@dataclass(frozen=True, kw_only=True)
class SizeChart:
    """A product's own chart; `runs` is the offset a shop learned from its buyers."""

    rows: tuple[SizeRow, ...]
    runs: int = 0  # -1 runs small (take one up), 0 true, +1 runs large (take one down)
    wide: bool = False  # shoes on a wide last
    roomy_instep: bool = False  # shoes that a high instep wears in the usual size
    note: str = ""

    @property
    def is_for_feet(self) -> bool:
        """A chart of shoes; socks are for feet too, but go by S, M and L."""
        return any(row.foot_mm and row.size[:1].isdigit() for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as buyers may see it. Floor price and ladder are not part of it, by design."""

    product_id: str
    name: str
    nicknames: tuple[str, ...]
    category: str  # as the shop calls it
    kind: str  # 徒步鞋, 冲锋衣 … what buyers call this sort of thing
    price_fen: int  # of the cheapest SKU
    list_price_fen: int  # price before the running campaign; equal to price_fen without one
    weight_g: int
    picture: str  # URL path of the picture
    page: str  # URL path of the product's page
    selling_points: tuple[str, ...]
    drawbacks: tuple[str, ...]
    suits: tuple[str, ...]  # for whom: 新手, 老人, 女生, 送礼 …
    uses: tuple[str, ...]  # for what: 徒步, 登山, 通勤, 露营 …
    # Facts by topic, (("material", "…"), …), see SHEET_TOPICS, and by the shop's own names (配料).
    sheet: tuple[tuple[str, str], ...]
    goes_with: tuple[str, ...]  # product ids of fitting goods
    skus: tuple[Sku, ...]
    size_chart: SizeChart | None = None
    returnable: str = "seven_days"  # see importing.return_rules.RETURNABLE
    return_days: int = 7  # from the day of signing
    warranty_months: int = 0
    consumable_days: int | None = None
    gender: str = ""  # "男" | "女" | "童"; "" = for everybody
    sold: int = 0  # pieces sold so far, as the shop shows it
    axes: tuple[str, ...] = ()  # what the shop calls colour and size; () = as buyers call them
    bulk_from: int = 0  # pieces from which a person makes the price; 0 = no such number is set

    def is_bulk(self, quantity: int) -> bool:
        return 0 < self.bulk_from <= quantity

    @property
    def colours(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sku.colour for sku in self.skus if sku.colour))

    @property
    def sizes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sku.size for sku in self.skus if sku.size))

    @property
    def is_for_feet(self) -> bool:
        return self.size_chart is not None and self.size_chart.is_for_feet

    @property
    def colour_name(self) -> str:
        return self.axes[0] if self.axes else AXES[0]

    @property
    def size_name(self) -> str:
        return self.axes[1] if len(self.axes) > 1 else AXES[1]

    def skus_like(self, colour: str = "", size: str = "") -> tuple[Sku, ...]:
        """SKUs of this colour and size; an empty one does not narrow."""
        return tuple(
            sku
            for sku in self.skus
            if (not colour or sku.colour == colour) and (not size or sku.size == size)
        )

    def prices(self, colour: str = "", size: str = "") -> tuple[int, ...]:
        """Fen apiece of what is meant, the lowest first, each once; never empty."""
        meant = self.skus_like(colour, size) or self.skus
        return tuple(sorted({self.price_of(sku) for sku in meant})) or (self.price_fen,)

    def price_of(self, sku: Sku) -> int:
        return self.price_fen if sku.price_fen is None else sku.price_fen

    def weight_of(self, colour: str = "", size: str = "") -> int:
        """Grams a piece; of several that may be meant, the heaviest."""
        weights = [sku.weight_g for sku in self.skus_like(colour, size) if sku.weight_g]
        return max(weights, default=self.weight_g)

    def fact(self, topic: str) -> str | None:
        return dict(self.sheet).get(topic)


AXES = ("颜色", "规格")  # where a shop gives its own no name


SHEET_TOPICS = (
    "material",  # 面料材质
    "measures",  # 尺寸
    "weight",
    "origin",  # 产地
    "contents",  # 包装清单
    "waterproof",
    "warmth",
    "breathable",
    "care",  # 洗涤保养
    "usage",  # 使用方法
    "difference",  # 与相近款的区别
    "shelf_life",
    "quality",  # 正品与做工
    "colour_note",  # 色差
    "warranty",
)


@dataclass(frozen=True, kw_only=True)
class ProductQuery:
    """What a buyer is after; empty fields do not narrow."""

    text: str = ""  # free words, matched against names, nicknames and kinds
    category: str = ""
    kind: str = ""
    use: str = ""
    suits: str = ""
    gender: str = ""
    colour: str = ""
    size: str = ""
    budget_fen: int | None = None  # at most this
    in_stock_only: bool = True
    without: tuple[str, ...] = ()  # product ids the buyer has turned down
    limit: int = 2


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    product: Product
    reason: str  # one short Chinese clause: why it fits this wish


@dataclass(frozen=True, kw_only=True)
class CatalogueTerm:
    """A word that names something in the catalogue, for the entity matcher."""

    text: str
    entity: str  # "product" | "kind" | "category" | "colour" | "size"
    value: str  # product_id, kind, category, canonical colour or size


class Fit(Enum):
    SLIM = "slim"
    REGULAR = "regular"
    LOOSE = "loose"


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """What a buyer told of the body; every field may be missing."""

    height_cm: float | None = None
    weight_kg: float | None = None
    foot_mm: float | None = None
    usual_size: str | None = None
    fit: Fit = Fit.REGULAR
    wide_foot: bool = False
    thin_foot: bool = False
    high_instep: bool = False
    thick_socks: bool = False


class Sizing(Enum):
    ADVISED = "advised"
    NEEDS_MORE = "needs_more"  # see SizeAdvice.missing
    OUT_OF_RANGE = "out_of_range"
    ONE_SIZE = "one_size"
    NO_CHART = "no_chart"


@dataclass(frozen=True, kw_only=True)
class SizeAdvice:
    """A size with its reasons; always 仅供参考."""

    outcome: Sizing
    size: str | None = None
    other_size: str | None = None  # where the buyer is between two
    missing: tuple[str, ...] = ()  # "height_weight" | "foot_or_usual"
    reasons: tuple[str, ...] = ()  # short Chinese clauses: 脚背高, 建议大一码 …
    in_stock: bool | None = None  # of the advised size, in any colour
    chart: SizeChart | None = None


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A campaign as buyers may see it."""

    promotion_id: str
    title: str  # 满299减30
    text: str
    ends_on: date | None
    product_ids: tuple[str, ...] = ()  # empty = whole shop
    stacks: bool = True  # a coupon can be used beside it


@dataclass(frozen=True, kw_only=True)
class Coupon:
    code: str
    title: str
    off_fen: int
    from_fen: int  # order value it needs
    ends_on: date | None
    stacks: bool = True  # can be used beside a campaign


@dataclass(frozen=True, kw_only=True)
class PostageQuote:
    """Postage for a parcel; region "" = the usual regions."""

    region: str
    fee_fen: int
    is_free: bool
    free_from_fen: int | None  # order value from which it is free there
    heavy_extra_fen: int = 0  # part of fee_fen that weight adds
    can_deliver: bool = True
    days: tuple[int, int] | None = None  # usual delivery days
    courier: str = ""


@dataclass(frozen=True, kw_only=True)
class ShippingPromise:
    cutoff: str  # "16:00": paid before, shipped the same day; "次日02:00" is past midnight
    ships_on: date  # for an order paid now
    couriers: tuple[str, ...] = field(default=())
    pick_ups: tuple[str, ...] = ()  # all cut-offs of a day, where there are several
    closed_since: date | None = None  # a holiday or pause delays it: nothing leaves since this day
    closed_why: str = ""  # 春节放假
