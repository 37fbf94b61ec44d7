"""Whether a line has the form of a question or a request; what has neither only tells."""

from __future__ import annotations

import re

_QUESTION = (
    r"[吗嗎么麼嘛呢?？]|[不没]\W{0,5}$|多少|多久|多大|多重|几[\u4e00-\u9fff]|什么|啥|怎|咋|哪|谁"
    r"|何时|能不|可不可|是不是|有没|有木有|会不会|要不要|行不行|好不好|可否|能否|是否"
)
_REQUEST = (
    r"(?:^|[\W_])(请|麻烦(?![啦了你您])|帮|我?要|我?想|给我|来)|推荐|介绍|转人工|便宜|优惠|包邮"
)
_ASKS = re.compile(f"{_QUESTION}|{_REQUEST}")


def asks(text: str) -> bool:
    """By the grammar's marks alone: 货到了没 and 帮我查下 ask, 我昨天跟快递员说过了 tells."""
    return _ASKS.search(text) is not None
