"""How far the shop's people may go with its money, by role, as shop/settings.yml says."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings_file import SettingsFile

_ROLES = ("agent", "supervisor")  # an owner has no limits
# Where the file is silent: percent of an order, yuan of a coupon, yuan of a refund.
_USUAL = {"agent": (10, 20, 300), "supervisor": (30, 100, 3000)}
_NAMES = ("price_percent", "coupon_yuan", "refund_yuan")
LIMIT_KEYS = frozenset(
    {"desk.limits"}
    | {f"desk.limits.{role}" for role in _ROLES}
    | {f"desk.limits.{role}.{name}" for role in _ROLES for name in _NAMES}
)


@dataclass(frozen=True, kw_only=True)
class MoneyLimit:
    """Of one role; None: no limit."""

    price_percent: int | None = None  # most of an unpaid order's sum that may come off
    coupon_fen: int | None = None  # of one coupon given to a buyer
    refund_fen: int | None = None  # of one refund agreed to


NO_LIMIT = MoneyLimit()


def read_limits(file: SettingsFile) -> dict[str, MoneyLimit]:
    """By the value of a role. Raises SettingsError."""
    found = {}
    for role in _ROLES:
        percent, coupon, refund = (
            file.whole(f"desk.limits.{role}.{name}", usual, least=0, most=most)
            for name, usual, most in zip(_NAMES, _USUAL[role], (99, 10**5, 10**6), strict=True)
        )
        found[role] = MoneyLimit(
            price_percent=percent, coupon_fen=coupon * 100, refund_fen=refund * 100
        )
    return found
