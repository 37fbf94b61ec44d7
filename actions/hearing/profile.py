"""What the buyer has told in this talk, whatever it was said for: one typed value, kept from every
line, that recommendations, verdicts and half sentences are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.hearing.order_lines import said_lines
from bot.amounts import Amount

SLOT = "profile"
GIFT = "送礼"
_TALKED_OF = 5
_JUDGED = ("temperature", "volume", "screen", "persons", "age", "power", "duration")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Empty strings, tuples and None mean: not told."""

    use: str = ""
    person: str = ""
    gender: str = ""
    budget_fen: int | None = None
    is_gift: bool = False
    occasions: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()  # what matters to them, as the words of goods have it: 茶
    height_cm: float | None = None
    weight_kg: float | None = None
    figures: tuple[tuple[str, float], ...] = ()  # (kind of amount, in its basic unit)
    refused: tuple[str, ...] = ()  # product ids that were turned down
    talked_of: tuple[str, ...] = ()  # product ids, the one in talk last; each once
    reasons: tuple[str, ...] = ()  # reasons told already, so that each is told once
    wearers: tuple[tuple[str, str], ...] = ()  # (person, size) where several were told
    advised: tuple[tuple[str, str, str], ...] = ()  # (product id, person, size) as we advised it
    needed_by: str = ""  # the day it is needed on, ISO
    verdict: tuple[str, ...] = ()  # product ids of the last verdict, the winner first
    pending: tuple[str, ...] = ()  # two product ids that were compared, the use being asked
    left_because: str = ""  # why the buyer said not to buy

    @classmethod
    def of_slot(cls, raw: Mapping[str, Any] | None) -> Profile:
        told: dict[str, Any] = {}
        for name, value in (raw or {}).items():
            told[name] = _frozen(value) if isinstance(value, list) else value
        return cls(**{one.name: told[one.name] for one in fields(cls) if one.name in told})

    def as_slot(self) -> dict[str, Any]:
        """Only what is known, as plain JSON."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _plain(value) for name, value in plain.items() if value not in ("", (), None)}

    @property
    def amounts(self) -> tuple[Amount, ...]:
        return tuple(
            Amount(of=kind, low=value, high=value, start=0, end=0) for kind, value in self.figures
        )

    @property
    def knows_a_wish(self) -> bool:
        is_body = self.height_cm is not None or self.weight_kg is not None
        told = (self.use, self.person, self.is_gift, self.figures, self.likes, is_body)
        return any(told) or self.budget_fen is not None


def _frozen(value: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for one in value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [list(one) if isinstance(one, tuple) else one for one in value]
    return value


def profile_of(chat: Chat) -> Profile:
    return Profile.of_slot(chat.slot(SLOT))


def keep(chat: Chat, profile: Profile) -> None:
    chat.keep(SLOT, profile.as_slot() or None)


def take_down(chat: Chat) -> tuple[str, ...]:
    """Keeps what this line tells of the buyer; the occasions heard for the first time."""
    turn, before = chat.turn, profile_of(chat)
    told: dict[str, Any] = {
        name: str(turn.value(name)) for name in ("use", "person", "gender") if turn.has(name)
    }
    is_another = before.person and told.get("person", before.person) != before.person
    if is_another and not turn.has("gender"):
        told["gender"] = ""  # somebody else than who was spoken of
    if told.get("use") == GIFT:
        del told["use"]
        told["is_gift"] = True
    if hears(turn, "giving"):
        told["is_gift"] = True
    if turn.has("money") and detail(turn, "money", "role") == "budget":
        told["budget_fen"] = max(int(one) for one in turn.values("money"))
    likes = tuple(dict.fromkeys((*before.likes, *map(str, turn.values("likes")))))
    told |= {
        name: float(value)
        for name in ("height_cm", "weight_kg")
        if (value := turn.value(name)) is not None
    }
    figures = dict(before.figures)
    for of, value in figures_of(chat):
        if of not in figures or not turn.questions:  # 17寸呢 probes; 我的是17寸 tells
            figures[of] = value
    if turn.has("date") and hears(turn, "leaves_on"):
        told["needed_by"] = _day(turn.value("date"))
    worn = [(one.person, one.size) for one in said_lines(turn) if one.person and one.size]
    if len(worn) > 1:
        told["wearers"] = tuple(worn)
    said = tuple(map(str, turn.values("occasion")))
    new = tuple(one for one in said if one not in before.occasions)
    after = replace(
        before,
        **told,
        likes=likes,
        figures=tuple(figures.items()),
        occasions=(*before.occasions, *new),
    )
    if after != before:
        keep(chat, after)
    return new


def _day(value: Any) -> str:
    """Of a date entity (a day, or {"from", "to"}) its last day, ISO."""
    return str(value.get("to") if isinstance(value, Mapping) else value)[:10]


def figures_of(chat: Chat) -> list[tuple[str, float]]:
    """Figures of this line that goods can be judged by."""
    return [(one.of, one.low) for one in asked_amounts(chat) if one.of in _JUDGED]


def asked_amounts(chat: Chat) -> list[Amount]:
    """What the line measures: 零下5度, 两个人, 15寸."""
    return [
        Amount(
            of=str(one["of"]),
            low=float(one["value"]),
            high=float(one.get("up_to") or one["value"]),
            start=0,
            end=0,
        )
        for one in chat.turn.entities
        if one.get("entity") == "amount" and one.get("of")
    ]


def tell_reason(chat: Chat, reasons: Sequence[str]) -> str | None:
    """The first of these that was not told yet, and keeps that it is told; None: all are."""
    profile = profile_of(chat)
    fresh = next((one for one in reasons if one and one not in profile.reasons), None)
    if fresh is not None:
        keep(chat, replace(profile, reasons=(*profile.reasons, fresh)))
    return fresh


def goes_to(chat: Chat, product_id: str) -> None:
    """The talk is about this product now."""
    profile = profile_of(chat)
    earlier = tuple(one for one in profile.talked_of if one != product_id)
    after = (*earlier, product_id)[-_TALKED_OF:]
    if after != profile.talked_of:
        keep(chat, replace(profile, talked_of=after))


def keep_advised(chat: Chat, product_id: str, person: str, size: str) -> None:
    """This size of these goods was advised for this person; the newest for each."""
    profile = profile_of(chat)
    kept = tuple(one for one in profile.advised if one[:2] != (product_id, person))
    keep(chat, replace(profile, advised=(*kept, (product_id, person, size))[-_TALKED_OF:]))


def turn_down(chat: Chat, product_ids: Sequence[str]) -> None:
    profile = profile_of(chat)
    refused = tuple(dict.fromkeys((*profile.refused, *product_ids)))
    keep(chat, replace(profile, refused=refused))
