"""What kinds of messages are said later: read from `data/followups.yml`, one declared thing each.

Why they are data: who decides that 催付 waits forty minutes and ends when the same goods were bought
is a trainer, and what the sender does with it is the same for every kind. The names of occasions and
of what ends a kind are a closed set, each with its code (`endings.py`, `facts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import Enum
from pathlib import Path

from bot.dialogue.table_file import Node, TableFile
from bot.settings import FollowUpPlan, SettingsError

FILE = Path(__file__).resolve().parents[2] / "data" / "followups.yml"
USED_UP = "used_up"  # for `after`: when the goods are probably used up
TALK, PROMISE = "talk", "promise"  # what plans a kind, where it is nothing that the shop tells
_LONGEST_NAME = 20  # characters of the column
_DURATION = re.compile(r"(\d{1,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

PLANNED_BY = frozenset(
    "placed shipped due late signed restocked price_fallen case_closed good_review bad_review "
    "birthday talk promise".split()
)
# What an occasion is about, and which names may stand in braces in its words.
SUBJECTS: Mapping[str, frozenset[str]] = {
    "order": frozenset(
        "order_number goods total address cutoff ships campaign closes courier due why amends fitting "
        "care count list totals stars note".split()
    ),
    "product": frozenset("goods wanted product_id price before".split()),
    "case": frozenset("order_number goods refund".split()),
    "buyer": frozenset(("nickname",)),
    "promise": frozenset("promised due".split()),
}
ENDINGS = frozenset(
    "paid bought_otherwise bought_since bought_it answered signed over case_open complained "
    "reviewed no_care out_of_stock on_time price_back not_refunded kept".split()
)
_KEYS = frozenset(
    "about planned_by subject asked_by after from ends_when expires hours holidays leaves_room "
    "joins needs opens to send".split()
)
_NEEDED = ("about", "planned_by", "subject", "asked_by", "after", "expires")


class AskedBy(Enum):
    """Who wants it said."""

    BUYER = "buyer"
    SHOP = "shop"
    US = "us"


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    about: str
    planned_by: str
    subject: str
    asked_by: AskedBy
    after: timedelta | None  # None: when the goods are used up
    expires: timedelta  # since it was planned, beyond its delay
    ends_when: frozenset[str] = frozenset()
    not_before: time | None = None  # of the shop's day
    in_good_hours: bool = True  # else whenever it is not night
    on_holidays: bool = True
    leaves_room: int = 0  # messages of the cap that are kept for weightier kinds
    joins: bool = False
    needs: tuple[str, ...] = ()  # values without which other words are said
    opens: str = ""  # the open question that an answer finds
    to_person: bool = False
    is_on: bool = True

    @property
    def words(self) -> str:
        return f"utter_follow_up_{self.name}"

    @property
    def plain(self) -> str:
        """The words where something that `needs` names is missing; "" where nothing can be."""
        return f"utter_follow_up_{self.name}_plain" if self.needs else ""

    @property
    def several(self) -> str:
        """The words for several things at once; "" where each has a message of its own."""
        return f"utter_follow_up_{self.name}_several" if self.joins else ""


Kinds = Mapping[str, Kind]


def read_kinds(path: Path = FILE) -> dict[str, Kind]:
    """Raises TableError with file, line and what to write instead."""
    file = TableFile(path)
    root = file.sections(("kinds",))
    return {
        str(name.value): _kind(file, name, node)
        for name, node in file.pairs(root["kinds"], "每一类跟进")
    }


def kinds_of(plan: FollowUpPlan, path: Path = FILE) -> dict[str, Kind]:
    """The kinds that are switched on, with the owner's own delays. Raises SettingsError."""
    kinds = read_kinds(path)
    for name in (*plan.after, *plan.on):
        if name not in kinds:
            known = "、".join(sorted(kinds))
            raise SettingsError(f"follow_ups.{name}: 没有这一类跟进，可以写: {known}")
    delayed = {
        name: replace(kind, after=plan.after[name]) if name in plan.after else kind
        for name, kind in kinds.items()
    }
    return {name: kind for name, kind in delayed.items() if plan.on.get(name, kind.is_on)}


def _kind(file: TableFile, name: Node, node: Node) -> Kind:
    if not re.fullmatch(rf"[a-z][a-z_]{{0,{_LONGEST_NAME - 1}}}", str(name.value)):
        raise file.error(name, f"名字用英文小写和下划线，最多 {_LONGEST_NAME} 个字母")
    told = {
        file.known(key, _KEYS, "一项"): value
        for key, value in file.pairs(node, f"「{name.value}」下面")
    }
    if missing := [key for key in _NEEDED if key not in told]:
        raise file.error(name, f"「{name.value}」少了: {'、'.join(missing)}")
    subject = file.known(told["subject"], SUBJECTS, "subject")
    after = str(told["after"].value)
    planned_by = file.known(told["planned_by"], PLANNED_BY, "planned_by")
    if after == USED_UP and planned_by != "signed":
        raise file.error(told["after"], "used_up 从签收算起，planned_by 要写 signed")
    return Kind(
        name=str(name.value),
        about=str(told["about"].value),
        planned_by=planned_by,
        subject=subject,
        asked_by=AskedBy(file.known(told["asked_by"], [one.value for one in AskedBy], "asked_by")),
        after=None if after == USED_UP else _duration(file, told["after"]),
        expires=_duration(file, told["expires"]),
        ends_when=frozenset(
            file.known(word, ENDINGS, "ends_when")
            for word in (file.words(told["ends_when"]) if "ends_when" in told else ())
        ),
        not_before=_time(file, told["from"]) if "from" in told else None,
        in_good_hours=_one_of(file, told, "hours", ("good", "awake"), "good") == "good",
        on_holidays=_yes(file, told, "holidays", True),
        leaves_room=_whole(file, told["leaves_room"]) if "leaves_room" in told else 0,
        joins=_yes(file, told, "joins", False),
        needs=tuple(
            file.known(word, SUBJECTS[subject], "needs")
            for word in (file.words(told["needs"]) if "needs" in told else ())
        ),
        opens=str(told["opens"].value) if "opens" in told else "",
        to_person=_one_of(file, told, "to", ("buyer", "person"), "buyer") == "person",
        is_on=_yes(file, told, "send", True),
    )


def _duration(file: TableFile, node: Node) -> timedelta:
    found = _DURATION.fullmatch(str(node.value))
    if found is None:
        raise file.error(node, "时间写成 40m、3h 或 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _time(file: TableFile, node: Node) -> time:
    try:
        return time.fromisoformat(str(node.value))
    except ValueError:
        raise file.error(node, '几点写成 "18:00"，带引号') from None


def _whole(file: TableFile, node: Node) -> int:
    if not str(node.value).isdecimal():
        raise file.error(node, "这里写一个整数")
    return int(node.value)


def _one_of(
    file: TableFile, told: Mapping[str, Node], key: str, words: Collection[str], usual: str
) -> str:
    return file.known(told[key], words, key) if key in told else usual


def _yes(file: TableFile, told: Mapping[str, Node], key: str, usual: bool) -> bool:
    if key not in told:
        return usual
    word = str(told[key].value).lower()
    if word not in ("yes", "no", "true", "false"):
        raise file.error(told[key], f"{key}: 写 yes 或 no")
    return word in ("yes", "true")
