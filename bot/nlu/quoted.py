"""A line that a messenger sends with the one it answers above it: only what stands below is said now."""

from __future__ import annotations

_RULE = frozenset("-—–─_=·• \t")
_LEAST_RULE = 3  # characters of a drawn line that parts the two
_MARKS = (">", "＞")  # before each quoted line, as in mail
_OPENS = ("「", "『", "引用", "回复")  # how messengers begin what is quoted above a drawn line


def without_quoted(text: str) -> str:
    """The text below a quotation and its drawn line, or behind lines marked with >; else the text
    as it is. What is quoted must stand above something: nothing but a quotation is kept.
    """
    lines = text.splitlines()
    is_quoting = text.lstrip().startswith(_OPENS)
    for place, line in enumerate(lines):
        if is_quoting and place and _is_rule(line):
            below = "\n".join(lines[place + 1 :]).strip()
            return below or text
    said = [line for line in lines if not line.lstrip().startswith(_MARKS)]
    if len(said) == len(lines):
        return text
    return "\n".join(said).strip() or text


def _is_rule(line: str) -> bool:
    drawn = [one for one in line if not one.isspace()]
    return len(drawn) >= _LEAST_RULE and _RULE.issuperset(drawn)
