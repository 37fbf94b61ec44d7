"""`python -m bot ask`: what a line is taken for, and why; one, a talk, or a file of them."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.dialogue.situations import SITUATIONS
from bot.settings import ROOT, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.trainer.trying import Told, Trying

FINE, FOUND, CANNOT = 0, 1, 2
TEXT_NAMES = ("message", "text", "say", "消息", "句子")
COLUMNS = (
    "message", "intent", "confidence", "second", "margin", "entities", "situation", "decided_by",
    "decided_at", "rule", "action", "nearest", "outcome", "replies",
)  # fmt: skip


class CannotRead(Exception):
    """A file of lines that cannot be read; the text says what to write instead."""


def add_ask(commands: Any) -> None:
    ask: argparse.ArgumentParser = commands.add_parser(
        "ask", help="what a line is taken for, and why"
    )
    ask.add_argument("line", nargs="*", help="what the buyer says")
    ask.add_argument("--after", action="append", default=[], help="a line said before (repeatable)")
    ask.add_argument("--situation", help="what the shop said last: told_stock, which_order, …")
    ask.add_argument("--looking-at", help="id of the product page that the buyer is on")
    ask.add_argument("--conversation", action="store_true", help="talk, and see why at every line")
    ask.add_argument("--batch", type=Path, help="a file of lines: .txt, .csv or .jsonl")
    ask.add_argument("--out", type=Path, help="of --batch: .csv or .jsonl")
    ask.add_argument("--sentences", action="store_true", help="run tests/sentences, line by line")
    ask.add_argument("--json", action="store_true")


def ask(options: argparse.Namespace) -> int:
    """Exit code: 0 told, 1 a sentence test is not as it is marked, 2 it could not be told."""
    line = " ".join(options.line).strip()
    if not (line or options.conversation or options.batch or options.sentences):
        return _cannot('写上要试的话，例如: python -m bot ask "有38的么"')
    if options.situation and options.situation not in SITUATIONS:
        return _cannot(
            f"没有叫「{options.situation}」的情境，可以写: {'、'.join(sorted(SITUATIONS))}"
        )
    if options.batch and (not options.out or options.out.suffix not in (".csv", ".jsonl")):
        return _cannot("--batch 要和 --out 一起用，--out 写 结果.csv 或 结果.jsonl")
    try:
        lines = list(lines_of(options.batch)) if options.batch else []
        settings = read_settings(ROOT)
    except (CannotRead, SettingsError) as error:
        return _cannot(str(error))
    from bot.engine.engine import ModelUnusable
    from bot.trainer.trying import Trying

    print("正在加载模型…", file=sys.stderr, flush=True)
    try:
        trying = Trying(settings, ROOT, looking_at=options.looking_at)
    except ModelUnusable as error:
        return _cannot(f"模型用不了: {error.why}\n请先运行 make train。")
    try:
        return asyncio.run(_asked(trying, options, line, lines))
    except KeyError as error:
        return _cannot(f"情境 {error} 没有一句回答能带到，换一个试试。")
    except OSError as error:
        return _cannot(f"{error.filename} 写不了（{error.strerror}）。")
    finally:
        trying.close()


def _cannot(why: str) -> int:
    print(why, file=sys.stderr)
    return CANNOT


async def _asked(
    trying: Trying, options: argparse.Namespace, line: str, lines: Sequence[str]
) -> int:
    await trying.open()
    if trying.is_demo:
        print("店里还没有商品，用演示店铺的商品来试。", file=sys.stderr)
    if options.batch:
        await _batch(trying, options, lines)
        return FINE
    if options.sentences:
        return await _sentences(trying)
    if options.situation:
        trying.stand_in(options.situation)
    for before in options.after:
        await trying.say(before)
    if line:
        _show(await trying.say(line), as_json=options.json)
    if options.conversation:
        await _talk(trying, options)
    return FINE


async def _sentences(trying: Trying) -> int:
    from bot.trainer.sentence_run import read_tests, run

    outcomes = [await run(test, trying.engine) for test in read_tests(ROOT)]
    told = [one for one in outcomes if not one.is_expected]
    for one in told:
        print(one)
    known = sum(bool(one.test.known_failure) for one in outcomes)
    print(f"{len(outcomes)} 道句子考题，{len(told)} 道和写的不一样；已知答不对的 {known} 道。")
    return FOUND if told else FINE


def _show(told: Sequence[Told], *, as_json: bool) -> None:
    from bot.trainer.trying import as_text

    if as_json:
        print(json.dumps([one.as_json() for one in told], ensure_ascii=False, indent=2))
    else:
        print(as_text(told), flush=True)


async def _talk(trying: Trying, options: argparse.Namespace) -> None:
    print("直接打字；「新的」重新开始，空行结束。", file=sys.stderr)
    while line := (await asyncio.to_thread(_typed)).strip():
        if line == "新的":
            trying.forget()
            continue
        _show(await trying.say(line), as_json=options.json)


def _typed() -> str:
    try:
        return input("买家> ")
    except EOFError:
        return ""


async def _batch(trying: Trying, options: argparse.Namespace, lines: Sequence[str]) -> None:
    """Each line is a talk of its own; every wish of it is a row."""
    rows: list[Told] = []
    for line in lines:
        trying.forget()
        if options.situation:
            trying.stand_in(options.situation)
        for before in options.after:
            await trying.say(before)
        rows += await trying.say(line)
    write_rows(options.out, rows)
    print(f"{len(lines)} 句，写进了 {options.out}。", file=sys.stderr)


def lines_of(path: Path) -> Iterator[str]:
    """Texts of a file: a line each, a column of a CSV, or a field of JSON lines.

    Raises CannotRead.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CannotRead(f"{path}: 没有找到这个文件") from None
    except UnicodeDecodeError:
        raise CannotRead(f"{path}: 请另存为 UTF-8") from None
    except OSError as error:
        raise CannotRead(f"{path}: 打不开（{error.strerror}）") from None
    if path.suffix == ".csv":
        yield from _of_csv(path, text)
    elif path.suffix == ".jsonl":
        yield from _of_jsonl(path, text)
    else:
        yield from (line.strip() for line in text.splitlines() if line.strip())


def _of_csv(path: Path, text: str) -> Iterator[str]:
    table = csv.DictReader(text.splitlines())
    name = next((one for one in TEXT_NAMES if one in (table.fieldnames or ())), None)
    if name is None:
        raise CannotRead(f"{path}:1: 没有叫 message 的一列，第一行写 message")
    yield from (row[name].strip() for row in table if (row[name] or "").strip())


def _of_jsonl(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            said = next(row[one] for one in TEXT_NAMES if one in row)
        except (ValueError, TypeError, StopIteration):
            raise CannotRead(f'{path}:{number}: 每行写成 {{"message": "有38的么"}}') from None
        if str(said).strip():
            yield str(said).strip()


def write_rows(path: Path, rows: Sequence[Told]) -> None:
    """Of `.csv` a line a wish, with a BOM so that Excel reads it; else JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f"{path.suffix}.half")
    if path.suffix == ".csv":
        with half.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(_flat(row) for row in rows)
    else:
        lines = (json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in rows)
        half.write_text("".join(lines), encoding="utf-8")
    half.replace(path)


def _flat(row: Told) -> dict[str, Any]:
    flat = {
        **row.as_json(),
        "confidence": round(row.confidence, 3),
        "margin": round(row.margin, 3),
        "entities": "、".join(f"{one['entity']}={one['value']}" for one in row.entities),
        "situation": "、".join(row.situation),
        "nearest": "｜".join(f"{one.text}({one.intent})" for one in row.nearest),
        "replies": "｜".join(text for _, _, text in row.replies),
    }
    # What a buyer wrote may look like a formula to a spreadsheet.
    return {name: _safe(flat[name]) for name in COLUMNS}


def _safe(value: Any) -> Any:
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t")
    return f"'{value}" if is_formula else value
