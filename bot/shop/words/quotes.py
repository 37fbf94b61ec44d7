"""What goods cost one buyer together, and what took off how much: the sum that is shown and paid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.shop.words.goods import PostageQuote


class SavedBy(Enum):
    """What made it cheaper."""

    BARGAIN = "bargain"
    CAMPAIGN = "campaign"
    COUPON = "coupon"
    AGENT = "agent"  # one of the shop's people took it off an unpaid order


@dataclass(frozen=True, kw_only=True)
class Saving:
    """One thing that took something off the whole."""

    by: SavedBy
    off_fen: int
    title: str = ""  # of the campaign or coupon: 满499减20
    code: str = ""  # of the coupon


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """Some pieces of one product.

    Where colour or size is unknown and it matters, it is the cheapest that may be meant, and
    `is_lowest` says so: the sum is then 起, from so much.
    """

    product_id: str
    name: str
    colour: str
    size: str
    quantity: int
    price_fen: int  # apiece, as for everybody today
    unit_price_fen: int  # apiece, as bargained
    off_fen: int  # this line's share of what campaign and coupon take off
    is_lowest: bool = False

    @property
    def goods_fen(self) -> int:
        return self.unit_price_fen * self.quantity


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What a little more would bring: with `missing_fen` more this campaign or coupon counts."""

    by: SavedBy
    title: str
    off_fen: int
    missing_fen: int


@dataclass(frozen=True, kw_only=True)
class Quote:
    """`full_fen` less the savings, and postage, is `total_fen`."""

    lines: tuple[QuoteLine, ...]
    full_fen: int  # at today's prices for everybody
    savings: tuple[Saving, ...]
    goods_fen: int  # with bargained prices, before campaign and coupon
    off_fen: int  # campaign and coupon
    gifts: tuple[str, ...]
    postage: PostageQuote  # `can_deliver` false: the total is without postage
    total_fen: int
    free_postage_missing_fen: int | None = None  # None: free already, or never free there
    next_step: NextStep | None = None

    @property
    def is_lowest(self) -> bool:
        """Which colour or size is bought will decide what it costs."""
        return any(line.is_lowest for line in self.lines)

    @property
    def saved_fen(self) -> int:
        return sum(saving.off_fen for saving in self.savings)
