"""What holds whatever was understood: no links, no chat elsewhere, manners, and our language."""

from __future__ import annotations

import re

from actions.chat import Chat

_LINK = re.compile(
    r"https?://|www\.|(?<![\w@.-])[a-z0-9-]+\.(com|cn|net|top|xyz|cc|vip|shop)\b"
    r"|点.{0,6}链接|链接.{0,8}(看看|点|打开)|扫.{0,4}码(进|登|领|加)|压缩包|违规.{0,6}登录",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(加|留|换|给|发|有没有|用).{0,4}(微信|薇信|vx|wx|qq|扣扣|企鹅号)(?!付|支付|转账)"
    r"|(微信|薇信|vx|wx|qq|扣扣)(上?聊|上?说|联系|号|转账|转你|发|加)",
    re.IGNORECASE,
)
_IMPROPER = re.compile(
    r"约吗|约炮|约不约|做我(女|男)朋友|妹妹?.{0,3}多大|陪我?睡|裸照|床照|看看?(胸|腿)|来?一炮"
)
_MUSING = re.compile(r"e+m+\W*|em+\W*|额+\W*|呃+\W*|唔+\W*|啊这|哈{2,}|h{2,}|嘿{2,}|2333*")
# Whoever calls for us is not angry yet.
_CALLING = re.compile(r"(人呢|在不在|有没有人|怎么不(说话|回)|不理人|回话|说话)\W*(啊|呀|呢)?\W*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FOREIGN_WORDS = re.compile(r"[A-Za-z\u00c0-\u04ff]{2,}|[\u3040-\u30ff\uac00-\ud7af]+")
_SIGNS_OF_CODE = re.compile(r"[<>{}=;/\\]")
_KNOWN_ABROAD = ("affirm", "deny", "thank", "goodbye")  # ok, no, thank you, bye bye


def rule_reply(chat: Chat) -> str | None:
    """The response that a house rule gives to this message; None where none applies."""
    turn = chat.turn
    text = turn.text
    if not text:
        return None
    if _LINK.search(text):
        return "utter_no_links"
    if turn.in_form != "return_form" and _ELSEWHERE.search(text):
        return "utter_only_here"
    if turn.intent != "complain" and _IMPROPER.search(text):
        return "utter_keep_to_business"
    if _CALLING.fullmatch(text.strip()):
        return "utter_here"
    if _MUSING.fullmatch(text.strip()):
        return "utter_take_your_time"
    return _foreign_reply(chat)


def _foreign_reply(chat: Chat) -> str | None:
    turn = chat.turn
    if _CHINESE.search(turn.text) or turn.entities:
        return None
    words = _FOREIGN_WORDS.findall(turn.text)
    if words and _SIGNS_OF_CODE.search(turn.text):
        return "utter_not_understood"
    is_known = turn.intent in _KNOWN_ABROAD or (turn.intent == "greet" and len(words) < 3)
    return "utter_chinese_please" if len(words) > 1 and not is_known else None
