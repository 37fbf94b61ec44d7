"""Whether a text is an e-mail address that can be written to."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address

LONGEST_EMAIL = 120


def email_address(text: str) -> str:
    """The address, or "" where the text is none."""
    told = text.strip()
    if not told.isascii() or len(told) > LONGEST_EMAIL:
        return ""
    try:
        address = Address(addr_spec=told)
    except (MessageError, ValueError, IndexError):  # what the parser raises where it is none
        return ""
    is_whole = address.addr_spec == told and "." in address.domain.strip(".")
    return told if is_whole and "[" not in address.domain else ""
