"""Whether digits prove by themselves to be the number of a bank card or an identity card."""

from __future__ import annotations

import re
from datetime import date

# How numbers of bank cards begin, and how long they are then. UnionPay, Visa, Mastercard, JCB and
# what Chinese banks issued before UnionPay. Left out is what is shaped like parcels' and orders'
# numbers: fifteen digits (American Express), and sixteen that begin with a year (Mastercard's 22–27).
_CARD = re.compile(
    r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|(?:436742|456351|601382)\d{10,13}|955[89]\d{12,15}"
)
# The first two digits of an identity number: a province, or 9 for permanent residents from abroad.
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in {
        "1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345",
        "7": "1", "8": "123",
    }.items()
    for second in seconds
)  # fmt: skip
# Weights and check characters of an identity number (GB 11643-1999).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_card(number: str) -> bool:
    """ASCII digits that begin as cards do, have their length, and pass Luhn's check."""
    return _CARD.fullmatch(number) is not None and passes_luhn(number)


def passes_luhn(number: str) -> bool:
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_identity(number: str) -> bool:
    """Eighteen characters: a province, a birthday and the right check character (X in capitals)."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    place = number[1:3] if number[0] == "9" else number[:2]
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if place not in _PROVINCES or not 1900 <= born.year <= 2100:
        return False
    return check_character(number[:17]) == number[17]


def check_character(digits: str) -> str:
    """The eighteenth character to these seventeen."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]
