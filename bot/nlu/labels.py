"""How a label of the classifier is counted in the intent catalogue."""

from __future__ import annotations

from collections.abc import Iterable


def catalogue_intent(label: str) -> str:
    """return_policy for `faq/return_policy.how`, ask_color for `faq/ask_color`.

    A finer plain question carries its parent before the dot.
    """
    return label.split("/")[-1].split(".")[0]


def chance_of_wish(ranking: Iterable[tuple[str, float]]) -> float:
    """How sure the likeliest wish is, whichever of its part-questions it may be; 0 of nothing.

    发票多久开好 stands between `ask_invoice` and `faq/ask_invoice.when`, and is no riddle for that.
    """
    labels = list(ranking)
    if not labels:
        return 0.0
    wish = catalogue_intent(labels[0][0])
    return sum(chance for label, chance in labels if catalogue_intent(label) == wish)
