"""How a price is written wherever a buyer or an agent reads one."""

from __future__ import annotations


def price_text(fen: int) -> str:
    """29900 → 299元, 29950 → 299.5元, 1234567 → 12345.67元."""
    yuan, rest = divmod(abs(fen), 100)
    cents = f".{rest:02d}".rstrip("0").rstrip(".")
    return f"{'-' if fen < 0 else ''}{yuan}{cents}元"
