"""Whether a line has the form of a question or a request; what has neither only tells."""

from __future__ import annotations

import re

_QUESTION = (
    r"[吗嗎么麼嘛呢?？]|[不没]\W{0,5}$|多少|多久|多大|多重|几[\u4e00-\u9fff]|什么|啥|怎|咋|哪|谁"
    r"|([\u4e00-\u9fff])不\1|何时|能不|可不可|是不是|有没|有木有|会不会|要不要|行不行|好不好|可否|能否|是否"
)
_REQUEST = (
    r"(?:^|[\W_])(请|麻烦(?![啦了你您])|帮|我?要|我?想|给我|来)|推荐|介绍|转人工|便宜|优惠|包邮"
)
_IS_QUESTION = re.compile(_QUESTION)
_ASKS = re.compile(f"{_QUESTION}|{_REQUEST}")


def asks(text: str) -> bool:
    """By the grammar's marks alone: 货到了没 and 帮我查下 ask, 我昨天跟快递员说过了 tells."""
    return _ASKS.search(text) is not None


def is_question(text: str) -> bool:
    """The marks of a question alone; a request is none."""
    return _IS_QUESTION.search(text) is not None


_DENIED = re.compile(r"(?<!是)不是[^,，。;；!！?？\s]{1,8}?(?=是|$|[,，。;；!！?？\s])")
_DOUBTED = re.compile(r"([\u4e00-\u9fff])不\1")
_GRAMMAR = frozenset("能会可是有要行好对用给让得来去")


def without_denied(text: str) -> str:
    """我问的是防水不是透气 asks of no 透气; of a line that holds nothing else, the line."""
    return _DENIED.sub(" ", text).strip() or text


def doubted(text: str) -> list[str]:
    """扎 of 扎不扎, 重 of 重不重: what is asked by being said twice; 能不能 asks of nothing."""
    return [word for word in _DOUBTED.findall(text) if word not in _GRAMMAR]
