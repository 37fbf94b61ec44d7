"""`python -m bench.predicted`: how often the first six questions hold what the buyer then asks.

    python -m bench.predicted [--models MODEL] [DIALOGUES.jsonl …]

Our own talks: the buyers of bench/personas and bench/replay/sample.jsonl (or the files named). Each
has a demo shop of its own with its orders in it, as in `bench.replay`; the questions are those that a
page would offer before the first word. What the buyer then asks is the first line that is no mere
courtesy, as its label says or, where it has none, as the model reads it. Hit: one of the six has that
intent; where the line asks one thing of the goods (防水吗), the question after that very thing. Counted three times: with no page in view, on the page of the product that the line names
(where it names one), and, to see what knowing the buyer is worth, with the same six for everybody.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.hearing.sheet import topics_of
from bench.personas import as_dialogue, read_personas
from bench.replay.playing import NOON, seed_shop
from bench.replay.reading import Dialogue, read_dialogues
from bench.replay.setting_up import CannotSetUp, set_up
from bot.channels.facts import moment_of
from bot.dialogue.questions import read_questions
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.logs import configure_logs
from bot.settings import Settings, read_settings
from bot.shop.embedded.embedded import EmbeddedShop
from tests.support.house import ROOT, Clock, copied_database

SAMPLE = Path(__file__).with_name("replay") / "sample.jsonl"
COURTESY = {
    "greet",
    "thank",
    "goodbye",
    "hold_on",
    "inform",
    "affirm",
    "deny",
    "praise",
    "hesitate",
}
ONE_THING = {"ask_product", "ask_usage"}
EVERYBODY = frozenset(("newcomer",))


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One buyer: what was asked, and whether the six held it."""

    code: str
    has_orders: bool
    text: str
    asked: frozenset[str]
    predicted: bool
    on_page: bool | None  # None: the line names no product
    for_everybody: bool


class Predicting:
    def __init__(self, engine: Engine, settings: Settings, seeded: Path, folder: Path) -> None:
        self._engine, self._settings = engine, settings
        self._seeded, self._folder = seeded, folder

    async def tried(self, dialogue: Dialogue) -> Tried | None:
        """None where the buyer asks nothing."""
        found = await self._asked(dialogue)
        if found is None:
            return None
        text, asked, product_id = found
        folder = self._folder / dialogue.code
        folder.mkdir(parents=True)
        clock = Clock.today(NOON, self._settings)
        database = copied_database(self._seeded, folder)
        try:
            caller = set_up(database, dialogue, now=clock(), folder=folder)
            shop = EmbeddedShop(database, clock=clock)
            orders = await shop.orders_of(caller.buyer_id)
            cases = await shop.returns_of(caller.buyer_id) if orders else ()
            product = await shop.product(product_id) if product_id else None
            has_campaign = bool(await shop.promotions())
        except CannotSetUp as problem:
            print(f"{dialogue.code}: left out, {problem}", file=sys.stderr)
            return None
        finally:
            database.close()
        zone = self._settings.shop.zone
        plain = moment_of(orders, cases, None, clock(), zone, has_campaign=has_campaign)
        there = moment_of(orders, cases, product, clock(), zone, has_campaign=has_campaign)
        return Tried(
            code=dialogue.code,
            has_orders=bool(orders),
            text=text,
            asked=asked,
            predicted=_holds(plain.facts, asked, text),
            on_page=_holds(there.facts, asked, text, there.sheet) if product is not None else None,
            for_everybody=_holds(EVERYBODY, asked, text),
        )

    async def _asked(self, dialogue: Dialogue) -> tuple[str, frozenset[str], str] | None:
        """The first line that asks something: its words, its intents, the product it names."""
        for line in dialogue.lines:
            if line.who != "buyer":
                continue
            parsed = await self._engine.parse(line.text)
            intents = line.wish or (_read(parsed),)
            asked = frozenset(one.removeprefix("faq/").partition(".")[0] for one in intents)
            if asked <= COURTESY:
                continue
            products = [one["value"] for one in parsed["entities"] if one["entity"] == "product"]
            return line.text, asked, str(products[0]) if products else ""
        return None


def _read(parsed: Mapping[str, Any]) -> str:
    """The likeliest intent, also where the model is but half sure; of a plain question, which."""
    ranked = [one["name"] for one in (parsed["intent"], *parsed.get("intent_ranking", ()))]
    name = next((name for name in ranked if not name.startswith("nlu_")), "")
    selected = parsed.get("response_selector", {}).get(name)
    return str(selected["response"]["intent_response_key"]) if selected else name


def _holds(
    facts: frozenset[str], asked: frozenset[str], text: str, sheet: Sequence[str] = ()
) -> bool:
    offered = read_questions().predicted(facts, {}, sheet=sheet)
    return any(one.intent in asked and _is_about(one.says, text, asked) for one in offered)


def _is_about(offered: str, text: str, asked: frozenset[str]) -> bool:
    """A line that asks one thing of the goods (防水吗) is held only by the question after that."""
    wanted = set(topics_of(text)) if asked & ONE_THING else set()
    return not wanted or bool(wanted & set(topics_of(offered)))


def table(tried: Sequence[Tried]) -> str:
    rows = [f"{'':24}{'buyers':>8}{'first six':>12}{'on its page':>14}{'same for all':>14}"]
    for name, some in (
        ("all", tried),
        ("with orders", [one for one in tried if one.has_orders]),
        ("without", [one for one in tried if not one.has_orders]),
    ):
        paged = [one.on_page if one.on_page is not None else one.predicted for one in some]
        rows.append(
            f"{name:24}{len(some):>8}"
            f"{_share([one.predicted for one in some]):>12}{_share(paged):>14}"
            f"{_share([one.for_everybody for one in some]):>14}"
        )
    return "\n".join(rows)


def _share(hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.0f} %" if hits else "–"


async def _run(files: Sequence[Path], models: Path) -> list[Tried]:
    engine = Engine.load(models, actions=InProcessActions())
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-predicted-") as name:
        folder = Path(name)
        dialogues = [one for file in files for one in read_dialogues(file)]
        if not files:
            own = folder / "own.jsonl"
            rows = [json.dumps(as_dialogue(one), ensure_ascii=False) for one in read_personas()]
            own.write_text("\n".join(rows) + "\n", encoding="utf-8")
            dialogues = [*read_dialogues(own), *read_dialogues(SAMPLE)]
        settings = read_settings(ROOT, {"DIANXIAOER_VAR": str(folder / "var"), "PORT": "0"})
        seeded = await seed_shop(folder, settings)
        predicting = Predicting(engine, settings, seeded, folder)
        tried = [await predicting.tried(one) for one in dialogues]
    return [one for one in tried if one is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.predicted", description=__doc__)
    parser.add_argument("dialogues", nargs="*", type=Path)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args(arguments)
    configure_logs(as_json=False)
    tried = asyncio.run(_run(options.dialogues, options.models))
    for one in tried:
        if not (one.predicted or one.on_page):
            print(f"{one.code:6}{'/'.join(sorted(one.asked)):28}{one.text}")
    print(table(tried))
    return 0


if __name__ == "__main__":
    sys.exit(main())
