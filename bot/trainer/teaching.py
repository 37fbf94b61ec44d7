"""Writes a line under an intent, in place: comments, order and every other line stay as they are."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from bot.desk.masking import masked_text
from bot.nlu.training_lines import TrainingLine, training_files, training_lines
from bot.trainer.likeness import Likeness
from bot.trainer.naming import perhaps
from bot.trainer.plain_lines import PlainLines
from bot.trainer.yaml_reading import read

_EMAIL = "trainer@localhost"
_HIDDEN = "**"  # how masks look


class CannotTeach(Exception):
    """Why nothing was written, and what to do instead."""


def teach(
    root: Path, text: str, intent: str, *, by: str = "", plain: PlainLines | None = None
) -> str:
    """`file:line` where the line stands now, beside the one most like it.

    With `by`, a trainer's name, the file is a git commit of theirs. Raises CannotTeach.
    """
    text = teachable(text)
    lines = training_lines(training_files(root / "data" / "nlu"))
    mine = [line for line in lines if line.intent == intent]
    if not mine:
        labels = {line.intent for line in lines}
        raise CannotTeach(
            f"没有叫「{intent}」的意图，"
            + perhaps(intent, labels, "新问题先用 python -m bot new question 建文件")
        )
    plain = plain or PlainLines(None)
    words = demand_untaught(root, text, lines, plain)
    place = _write(root, text, _nearest(mine, words, plain))
    if by:
        commit(root, [place.partition(":")[0]], f"{intent}: {text}", by)
    return place


def teachable(text: str) -> str:
    """Without line breaks. Raises CannotTeach."""
    text = " ".join(text.split())
    if not text:
        raise CannotTeach("没有句子，写上买家的话")
    if masked_text(text) != text or _HIDDEN in text:
        raise CannotTeach("句子里有电话或地址，不能写进训练数据；换成一般的说法再加")
    if any(sign in text for sign in "[]{}"):
        raise CannotTeach("句子里有方括号或花括号，去掉再加")
    return text


def demand_untaught(root: Path, text: str, lines: Sequence[TrainingLine], plain: PlainLines) -> str:
    """Its plain form. Raises CannotTeach where it is written under some intent already."""
    (words,) = plain.of([text])
    taught = plain.of([line.text for line in lines])
    same = next((at for at, one in enumerate(taught) if one == words), None)
    if same is not None:
        line = lines[same]
        file = line.file.relative_to(root).as_posix()
        raise CannotTeach(f"「{line.text}」已经写在「{line.intent}」下（{file}）")
    return words


def _nearest(mine: list[TrainingLine], words: str, plain: PlainLines) -> TrainingLine:
    likeness = Likeness(plain.of([line.text for line in mine]), [line.intent for line in mine])
    (found,) = likeness.neighbours_of([words], 1)
    return mine[found[0].at] if found else mine[-1]


def _write(root: Path, text: str, beside: TrainingLine) -> str:
    path, file = beside.file, beside.file.relative_to(root).as_posix()
    raw = path.read_bytes().decode("utf-8")
    written = raw.split("\n")
    reading = read(path, file)
    inside = None
    at = -1
    for number, line in enumerate(reading.lines):
        stripped = line.strip()
        if stripped.startswith("- intent:"):
            inside = stripped.removeprefix("- intent:").split("#")[0].strip().strip("\"'")
        is_it = stripped.startswith("- ") and stripped[2:].strip() == beside.text
        if inside == beside.intent and is_it:
            at = number
            break
    if at < 0:
        raise CannotTeach(f"{file}: 「{beside.intent}」写在哪里没找到，请手工加: - {text}")
    indent = written[at][: len(written[at]) - len(written[at].lstrip())]
    end = "\r" if written[at].endswith("\r") else ""
    written.insert(at + 1, f"{indent}- {text}{end}")
    half = path.with_suffix(".half")
    try:
        half.write_bytes("\n".join(written).encode("utf-8"))
        if read(half, file).root is None:
            raise CannotTeach(f"这句话写进 {file} 会弄坏它，换个写法")
        half.replace(path)
    except OSError as error:
        raise CannotTeach(f"{file} 写不了（{error.strerror}），什么都没有改") from None
    finally:
        half.unlink(missing_ok=True)
    return f"{file}:{at + 2}"


def commit(root: Path, files: Sequence[str], what: str, by: str) -> None:
    """As a change of the trainer's own. Raises CannotTeach: it is written, and not committed."""
    name = " ".join(by.replace("<", " ").replace(">", " ").split())
    who = ("-c", f"user.name={name}", "-c", f"user.email={_EMAIL}")
    try:
        for command in (
            ["git", "add", "--", *files],
            ["git", *who, "commit", "-q", "--only", "-m", what, "--", *files],
        ):
            subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        raise CannotTeach(f"写进了 {'、'.join(files)}，但没能提交到 git，请自己提交") from None
