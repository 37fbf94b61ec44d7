"""The shop's rules for words that buyers are told: one list for the check and the tests."""

from __future__ import annotations

import re

LONGEST = 60  # characters of a bubble, with what is filled in not counted
LONGEST_BUTTON = 10
LONGEST_TITLE = 12  # of a plain question's own button
BRACES = re.compile(r"\{([a-z_]+)\}")
# 最 as a superlative; 最近, 最后一步 and the like are plain words of time and order.
ABSOLUTE = re.compile(
    r"绝对|保证|肯定|最(?!近|后|终|多|少|晚|早)|第一|国家级|100%|百分百|永久|全网|唯一|顶级"
)
RIVALS = re.compile(r"淘宝|天猫|京东|拼多多|抖音|快手|苏宁|唯品会|闲鱼|小红书|亚马逊")
ELSEWHERE = re.compile(r"QQ|扣扣|微信|weixin|wechat|加我|私下|https?://", re.IGNORECASE)
PAID_PRAISE = re.compile(r"好评.{0,6}(返|送|红包|礼|奖)")


def length(text: str) -> int:
    """Characters, what is filled in not counted."""
    return len(BRACES.sub("", text))


def against(text: str) -> list[tuple[str, str]]:
    """(what is wrong, what to write instead) of each rule that a text breaks."""
    told = []
    if found := ABSOLUTE.search(text):
        told.append((f"「{found[0]}」是绝对化用语", "换成 尽量、一般、多数"))
    if found := RIVALS.search(text):
        told.append((f"「{found[0]}」是别的平台的名字", "去掉平台名"))
    if found := ELSEWHERE.search(text):
        told.append((f"「{found[0]}」会把买家引到店外", "让买家在这个窗口里说"))
    if PAID_PRAISE.search(text):
        told.append(("不能用礼物或返现换好评", "去掉好处，只请买家说真实感受"))
    return told
