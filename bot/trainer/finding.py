"""What a check has found: one place, one sentence on what is wrong, one on what to write instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """`kind` is a name of KINDS; `what` and `instead` are Chinese, without a full stop."""

    file: str  # as the trainer knows it, below the project's folder
    line: int  # from 1; 0 = the file as a whole
    kind: str
    what: str
    instead: str = ""

    @property
    def level(self) -> str:
        """An error stops a training or misleads buyers; a warning deserves a look."""
        return ERROR if KINDS[self.kind].is_error else WARNING

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        """`file:line: what，and what to write instead。`"""
        told = f"{self.what}。{self.instead}" if self.instead else self.what
        return f"{self.place}: {told}" + (
            "" if told.endswith(("。", "？", ")", "}", "…")) else "。"
        )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "level": self.level, "title": KINDS[self.kind].title}


@dataclass(frozen=True)
class Kind:
    title: str  # Chinese, for reports
    is_error: bool = True


KINDS = {
    "file": Kind("文件读不了"),
    "file-odd": Kind("文件能读，但要留意", is_error=False),
    "follow-up": Kind("跟进和它的话对不上"),
    "yaml": Kind("YAML 写法"),
    "shape": Kind("少了或多了一项"),
    "unfilled": Kind("样子还没有填"),
    "line": Kind("说法的写法"),
    "mark": Kind("实体标记"),
    "intent": Kind("意图名"),
    "same": Kind("一句话两个意图"),
    "near": Kind("几乎一样的话在两个意图", is_error=False),
    "other-intent": Kind("会被听成别的意图", is_error=False),
    "misfiled": Kind("像是放错了地方", is_error=False),
    "twice": Kind("重复的说法", is_error=False),
    "few": Kind("说法太少", is_error=False),
    "uniform": Kind("说法太像", is_error=False),
    "many": Kind("说法太多", is_error=False),
    "answer": Kind("回答"),
    "answer-single": Kind("回答只有一种"),
    "answer-twice": Kind("回答重名"),
    "answer-missing": Kind("缺回答"),
    "answer-unused": Kind("用不到的回答"),
    "answer-long": Kind("回答太长"),
    "words": Kind("话术规矩"),
    "braces": Kind("花括号"),
    "button": Kind("按钮"),
    "promise": Kind("和店铺设置不一致"),
    "story": Kind("规则和故事"),
    "table": Kind("对话表和词表"),
    "tests": Kind("句子考题"),
    "tests-few": Kind("句子考题太少"),
    "tests-none-yet": Kind("新意图还没有句子考题", is_error=False),
}
