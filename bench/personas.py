"""`python -m bench.personas`: buyers in YAML, played to the whole house for readers to mark.

    python -m bench.personas [--only CODE …] [--out FOLDER] [--models MODEL] [--seed N]

bench/personas/*.yml: one list of buyers each, with `code`, `who`, `goal`, `temper`, `knows` (what
they know), `types` (how they write), `lines`, and `orders` where they have some (as in
shop/demo/orders.yml). Transcripts are those of `bench.replay`; beside them stands `sheet.md`, with a
place for each mark: 2 as a good person of the trade, 1 passable, 0 wrong; and whether the goal was
reached. docs/conversation.md tells how to mark.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("personas")
RESULTS = Path(__file__).resolve().parent.parent / "results" / "personas"
_WORDS = ("code", "who", "goal", "temper", "knows", "types")


class Unusable(Exception):
    """A file of personas that cannot be read; says where and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Persona:
    code: str
    who: str
    goal: str
    temper: str
    knows: str  # what the buyer knows before writing
    types: str  # how they write
    lines: tuple[str, ...]
    orders: tuple[dict[str, Any], ...] | None  # None: a visitor
    kind: str  # stem of the file: the type of customer


def read_personas(folder: Path = FOLDER) -> list[Persona]:
    """In the order of the files. Raises Unusable."""
    found: list[Persona] = []
    for file in sorted(folder.glob("*.yml")):
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        if not isinstance(rows, list):
            raise Unusable(f"{file}: write a list of buyers, each with {', '.join(_WORDS)}, lines")
        found += [_persona(row, file, place) for place, row in enumerate(rows, 1)]
    codes = [one.code for one in found]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise Unusable(
            f"{folder}: {', '.join(sorted(twice))} stands there twice; give each its own"
        )
    return found


def _persona(row: Any, file: Path, place: int) -> Persona:
    known = {*_WORDS, "lines", "orders"}
    if not isinstance(row, dict) or (wrong := (row.keys() ^ known) - {"orders"}):
        told = ", ".join(sorted(map(str, wrong))) if isinstance(row, dict) else "no fields"
        raise Unusable(f"{file}: buyer {place}: {told}; write {', '.join(sorted(known))}")
    lines = row["lines"]
    if not isinstance(lines, list) or not lines:
        raise Unusable(f"{file}: buyer {place}: lines: write what they say, one entry a line")
    return Persona(
        **{name: str(row[name]) for name in _WORDS},
        lines=tuple(str(line) for line in lines),
        orders=None if row.get("orders") is None else tuple(row["orders"]),
        kind=file.stem,
    )


def as_dialogue(persona: Persona) -> dict[str, Any]:
    """The shape that `bench.replay` plays."""
    return {
        "code": persona.code,
        "source": persona.kind.replace("_", "-"),
        "orders": None if persona.orders is None else list(persona.orders),
        "turns": [{"who": "buyer", "text": line} for line in persona.lines],
    }


def sheet(personas: Sequence[Persona]) -> str:
    """What a reader fills in: a mark for each reply, and the goal."""
    rows = ["| code | buyer | goal | temper, knows | marks, one a reply | goal reached |"]
    rows += ["|---|---|---|---|---|---|"]
    rows += [
        f"| {one.code} | {one.who}；{one.types} | {one.goal} | {one.temper}；{one.knows} | "
        f"{' '.join('_' * len(one.lines))} | _ |"
        for one in personas
    ]
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all were played, 1 when one could not be, 2 for unreadable files."""
    parser = argparse.ArgumentParser(prog="python -m bench.personas", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="CODE", help="play these buyers alone")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="of the choice among variants")
    options = parser.parse_args(arguments)
    try:
        personas = read_personas()
    except Unusable as unusable:
        print(unusable, file=sys.stderr)
        return 2
    if options.only:
        if unknown := set(options.only) - {one.code for one in personas}:
            print(f"there is no {', '.join(sorted(unknown))}", file=sys.stderr)
            return 2
        personas = [one for one in personas if one.code in options.only]
    from bench.replay.__main__ import main as replay  # loads Rasa, which takes seconds

    with tempfile.TemporaryDirectory(prefix="dianxiaoer-personas-") as folder:
        file = Path(folder) / "personas.jsonl"
        rows = (json.dumps(as_dialogue(one), ensure_ascii=False) for one in personas)
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        models = ["--models", str(options.models)] if options.models else []
        out = ["--out", str(options.out), "--seed", str(options.seed)]
        status = replay([str(file), *out, *models])
    (options.out / "sheet.md").write_text(sheet(personas), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
