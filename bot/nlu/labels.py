"""How a label of the classifier is counted in the intent catalogue."""

from __future__ import annotations


def catalogue_intent(label: str) -> str:
    """return_policy for `faq/return_policy.how`, ask_color for `faq/ask_color`.

    A finer plain question carries its parent before the dot.
    """
    return label.split("/")[-1].split(".")[0]
