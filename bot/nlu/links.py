"""Links and share texts: what stands in them is no money, no order and no size.

/p/<id> of the own shop names a product; of another house only the host is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.nlu.found import Found

_URL = re.compile(
    r"(?:https?://|www\.)[a-z0-9.-]+(?::\d+)?(?:[/?#][!-~]*)?|(?<![a-z0-9@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|tb|top|shop|vip)(?:/[!-~]*)?(?![a-z0-9])"
)
_OWN = re.compile(
    r"^(?:https?://)?[^/?#]*/(?:[^/?#]+/)*p/(?P<id>[a-z0-9][a-z0-9_-]{0,63})(?:[/?#].*)?$"
)
_HOST = re.compile(r"^(?:https?://)?(?P<host>[^/?#]+)")
# Share words of other platforms: ￥455gKdWxYz￥, $abc12$, CZ0001 beside a link.
_SHARED = re.compile(
    r"[¥$€₳₤(](?=[a-z0-9]*[a-z])[a-z0-9]{8,14}[¥$€₳₤)]|(?<![a-z0-9])[a-z]{2}\d{4}(?![a-z0-9])(?=\s{0,2}[「<])|[a-z]{2,3}\d{3,4}\s{0,2}$"
)

# Shorter ids are sizes and words as well.
_ID = re.compile(
    r"(?<![a-z0-9_-])(?=[a-z0-9_-]*[a-z])[a-z0-9][a-z0-9_-]{3,63}(?![a-z0-9_-])|(?<!\d)\d{6,13}(?!\d)"
)


def links(text: str, own: Mapping[str, str]) -> Iterator[Found]:
    """`link` (the host, or "share" for a share word) and, for a page of the own shop, `product`.

    `own` maps ids of the shop's goods, in lower case, to the ids: whatever the host, a page
    /p/<id> of one of them is ours, and an id that is typed alone names the product as well.
    """
    urls = list(_URL.finditer(text))
    for match in urls:
        page = _OWN.match(match.group())
        if page and page["id"] in own:
            yield Found("product", own[page["id"]], *match.span())
        elif host := _HOST.match(match.group()):
            yield Found("link", host["host"], *match.span())
    for match in _SHARED.finditer(text):
        is_marked = match.group()[0] in "¥$€₳₤("
        if is_marked or urls:
            yield Found("link", "share", *match.span())
    for match in _ID.finditer(text):
        if match.group() in own:
            yield Found("product", own[match.group()], *match.span())
