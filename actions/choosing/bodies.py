"""Whether goods are made for a body of these measures; their charts alone tell."""

from __future__ import annotations

from actions.hearing.profile import Profile
from bot.shop.words.goods import Product


def comes_in_their_size(product: Product, profile: Profile) -> bool | None:
    """False where every row of the chart is too small or too big for what was told; None where
    nothing was told, or the chart does not measure bodies."""
    chart, known = product.size_chart, None
    for name, told in (("height_cm", profile.height_cm), ("weight_kg", profile.weight_kg)):
        rows = chart.rows if chart is not None and told is not None else ()
        spans = [span for row in rows if (span := getattr(row, name)) is not None]
        if not spans or told is None:
            continue
        if not min(low for low, _ in spans) <= told <= max(high for _, high in spans):
            return False
        known = True
    return known
