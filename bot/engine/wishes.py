"""What one thing the buyer said wishes: a button's payload, or a text taken apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.engine.parses import Parse
from bot.engine.payloads import parse_of_payload
from bot.engine.turns import Said
from bot.nlu.quoted import without_quoted
from bot.nlu.wishes import split


async def wishes_of(
    said: Said, parse: Callable[[str], Awaitable[Parse]]
) -> list[tuple[str, Parse]]:
    """(text, parse data) of each wish, in order."""
    if said.payload is not None:
        return [(said.text, parse_of_payload(said.text, said.payload))]
    parsed: dict[str, Parse] = {}

    async def read(text: str) -> Parse:
        if text not in parsed:
            parsed[text] = await parse(text)
        return parsed[text]

    texts = await split(without_quoted(said.text), read)
    return [(text, await read(text)) for text in texts]
