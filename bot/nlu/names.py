"""Which stretch of a text is a person's name."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import jieba

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱"
    "江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单"
    "季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞"
    "姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬"
)
_DOUBLE = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "司徒",
    "东方",
    "慕容",
    "令狐",
    "端木",
    "尉迟",
    "夏侯",
)
_TITLE = r"(?:先生|女士|小姐|老师|同学|阿姨|师傅|姐|哥)?"
_HAN = r"[\u4e00-\u9fff]"
_SHAPE = re.compile(rf"{_HAN}{{2,4}}?{_TITLE}(?:收|\(收\))?")
_HOUSE = re.compile(r"(?:\d|号|室|栋|楼|单元|座|村|店|区|园|苑|院|校|厦|场|站|厂|司|组|户|铺|库)$")
_NO_NAME = re.compile(
    r"应[该当]|[了吗嘛么呢吧啦呀哪啥谁不没问见退邮修买卖付打册的点怎几多这那它我你]|马上|明白|劳驾|欧克|马后炮|前台|传达|楼|麻辣|[周单][一二三四五六日末]|白天|送|寄|米白|单元"
)
_PLACE = re.compile(r"[省市区县镇乡村街路道巷弄号栋幢座楼室院园苑城店厂]$")
_RELATION = r"(?:我|他|她)?(?:老婆|老公|媳妇|爱人|先生|太太|妈妈|爸爸|妈|爸|婆婆|公公|丈母娘|岳母|岳父|姐姐|妹妹|哥哥|弟弟|儿子|女儿|闺女|女朋友|男朋友|对象|朋友|同事|同学|室友|闺蜜|家人)"
SAID = re.compile(
    r"(?:收货人姓名|收件人姓名|收货人|收件人|收货姓名|联系人|姓名|名字|我叫|我姓名|签收人)[也都就还]?"
    r"(?:(?:写|填|打|弄|搞)?错了?|不对)?"
    r"[\s,]{0,2}(?:应该|是|叫|为|改成|改为|改|换成|换|写成?|填|就写|还是|:){0,3}\s{0,2}"
    rf"(?:{_RELATION}(?:的名字)?[\s,:]{{0,2}}(?:是|叫)?)?"
    rf"(?P<name>{_HAN}{{2,4}}?{_TITLE}|[a-z][a-z .]{{1,18}}[a-z])(?=收?[\s,.;:\n\d\0()]|收?$|电话|手机|地址|吧|就行|谢谢|的|,)"
)


def looks_like_name(text: str) -> bool:
    """王小明, 欧阳娜娜, 李女士: two to four characters that start with a surname, and no word."""
    if not re.fullmatch(rf"{_HAN}{{2,6}}", text):
        return False
    if _NO_NAME.search(text):
        return False
    bare = re.sub(r"(?:先生|女士|小姐|老师|同学|阿姨|师傅|姐|哥)$", "", text)
    if bare != text and bare in SURNAMES:
        return True
    if bare[:2] in _DOUBLE:
        return 3 <= len(bare) <= 4
    if len(bare) == 2 and bare[0] in "老小阿" and bare[1] in SURNAMES:
        return bare not in _words()
    if bare[:1] not in SURNAMES or not 2 <= len(bare) <= 3 or _PLACE.search(bare):
        return False
    return bare[0] != bare[1] and bare not in _words()


def tail_name(text: str) -> str | None:
    """The name that ends an address written in one piece: …402室张三."""
    bare = re.sub(r"(?:收|\(收\))$", "", text)
    for size in (3, 2, 4):
        head, name = bare[:-size], bare[-size:]
        if _HOUSE.search(head) and looks_like_name(name):
            return name
    return None


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Words that start like a name and are none (高兴, 安全): from jieba's own dictionary."""
    words = []
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.split()
            if len(word) <= 3 and word[0] in SURNAMES and not tag.startswith("nr"):
                words.append(word)
    return frozenset(words)
