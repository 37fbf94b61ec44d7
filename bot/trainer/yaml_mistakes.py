"""What a YAML parser's complaint most likely means: the trainer's slip, its line, and the cure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from bot.trainer.yaml_reading import Reading

_NEEDS_COLON = re.compile(
    r"^\s*(?:-\s+)?(version|nlu|intent|examples|metadata|responses|text|buttons|rules|rule|stories|"
    r"story|steps|action|condition|slot_was_set|active_loop|sentences|utter_[\w/.]+)(?:\s+(?![:：])|$)(.*)$"
)
_KEY_AND_TEXT = re.compile(r"^(\s*(?:-\s+)?(?:\{\s*)?[\w/.]+):\s+(.*)$")
_SIGNS = "{[*&@`%!|>?#"  # at the start of a value these mean something to YAML


def explain(text: str, reading: Reading) -> None:
    """Tells one finding, in the words of a trainer, for a text that YAML refuses."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)  # its complaints are the clearer ones
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reading.tell("yaml", line, "这里有看不见的控制字符", "删掉这一行重新打一遍")
        return
    except yaml.MarkedYAMLError as error:
        _explain(error, reading)
        return
    except (yaml.YAMLError, RecursionError):
        pass
    reading.tell("yaml", None, "读不懂这个文件", "照指南里的样子对一遍缩进、冒号和引号")


def _explain(error: yaml.MarkedYAMLError, reading: Reading) -> None:
    mark = error.problem_mark or error.context_mark
    at = mark.line if mark else 0
    for told in (_no_colon, _sign_in_text, _quotes, _indent, _alias):
        if told(error, at, reading):
            return
    reading.tell(
        "yaml", at + 1, "这一行读不懂", "检查缩进、冒号后面的空格，文字里有符号就整句加引号"
    )


def _line(reading: Reading, at: int) -> str:
    return reading.lines[at] if 0 <= at < len(reading.lines) else ""


def _no_colon(error: yaml.MarkedYAMLError, at: int, reading: Reading) -> bool:
    """`intent faq/x`: YAML takes it for words, and complains at a later line."""
    begins = error.context_mark.line if error.context_mark else at
    for number in (at, at - 1, begins, at - 2):
        line = _line(reading, number)
        if found := _NEEDS_COLON.match(line):
            fixed = f"{line[: found.start(2)].strip()}: {found[2]}".strip()
            reading.tell("yaml", number + 1, f"「{found[1]}」后面少了冒号", f"写成: {fixed}")
            return True
        glued = re.match(
            r"^\s*(?:-\s+)?(version|intent|examples|text|action|rule|story):(\S.*)$", line
        )
        if glued:
            reading.tell("yaml", number + 1, "冒号后面少了空格", f"写成: {glued[1]}: {glued[2]}")
            return True
    return False


def _sign_in_text(error: yaml.MarkedYAMLError, at: int, reading: Reading) -> bool:
    """A colon inside a sentence, or a brace at its beginning: quotes make it words."""
    begins = error.context_mark.line if error.context_mark else at
    for number in dict.fromkeys((at, begins)):
        found = _KEY_AND_TEXT.match(_line(reading, number))
        if not found or not (value := found[2]).strip():
            continue
        quoted = f'{found[1].strip()}: "{value.strip()}"'
        if value[0] in _SIGNS and re.search(r"[\u4e00-\u9fff]", value):
            reading.tell(
                "yaml",
                number + 1,
                f"文字以「{value[0]}」开头，会被当成符号",
                f"整句加英文引号: {quoted}",
            )
            return True
        if ": " in value and value[0] not in "\"'" and "mapping values" in str(error.problem):
            reading.tell(
                "yaml",
                number + 1,
                "文字里有英文冒号加空格，会被当成新的一项",
                f"整句加英文引号: {quoted}",
            )
            return True
    return False


def _quotes(error: yaml.MarkedYAMLError, at: int, reading: Reading) -> bool:
    if "quoted scalar" in str(error.context):
        begins = error.context_mark.line if error.context_mark else at
        reading.tell("yaml", begins + 1, "引号没有成对", "句子两头各一个英文引号，里面别再用同样的")
        return True
    line = _line(reading, at)
    if re.search(r":\s*\"[^\"]*\"\s*\S", line) or re.search(r":\s*'[^']*'\s*\S", line):
        reading.tell("yaml", at + 1, "引号外面还有字", "把整句都放进一对英文引号里")
        return True
    return False


def _indent(error: yaml.MarkedYAMLError, at: int, reading: Reading) -> bool:
    problem = str(error.problem)
    if "found '-'" in problem or "block sequence" in str(error.context):
        for number in range(at - 1, max(-1, at - 4), -1):
            line = _line(reading, number)
            if re.match(r"^\s*(?:-\s+)?examples:", line):
                inside = len(line) - len(line.lstrip(" -"))
                pipe = "" if "|" in line else "examples 后面写 |，"
                reading.tell(
                    "yaml",
                    at + 1,
                    "说法没有缩进到 examples 里面",
                    f"{pipe}每句前空 {inside + 2} 格",
                )
                return True
    if any(word in problem for word in ("expected <block end>", "indent", "block mapping")) or (
        "could not find expected ':'" in problem
    ):
        reading.tell(
            "yaml", at + 1, "这一行的缩进和上面对不齐", "同一层的开头对齐，下一层多空两格，只用空格"
        )
        return True
    if "mapping values" in problem:
        reading.tell(
            "yaml", at + 1, "这一行多了冒号，或者上一行没写完", "看看上一行的冒号和这一行的缩进"
        )
        return True
    return False


def _alias(error: yaml.MarkedYAMLError, at: int, reading: Reading) -> bool:
    if "undefined alias" in str(error.problem):
        reading.tell(
            "yaml", at + 1, "用了 * 开头的简写，可上面没有 & 定义它", "先写 &名字，或把整句加引号"
        )
        return True
    return False
