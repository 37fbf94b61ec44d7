"""Writes transcripts that a person reads from top to bottom, and an index of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.replay.judging import ABOUT_LABELS, Ending, Judged, Sign
from bench.replay.reading import BUYER
from bench.replay.transcript import HALF_SURE, UNSURE, Bubble, Heard, Transcript, Turn

INDEX = "index.txt"
_LETTERS = {
    Ending.ANSWERED: "·",
    Ending.ASKED_BACK: "?",
    Ending.NOT_UNDERSTOOD: "x",
    Ending.OFFERED_A_PERSON: "p",
    Ending.HANDED_OVER: "H",
    Ending.SILENT: "_",
}
# Fields of a card that tell a reader what it shows; the first ones that are there are given.
_CARD_WORDS = ("name", "number", "case_id", "status_text", "price_text", "title", "text")


def write_transcript(folder: Path, transcript: Transcript, judged: Sequence[Judged]) -> None:
    path = folder / f"{transcript.dialogue.code}.txt"
    path.write_text("\n".join(_lines(transcript, judged)) + "\n", encoding="utf-8")


def write_index(
    folder: Path, judged: Mapping[str, Sequence[Judged]], table: str, problems: Sequence[str]
) -> None:
    """`judged`: by code, in the order of the file."""
    marks = ", ".join(f"{letter} {ending.value}" for ending, letter in _LETTERS.items())
    lines = [f"One character a turn: {marks}.", ""]
    for code, turns in judged.items():
        found = {sign for one in turns for sign in one.signs - ABOUT_LABELS}
        signs = [sign.value for sign in Sign if sign in found]
        endings = "".join(_LETTERS[one.ending] for one in turns)
        lines.append(f"{code:8} {turns[0].source:8} {endings:24} {'; '.join(signs)}".rstrip())
    lines += ["", *(f"NOT PLAYED {problem}" for problem in problems), "", table]
    (folder / INDEX).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _lines(transcript: Transcript, judged: Sequence[Judged]) -> Iterator[str]:
    dialogue, caller = transcript.dialogue, transcript.caller
    who = "a signed-in buyer" if caller.signed_in else "a visitor"
    yield f"{dialogue.code} · {dialogue.source} · {who}"
    for number, order in zip(caller.facts.orders, dialogue.orders or (), strict=True):
        yield f"order {number}: {_order_words(order)}"
    played = iter(zip(transcript.turns, judged, strict=True))
    for line in dialogue.lines:
        if line.who == BUYER:
            yield ""
            yield from _turn_lines(*next(played))
        else:
            yield f"    │ seller then: {_on_one_line(line.text)}"


def _order_words(order: Mapping[str, Any]) -> str:
    goods = "、".join(f"{one.get('product')} {one.get('colour', '')}" for one in order["lines"])
    rest = [f"{name} {order[name]}" for name in ("created", "shipped", "signed") if name in order]
    more = [name for name in ("parcel", "ret", "invoice_title") if order.get(name)]
    return ", ".join([str(order["status"]), goods.strip(), *rest, *more])


def _turn_lines(turn: Turn, judged: Judged) -> Iterator[str]:
    yield f"{turn.line:3} BUYER {_on_one_line(turn.said)}"
    for heard in turn.heard:
        yield f"      ~ {_heard_words(heard, is_part=len(turn.heard) > 1)}"
    for bubble in turn.bubbles:
        yield from _bubble_lines(bubble)
    if turn.open_after:
        yield f"      … {turn.open_after.form} waits for {turn.open_after.slot}"
    if turn.handed_over:
        yield f"    => HANDED OVER ({turn.handed_over}); the desk took it and gave it back"
    notes = [sign.value for sign in Sign if sign in judged.signs - ABOUT_LABELS]
    if judged.ending not in (Ending.ANSWERED, Ending.HANDED_OVER):
        notes.insert(0, judged.ending.value)
    if notes:
        yield f"    ** {'; '.join(notes)}"
    if turn.wish:
        yield f"    ** wanted {' or '.join(turn.wish)}: {_found_words(judged)}"


def _found_words(judged: Judged) -> str:
    if Sign.FIRST_CHOICE in judged.signs:
        return "the first choice"
    return "among the buttons" if Sign.AMONG_BUTTONS in judged.signs else "not seen"


def _heard_words(heard: Heard, *, is_part: bool) -> str:
    part = f"「{_on_one_line(heard.text)}」 " if is_part else ""
    guesses = ", ".join(f"{name} {chance:.2f}" for name, chance in heard.ranking[:3])
    if heard.intent == HALF_SURE:
        return f"{part}half sure: {guesses}"
    if heard.intent == UNSURE:
        return f"{part}not sure: {guesses}"
    return f"{part}{heard.intent} {heard.confidence:.2f}"


def _bubble_lines(bubble: Bubble) -> Iterator[str]:
    name = f"  ({bubble.response})" if bubble.response else ""
    if bubble.card is not None:
        yield f"    BOT [{_card_words(bubble.card)}]{name}"
    if bubble.text:
        yield f"    BOT {_on_one_line(bubble.text)}{name}"
    if bubble.buttons:
        yield "        " + " ".join(f"<{button.title}>" for button in bubble.buttons)


def _card_words(card: Mapping[str, Any]) -> str:
    words: Iterable[str] = (str(card[name]) for name in _CARD_WORDS if card.get(name))
    return " ".join([f"card {card.get('type', '')}", *words])


def _on_one_line(text: str) -> str:
    return " / ".join(text.splitlines())
