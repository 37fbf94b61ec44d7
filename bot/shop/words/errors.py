"""What the shop refuses, and what could not be reached: raised by every verb of the port."""

from __future__ import annotations

from bot.shop.words.dealing import WantedLine


class ShopError(Exception):
    """Something the shop refuses or cannot do."""


class ShopUnavailable(ShopError):
    """The shop's data cannot be reached now."""


class TooManyTries(ShopError):
    """This asker has guessed at orders too often within the hour."""


class ProofNeeded(ShopError):
    """Four digits of a phone are not enough for this: its whole number and the name are."""


class OutOfStock(ShopError):
    """A wanted SKU has not enough pieces left."""

    def __init__(self, wanted: WantedLine, left: int) -> None:
        super().__init__(f"{wanted.product_id} {wanted.colour} {wanted.size}: {left} left")
        self.wanted, self.left = wanted, left


class PriceChanged(ShopError):
    """The order costs another sum than the buyer has agreed to."""

    def __init__(self, total_fen: int) -> None:
        super().__init__(f"it is {total_fen} fen by now")
        self.total_fen = total_fen


class RefundChanged(ShopError):
    """Another sum goes back than the buyer has agreed to."""

    def __init__(self, refund_fen: int) -> None:
        super().__init__(f"it is {refund_fen} fen by now")
        self.refund_fen = refund_fen


class UnknownProduct(ShopError):
    """There is no such product."""


class UnknownSku(ShopError):
    """The product does not come in this colour and size."""


class VisitorLimit(ShopError):
    """A buyer nobody signed in may not hold so much without paying.

    `of`: "orders" (unpaid at a time) or "pieces" (in one order); `most`: how many may be.
    """

    def __init__(self, of: str, most: int) -> None:
        super().__init__(f"at most {most} {of}")
        self.of, self.most = of, most


class ReceiverIncomplete(ShopError):
    """An order needs a name, a phone and an address."""


class CannotDeliver(ShopError):
    """No courier of ours goes to this region."""

    def __init__(self, region: str) -> None:
        super().__init__(region)
        self.region = region


class UnknownOrder(ShopError):
    """No such order for this asker: unknown number, wrong phone and another's order look alike."""


class UnknownCoupon(ShopError):
    """There is no such coupon, or it has run out."""


class BeyondLimit(ShopError):
    """The sum is not between what this role may do: from `least_fen` to `most_fen`."""

    def __init__(self, least_fen: int, most_fen: int) -> None:
        super().__init__(f"{least_fen} to {most_fen} fen")
        self.least_fen, self.most_fen = least_fen, most_fen


class UnknownCase(ShopError):
    """No such return case for this buyer."""


class PhotosMissing(ShopError):
    """The remedy needs more photos than were sent."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"{needed} photos needed")
        self.needed = needed


# Of WrongMoment, where amends for a late parcel are asked for.
NO_AMENDS = "no_amends"
AMENDS_SPENT = "amends_spent"  # the owner's limit of this month is reached


class WrongMoment(ShopError):
    """The order or case is past the moment at which this may be done."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status
