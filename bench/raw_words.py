"""`python -m bench.raw_words`: where actions decide by raw words, and how many patterns there are.

Meaning comes from intents, entities and the situation. This counts what still reads words instead:
in actions/ every call of a compiled or plain regular expression, every comparison (`in`, `==`,
startswith, endswith, find) with Chinese words, written there or in a list of the module; in bot/
the compiled patterns. bench/raw_words.json holds the counts of actions/; they may only fall
(`make check`). Patterns of bot/ are counted and not held: what actions lose, entities may need.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HELD = ("decisions by raw words in actions/", "compiled patterns in actions/")
KEPT = Path(__file__).with_suffix(".json")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MATCHING = frozenset("search match fullmatch findall finditer sub subn split".split())
_COMPARING = frozenset(
    "startswith endswith find index count removeprefix removesuffix replace".split()
)


@dataclass(frozen=True)
class Place:
    file: Path
    line: int
    what: str


def decisions(source: str, file: Path) -> list[Place]:
    """Places of one module that test words: one for each call or comparison."""
    tree = ast.parse(source)
    words = {name for name, value in _assigned(tree) if _holds_words(value)}
    patterns = {name for name, value in _assigned(tree) if _is_compiled(value)}
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, verb = node.func.value, node.func.attr
            is_re = isinstance(owner, ast.Name) and owner.id == "re"
            if verb in _MATCHING and (is_re or _names(owner, patterns)):
                found.add((node.lineno, f"re {verb}"))
            elif verb in _COMPARING and any(_is_words(one, words) for one in node.args):
                found.add((node.lineno, verb))
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_words(side, words) for side in sides):
                found.add((node.lineno, "comparison"))
        elif isinstance(node, ast.comprehension) and _names(node.iter, words):
            found.add((node.iter.lineno, "word list"))
    return [Place(file, line, what) for line, what in sorted(found)]


def compiled(source: str) -> int:
    return sum(_is_compiled(node) for node in ast.walk(ast.parse(source)))


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _is_compiled(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "compile"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )


def _holds_words(node: ast.expr) -> bool:
    """A tuple, list, set or dict of Chinese words; a single word is a value with a name."""
    return isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)) and any(
        isinstance(one, ast.Constant) and _is_chinese(one.value) for one in ast.walk(node)
    )


def _is_words(node: ast.expr, lists: Iterable[str]) -> bool:
    if isinstance(node, ast.Constant):
        return _is_chinese(node.value)
    return _holds_words(node) or _names(node, lists)


def _names(node: ast.expr, names: Iterable[str]) -> bool:
    if isinstance(node, ast.Starred):
        return _names(node.value, names)
    if isinstance(node, ast.Tuple):
        return any(_names(one, names) for one in node.elts)
    return isinstance(node, ast.Name) and node.id in names


def _is_chinese(value: object) -> bool:
    return isinstance(value, str) and _HAN.search(value) is not None


def places(folder: Path = Path("actions")) -> list[Place]:
    return [
        place
        for file in sorted(folder.rglob("*.py"))
        for place in decisions(file.read_text(encoding="utf-8"), file)
    ]


def counts() -> dict[str, int]:
    """All counts, by what is counted."""
    return {
        HELD[0]: len(places()),
        HELD[1]: _patterns(Path("actions")),
        "compiled patterns in bot/nlu/": _patterns(Path("bot/nlu")),
        "compiled patterns elsewhere in bot/": _patterns(Path("bot")) - _patterns(Path("bot/nlu")),
    }


def _patterns(folder: Path) -> int:
    return sum(compiled(file.read_text(encoding="utf-8")) for file in folder.rglob("*.py"))


def risen(now: dict[str, int], kept: dict[str, int]) -> list[str]:
    """What has more than it had, told with what to do."""
    return [
        f"{name}: {now[name]}, kept at {kept[name]}; "
        "read the words once instead, in bot/nlu or data/patterns/entities"
        for name in HELD
        if now[name] > kept[name]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quiet", action="store_true", help="only what has risen")
    parser.add_argument("--keep", action="store_true", help="write the counts that have fallen")
    options = parser.parse_args()
    now, kept = counts(), json.loads(KEPT.read_text(encoding="utf-8"))
    if not options.quiet:
        for place in places():
            print(f"{place.file}:{place.line}: {place.what}")
        for name, count in now.items():
            print(f"{count:4d}  {name} (kept at {kept.get(name, '–')})")
    if options.keep:
        kept = {name: min(now[name], kept.get(name, now[name])) for name in HELD}
        KEPT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    problems = risen(now, kept)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
