"""The inbox row by row, one key a decision."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bot.trainer.inbox import Row
from bot.trainer.inbox_deeds import Inbox
from bot.trainer.teaching import CannotTeach

KEYS = "1/2/3 像的那个　a 别的意图　n 新问题　x 不用教　回车 以后再说　q 结束"

Ask = Callable[[str], str]
Tell = Callable[[str], None]


def as_text(row: Row, number: int) -> str:
    why = "、".join(f"{what} {count}" for what, count in row.why)
    told = [f"{number}. 「{row.line}」{row.count} 次（{why}）当时听成 {row.heard or '没有'}"]
    if len(row.lines) > 1:
        told.append(f"   还有: {' / '.join(row.lines[1:])}")
    near = [f"{at} {intent} {chance:.0%}" for at, (intent, chance) in enumerate(row.nearest, 1)]
    told.append("   像是: " + "　".join(near))
    told += [f"   │ {who}: {text}" for who, text in row.around]
    if row.answer:
        told.append(f"   {row.agent or '客服'}答: {row.answer}")
    told.append(f"   在哪: {'、'.join(row.chats)}")
    return "\n".join(told)


def review(inbox: Inbox, rows: Sequence[Row], *, by: str, key: Ask, line: Ask, tell: Tell) -> int:
    """How many were decided. `key` asks for one key, `line` for a line of text."""
    decided = 0
    for number, row in enumerate(rows, 1):
        tell(as_text(row, number))
        while True:
            pressed = key(f"   {KEYS} > ").strip().lower()
            if pressed == "q":
                return decided
            if not pressed:
                break
            try:
                told = _decide(inbox, row, pressed, by=by, line=line)
            except CannotTeach as error:
                tell(f"   {error}。")
                continue
            if told:
                tell(f"   {told}")
                decided += 1
                break
            tell(f"   按 {KEYS}")
    return decided


def _decide(inbox: Inbox, row: Row, pressed: str, *, by: str, line: Ask) -> str:
    """What was done; "" for a key that means nothing. Raises CannotTeach."""
    if pressed in ("1", "2", "3") and int(pressed) <= len(row.nearest):
        return _accepted(inbox, row, row.nearest[int(pressed) - 1][0], by)
    if pressed == "a":
        return _accepted(inbox, row, line("   意图的名字: ").strip(), by)
    if pressed == "n":
        title = line("   叫什么（例如 问代写贺卡）: ")
        shown = f"，直接回车用「{row.answer}」" if row.answer else ""
        answer = line(f"   怎么回答{shown}: ").strip() or row.answer
        file = inbox.ask_anew(title, row.lines, answer, by=by)
        return f"写进了 {file}，马上就会答。"
    if pressed == "x":
        for one in row.lines:
            inbox.skip(one)
        return "好，不再列出。"
    return ""


def _accepted(inbox: Inbox, row: Row, intent: str, by: str) -> str:
    """All of the row's different lines."""
    places = inbox.accept_all(row.lines, intent, by=by)
    return f"写进了 {'、'.join(places)}，马上就认得。"


def one_key(prompt: str) -> str:
    """A key without Enter, on a terminal; elsewhere a line. "q" at the end of the input."""
    if not sys.stdin.isatty():
        try:
            return input(prompt)
        except EOFError:
            return "q"
    import termios
    import tty

    sys.stdout.write(prompt)
    sys.stdout.flush()
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        pressed = sys.stdin.read(1)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
    sys.stdout.write(f"{pressed.strip()}\n")
    return pressed
