"""What is worn below the goods (里面还要穿抓绒): a wish for room, and no goods that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_GARMENT = (
    r"(?:摇粒绒|抓绒|毛衣|卫衣|秋衣|保暖衣?|羽绒(?:服|内胆|马甲)?|内胆|打底衫?|t恤|衬衫|衬衣|背心|马甲"
    r"|毛衫|棉衣|棉服|棉袄|厚衣服|秋裤|毛裤|棉裤|绒裤)"
)
_BELOW = re.compile(
    r"(?:里面|里头|里边|内里)(?:还|再|也|要|想|得|会|能|可以|准备|打算|只|就){0,4}"
    rf"[穿套](?:得?了|个|一?件|[1-3]件|[两三]件|条)?(?:厚|薄)?{_GARMENT}"
)


def layers(text: str) -> Iterator[Found]:
    """`layered` for the words of a normalised text that tell of a garment below.

    Only a garment and a verb of wearing count: 里面加个贺卡 and 里面加绒吗 mean other things.
    """
    for match in _BELOW.finditer(text):
        yield Found("layered", True, match.start(), match.end())
