"""Tries lines on the trained model and a copy of the shop, and says of each what decided it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import actions.frame.clock
import actions.frame.shop
from bot.app import open_shop, utc_now
from bot.database import Database, upgrade
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.engine.turns import Reply, Said, Speaker, Understood
from bot.nlu.catalogue import use_catalogue
from bot.nlu.today import use_clock
from bot.nlu.training_lines import TrainingLine, training_files, training_lines
from bot.settings import Settings
from bot.shop.__main__ import DEMO
from bot.shop.importing.importer import import_files
from bot.trainer.likeness import Likeness
from bot.trainer.plain_lines import PlainLines
from bot.trainer.whence import Whence
from bot.word_lists import WordLists

_NEAREST = 3  # lines of the decided intent, and of all others


@dataclass(frozen=True, kw_only=True)
class Nearest:
    text: str
    intent: str
    file: str
    likeness: float  # 0..1


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one wish of a line, and why."""

    message: str  # the wish's own words
    intent: str
    confidence: float
    second: str
    margin: float  # to the second
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Mapping[str, Any], ...]  # name and normalised value
    situation: tuple[str, ...]  # names, as the line was heard
    question: str  # that stood open
    matter: str  # the buyer's wish before
    decided_by: str  # in words of the trainer
    decided_at: str  # file:line of the row, "" = no row
    rule: str  # file:line of the rule that names what is done, "" = none fits
    action: str
    nearest: tuple[Nearest, ...]
    outcome: str
    replies: tuple[tuple[str, str, str], ...]  # name, file:line, text; of the whole line

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Trying:
    """One talk with the bot; nothing of it reaches the real shop. `close` leaves nothing behind."""

    def __init__(self, settings: Settings, root: Path, *, looking_at: str | None = None) -> None:
        """Loads the newest model: seconds. Raises ModelUnusable."""
        self._folder = Path(tempfile.mkdtemp(prefix="dianxiaoer-ask-"))
        self._database = Database(f"sqlite:///{copy_of_shop(settings, self._folder)}")
        self.is_demo = fill(self._database)
        shop = open_shop(settings, self._database, utc_now)
        actions.frame.shop.provide(shop)
        actions.frame.clock.provide(utc_now, settings.shop.zone)
        use_clock(utc_now, settings.shop.zone)
        self._shop = shop
        self.engine = Engine.load(
            settings.models, actions=InProcessActions(), words=settings.shop.words
        )
        self.engine.live.follow(root)
        self._words = WordLists(root)
        self._whence = Whence(root)
        self._lines: list[TrainingLine] = training_lines(training_files(root / "data" / "nlu"))
        self._plain = PlainLines(settings.var / "check")
        plain = self._plain.of([line.text for line in self._lines])
        self._plain.save(plain)
        self._likeness = Likeness(plain, [line.intent for line in self._lines])
        self._root = root
        self._speaker = Speaker(
            buyer_id="visitor:trainer",
            signed_in=False,
            asker="visitor:trainer",
            channel="ask",
            product_in_view=looking_at,
        )
        self.memory = ""

    async def open(self) -> None:
        """The shop's own words, and what trainers have saved, are known from here on."""
        self.engine.live.refresh()
        use_catalogue(await self._shop.catalogue_version(), await self._shop.catalogue_terms())

    def close(self) -> None:
        self._database.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self) -> None:
        """A new talk."""
        self.memory = ""

    def stand_in(self, situation: str) -> None:
        """As if the shop had just said something of this situation. Raises KeyError."""
        self.memory = self.engine.memory_after(situation)

    async def say(self, text: str) -> list[Told]:
        """What became of each wish of the line; the talk goes on from there. What has been saved
        in the trainer's files meanwhile counts."""
        self.engine.live.refresh()
        self._words.refresh(self.engine.live.read_words)
        before = self.engine.situation(self.memory)
        said = Said(request_id=uuid.uuid4().hex, text=text)
        result = await self.engine.answer("trying", self.memory, [said], self._speaker)
        self.memory = result.memory
        replies = tuple(self._reply(reply) for reply in result.replies if reply.text or reply.card)
        told = []
        for wish in result.understood:
            rule = self._whence.rule(wish.intent, before.question, before.form)
            second = next((one for one in wish.ranking if one[0] != wish.intent), ("", 0.0))
            told.append(
                Told(
                    message=wish.text,
                    intent=wish.intent,
                    confidence=wish.confidence,
                    second=second[0],
                    margin=wish.confidence - second[1],
                    ranking=wish.ranking,
                    entities=wish.entities,
                    situation=before.told,
                    question=before.question or before.asked,
                    matter=before.open_matter.intent if before.open_matter else "",
                    decided_by=decided_in_words(wish),
                    decided_at=self._whence.row(wish.decided_by),
                    rule=rule[0] if rule else "",
                    action=rule[1] if rule else "",
                    nearest=self._nearest(wish),
                    outcome=wish.outcome,
                    replies=replies,
                )
            )
        return told

    def _reply(self, reply: Reply) -> tuple[str, str, str]:
        text = reply.text or f"〔卡片：{(reply.card or {}).get('name', '')}〕"
        if reply.buttons:
            text += " 〔" + "｜".join(button.title for button in reply.buttons) + "〕"
        return reply.response, self._whence.reply(reply.response), text

    def _nearest(self, wish: Understood) -> tuple[Nearest, ...]:
        """The decided intent's nearest lines, then the nearest of all others."""
        plain = self._plain.of([wish.text])
        (found,) = self._likeness.neighbours_of(plain, 40)
        lines = [
            Nearest(
                text=line.text,
                intent=line.intent,
                file=line.file.relative_to(self._root).as_posix(),
                likeness=round(one.likeness, 3),
            )
            for one in found
            for line in [self._lines[one.at]]
        ]
        own = [line for line in lines if line.intent == wish.intent][:_NEAREST]
        return (*own, *[line for line in lines if line.intent != wish.intent][:_NEAREST])


def decided_in_words(wish: Understood) -> str:
    """The row that decided, as a trainer would say it."""
    if wish.decided_by == "alone":
        return "这句话本身"
    if wish.decided_by == "behind the last wish":
        return "接着买家上一句的诉求来听"
    if wish.decided_by == "button":
        return "按钮"
    return re.sub(r"^.*/", "", wish.decided_by)


def copy_of_shop(settings: Settings, folder: Path) -> Path:
    """The shop's database as it is now, where it is a file: orders tried here are no orders."""
    copy = folder / "house.db"
    scheme, _, path = settings.database_url.partition("///")
    if scheme == "sqlite:" and path and Path(path).exists():
        with sqlite3.connect(path) as real, sqlite3.connect(copy) as mine:
            real.backup(mine)
    return copy


def fill(database: Database) -> bool:
    """Whether the demo's goods stand in for the shop's."""
    upgrade(database)
    count = "SELECT count(*) FROM shop_products"
    has_goods = database.run_sync(lambda c: c.exec_driver_sql(count).scalar())
    if has_goods:
        return False
    import_files(database, [DEMO], now=utc_now())
    return True


def as_text(told: Sequence[Told]) -> str:
    """For the terminal."""
    out: list[str] = []
    for one in told:
        out.append(f"「{one.message}」 → {one.intent}（{one.confidence:.0%}）")
        if one.second:
            out.append(f"  其次      {one.second}，差 {one.margin:.0%}")
        for label, near in (
            ("最像的说法", [near for near in one.nearest if near.intent == one.intent]),
            ("别的意图里", [near for near in one.nearest if near.intent != one.intent]),
        ):
            for at, line in enumerate(near):
                head = label if not at else "     "
                out.append(
                    f"  {head}  {line.likeness:.0%} {line.text}（{line.intent}，{line.file}）"
                )
        values = "、".join(f"{entity['entity']}={entity['value']}" for entity in one.entities)
        out.append(f"  听到的东西  {values or '没有'}")
        here = "、".join(one.situation) or "刚开口"
        asked = f"，等着回答 {one.question}" if one.question else ""
        matter = f"，没办完的事 {one.matter}" if one.matter else ""
        out.append(f"  情境      {here}{asked}{matter}")
        where = f"（{one.decided_at}）" if one.decided_at else ""
        out.append(f"  定意图的   {one.decided_by}{where}")
        if one.rule:
            out.append(f"  规则      {one.action}（{one.rule}）")
    for name, place, text in told[-1].replies if told else ():
        out.append(f"  回答      {text}  [{name or '—'}{' ' + place if place else ''}]")
    return "\n".join(out)
