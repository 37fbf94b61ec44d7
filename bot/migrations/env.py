"""Runs the migrations on the connection that `bot.database.upgrade` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from bot.database import UtcDateTime, metadata


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """A new migration names our column type by its short name."""
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most columns in place
    render_item=_render_item,
)
with context.begin_transaction():
    context.run_migrations()
