"""The account by which the desk is opened for the first time."""

from __future__ import annotations

import secrets

from bot.desk.accounts import Accounts
from bot.settings import Settings


async def first_account(accounts: Accounts, settings: Settings) -> None:
    """A desk nobody can open is no desk: the first start makes the account "admin"."""
    if await accounts.are_there_any():
        return
    password = settings.desk_password or secrets.token_urlsafe(9)
    await accounts.set_password("admin", password, is_owner=True)
    if not settings.desk_password:
        settings.var.mkdir(parents=True, exist_ok=True)
        path = settings.var / "desk_password.txt"
        path.touch(mode=0o600)
        path.write_text(f"{password}\n", encoding="ascii")
