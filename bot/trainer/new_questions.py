"""Teach by takeover: what a person answered becomes a plain question with that answer, in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pypinyin import lazy_pinyin

from bot.nlu.training_lines import training_files, training_lines
from bot.trainer import scaffolds, words_rule
from bot.trainer.plain_lines import PlainLines
from bot.trainer.teaching import CannotTeach, commit, demand_untaught, teachable

_SYLLABLES = 4  # of a title, in the name

_FILE = """version: "3.1"

# 从聊天里学来的，{by}。问法写到 30 句以上，回答写两三种，会更好。
nlu:
- intent: faq/{name}
  metadata: {{title: {title}}}
  examples: |
{examples}
responses:
  utter_faq/{name}:
    - text: {answer}
"""


def teach_question(
    root: Path,
    title: str,
    lines: Sequence[str],
    answer: str,
    *,
    by: str = "",
    name: str = "",
    plain: PlainLines | None = None,
) -> str:
    """The new file, below `root`. `title` stands on its button; `name` is made of it where it is "".

    With `by`, a trainer's name, it is a git commit of theirs. Raises CannotTeach.
    """
    title = " ".join(title.split())
    if not title or len(title) > words_rule.LONGEST_TITLE:
        raise CannotTeach(f"给它起个名字，{words_rule.LONGEST_TITLE} 个字以内，例如 问代写贺卡")
    answer = _sayable(answer)
    said = list(dict.fromkeys(teachable(line) for line in lines))
    if not said:
        raise CannotTeach("没有句子，写上买家的话")
    name = name.removeprefix("faq/") or name_of(title)
    file = f"data/nlu/questions/{name.replace('.', '_')}.yml"
    try:
        scaffolds.demand_new(root, name, f"faq/{name}")
    except scaffolds.CannotMake as error:
        raise CannotTeach(str(error)) from None
    known = training_lines(training_files(root / "data" / "nlu"))
    for line in said:
        demand_untaught(root, line, known, plain or PlainLines(None))
    text = _FILE.format(
        by=by or "训练师",
        name=name,
        title=json.dumps(title, ensure_ascii=False),
        examples="\n".join(f"    - {line}" for line in said),
        answer=json.dumps(answer, ensure_ascii=False),
    )
    _write(root / file, text, file)
    if by:
        commit(root, [file], f"faq/{name}: {title}", by)
    return file


def name_of(title: str) -> str:
    """问代写贺卡 → ask_dai_xie_he_ka."""
    words = [
        "".join(sign for sign in one.lower() if sign.isascii() and sign.isalnum())
        for one in lazy_pinyin(title.removeprefix("问"))
    ]
    return "_".join(["ask", *[one for one in words if one][:_SYLLABLES]])


def _sayable(answer: str) -> str:
    answer = " ".join(answer.split())
    if not answer:
        raise CannotTeach("没有回答，写上店里怎么答")
    if "{" in answer or "}" in answer:
        raise CannotTeach("回答里有花括号，去掉再加")
    try:
        teachable(answer)
    except CannotTeach:
        raise CannotTeach("回答里有电话或地址，换成对谁都能说的话") from None
    if words_rule.length(answer) > words_rule.LONGEST:
        raise CannotTeach(
            f"回答太长了（{len(answer)} 字），缩到 {words_rule.LONGEST} 字以内，一句一个意思"
        )
    for wrong, instead in words_rule.against(answer):
        raise CannotTeach(f"回答里{wrong}，{instead}")
    return answer


def _write(path: Path, text: str, file: str) -> None:
    half = path.with_suffix(".half")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise CannotTeach(f"{file} 已经有了，换个名字")
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise CannotTeach(f"{file} 写不了（{error.strerror}），什么都没有改") from None
    finally:
        half.unlink(missing_ok=True)
