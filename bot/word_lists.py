"""Lets the word lists that trainers save count at once: whoever keeps one reads it anew.

No model is learned from them. A file that cannot be read is told in the log, and what stood in it
before goes on counting; the other files are taken in all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

import actions.hearing.asked_words
import actions.hearing.goods_facts
import actions.hearing.sheet
import bot.amounts
import bot.conversations.house_rules
import bot.desk.masking
import bot.nlu.catalogue
import bot.nlu.opting_out
import bot.nlu.promising
import bot.nlu.while_waiting
import bot.shop.rules.measure_words
import bot.shop.rules.sort_names
from actions.frame.intent_titles import intent_titles
from bot.nlu.catalogue import outdate_catalogue
from bot.read_once import ReadOnce, read_anew
from bot.stamps import Stamps

log = structlog.get_logger(__name__)

FOLDER = Path("data/patterns")
_ENTITIES = "entities"  # a folder of files that are read together
# By file: those who keep it, each before the ones that make something of what it has read.
_READERS: Mapping[str, tuple[ReadOnce[Any], ...]] = {
    _ENTITIES: bot.desk.masking.WORD_LISTS,
    "units.yml": bot.amounts.WORD_LISTS,
    "aspects.yml": actions.hearing.goods_facts.WORD_LISTS,
    "sheet_topics.yml": (
        *actions.hearing.sheet.WORD_LISTS,
        *actions.hearing.asked_words.WORD_LISTS,
    ),
    "sorts.yml": bot.shop.rules.sort_names.WORD_LISTS,
    "measure_words.yml": bot.shop.rules.measure_words.WORD_LISTS,
    "everyday.txt": bot.nlu.catalogue.WORD_LISTS,
    "opt_out.yml": bot.nlu.opting_out.WORD_LISTS,
    "while_waiting.yml": bot.nlu.while_waiting.WORD_LISTS,
    "house_rules.yml": bot.conversations.house_rules.WORD_LISTS,
    "promises.yml": bot.nlu.promising.WORD_LISTS,
    "intent_titles.yml": (intent_titles,),
}
_READ_WITH = {"goods_heads.yml": _ENTITIES}
_BESIDE_THE_SHOPS_WORDS = ("units.yml", "sorts.yml", "everyday.txt")


class WordLists:
    """What stands in the word lists of one project's folder."""

    def __init__(self, root: Path) -> None:
        """What stands there now counts as read."""
        self._stamps = Stamps(root / FOLDER, (".yml", ".txt"))

    def refresh(self, read_entities: Callable[[], None]) -> bool:
        """Takes in what has been saved since the last call; whether anything was.

        `read_entities`: has the engines read the words of entities; raises where it cannot be done.
        Blocks: a millisecond, or half a second where there is something new.
        """
        changed = self._stamps.changed()
        taken = [
            kept
            for kept in _READERS
            if (mine := {name for name in changed if _kept_in(name) == kept})
            and self._is_taken_in(kept, mine, read_entities)
        ]
        if taken:
            log.info("words.taken_in", file="、".join(taken))
        return bool(taken)

    def _is_taken_in(self, kept: str, files: set[str], read_entities: Callable[[], None]) -> bool:
        try:
            if kept == _ENTITIES:
                read_entities()
            read_anew(_READERS[kept])
        except Exception as error:  # the edge to files that people write by hand
            told = f"{FOLDER}/{'、'.join(sorted(files))}"
            log.warning("live.file_ignored", file=told, why=str(error) or type(error).__name__)
            return False
        if kept in _BESIDE_THE_SHOPS_WORDS:
            outdate_catalogue()
        return True


def _kept_in(name: str) -> str:
    """The name under which a file has its readers."""
    return _ENTITIES if name.startswith(f"{_ENTITIES}/") else _READ_WITH.get(name, name)
