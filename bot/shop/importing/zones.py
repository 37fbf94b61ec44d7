"""Where parcels go, as owners write it: 江浙沪, 新疆、西藏, 全国, 1～2天."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.shop.importing.cells import Row
from bot.shop.words.regions import find_region, known_names

EVERYWHERE = frozenset(
    ("全国", "其他", "其它", "其余", "其他地区", "其余地区", "其它地区", "所有地区", "全部", "默认")
)
GROUPS = {
    "江浙沪": ("江苏", "浙江", "上海"),
    "江浙沪皖": ("江苏", "浙江", "上海", "安徽"),
    "包邮区": ("江苏", "浙江", "上海", "安徽"),
    "京津冀": ("北京", "天津", "河北"),
    "东三省": ("辽宁", "吉林", "黑龙江"),
    "东北": ("辽宁", "吉林", "黑龙江"),
    "东北三省": ("辽宁", "吉林", "黑龙江"),
    "西北": ("陕西", "甘肃", "青海", "宁夏", "新疆"),
    "西南": ("重庆", "四川", "贵州", "云南", "西藏"),
    "华东": ("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
    "华北": ("北京", "天津", "河北", "山西", "内蒙古"),
    "华中": ("河南", "湖北", "湖南"),
    "华南": ("广东", "广西", "海南"),
    "珠三角": ("广东",),
    "长三角": ("江苏", "浙江", "上海", "安徽"),
    "两广": ("广东", "广西"),
    "云贵川": ("云南", "贵州", "四川"),
    "川渝": ("四川", "重庆"),
    "港澳台": ("香港", "澳门", "台湾"),
    "新疆西藏": ("新疆", "西藏"),
    "新藏": ("新疆", "西藏"),
}
_ENDS = re.compile(r"(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市|地区|全境)$")
_DAYS = re.compile(r"(\d{1,2})(?:[-~～至到—](\d{1,2}))?(?:个?工作日|天|日)?(?:左右|内)?")


def regions(row: Row) -> list[str]:
    """Names of provinces and cities as `regions.txt` has them; [] is everywhere else.

    Complains of a place that does not exist: nobody would ever pay what its zone says.
    """
    found: list[str] = []
    for told in row.texts("regions"):
        if told in EVERYWHERE:
            continue
        names = GROUPS.get(told) or (_name(told),)
        if names[0]:
            found += names
        else:
            near = _nearest(told)
            instead = f"，是不是“{near}”" if near else ""
            row.refuse("regions", f"没有“{told}”这个地方{instead}，请写省、市的名字，如 江苏、新疆")
    return list(dict.fromkeys(found))


def _nearest(told: str) -> str:
    """The place most like what was written, a province before a city; "" if none is."""
    likeness = {name: _likeness(name, told) for name in sorted(known_names())}
    best = max(likeness.values())
    names = [name for name, one in likeness.items() if one == best and best >= 0.5]
    found = ((name, find_region(name)) for name in names)
    provinces = [name for name, region in found if region and region.province == name]
    return (provinces or names or [""])[0]


def _likeness(name: str, told: str) -> float:
    """Slips of the pen keep the first character more often than not."""
    return SequenceMatcher(None, name, told).ratio() + (name[0] == told[0]) / 10


def _name(told: str) -> str:
    names = known_names()
    if told in names:
        return told
    short = _ENDS.sub("", told)
    return short if short in names else ""


def days(row: Row) -> tuple[int, int] | None:
    """2-4, 1～2天, 3天; None where nothing is written."""
    told = row.text("days")
    if not told:
        return None
    found = _DAYS.fullmatch(told.replace(" ", ""))
    if not found:
        row.refuse("days", f"“{told}”不是天数范围，请写 2-3")
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        row.refuse("days", f"“{told}”前面比后面大，请写 {last}-{first}")
    return first, last
