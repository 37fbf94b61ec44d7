"""The rules a careful shop would set in its platform's auto-reply: the first that fits answers.

A measuring stick: what can be had without any model, by an hour of writing keywords.
"""

from __future__ import annotations

import re

RULES: tuple[tuple[str, str], ...] = (
    ("ask_human", r"人工|真人|转客服|找客服|老板电话|客服电话"),
    ("ask_bot", r"机器人|是人吗|你是谁"),
    ("price_protection", r"价保|保价|降价了|差价|刚买.*便宜"),
    ("refund_status", r"退款.*(什么时候|多久|到账|进度)|钱.*(什么时候|没)到|退款到哪|没退款"),
    ("return_policy", r"(可以|能|支持|怎么|如何).*退|退货.*(运费|地址|寄)|七天|7天|无理由"),
    ("return_request", r"退货|退款|退了|退掉|我要退|不想要了|拒收"),
    ("exchange_request", r"换货|换一|换个|换大|换小|调换"),
    ("report_wrong_item", r"发错|漏发|少发|少了|没送|送错"),
    ("report_defect", r"坏了|破|质量问题|开胶|掉色|脏|用不了|不能用|碎|漏|有问题"),
    ("parcel_not_received", r"签收.*没|没收到|没有收到|未收到|丢了|丢件"),
    ("logistics_delay", r"怎么还没|还不发|还没发|这么慢|太慢|催|几天了|加急|快点|尽快|一直没"),
    ("track_parcel", r"物流|单号|到哪|快递呢|快递电话|派送|查.*快递"),
    ("change_address", r"改.*地址|地址.*(错|改)|换.*地址|改.*电话"),
    ("cancel_order", r"取消|不买了|拍错|拍重"),
    ("change_order", r"改(颜色|尺码|成|价)|换成|合并"),
    ("inform_paid", r"拍下了|已拍|付了|付款了|已付|下单了|拍好了"),
    ("order_status", r"发货了吗|发了吗|发货没|订单.*(状态|怎么)"),
    ("ask_ship_time", r"什么时候发|几时发|今天(能)?发|多久发|何时发"),
    ("ask_delivery_time", r"几天(能)?到|多久(能)?到|什么时候(能)?到|明天(能)?到|能到吗"),
    ("ask_delivery_area", r"送货上门|自提|能送到|送到家|能发.*吗"),
    ("ask_courier", r"什么快递|哪家快递|发什么|顺丰|圆通|中通|申通|韵达|邮政|ems"),
    ("ask_postage", r"包邮|邮费|运费|免邮"),
    ("ask_invoice", r"发票|开票|抬头|专票|收据"),
    ("ask_warranty", r"保修|质保|维修|修"),
    ("ask_payment", r"花呗|货到付款|分期|怎么付|付不了|支付|白条"),
    ("size_advice", r"尺码|多大|穿多|几码|多高|身高|体重|偏大|偏小|斤.*穿"),
    ("ask_promotion", r"活动|优惠券|满减|打折|赠品|红包|券|双11|双十一|聚划算|买一送"),
    ("bargain", r"便宜|优惠|少点|抹零|最低|打个折|送点|送我"),
    ("ask_price", r"多少钱|价格|什么价|怎么卖|几块"),
    ("stock_check", r"有货|现货|有没有|还有吗|缺货|断货|补货|没货|有吗"),
    ("ask_recommendation", r"推荐|哪个好|哪款|选哪|哪种好"),
    ("ask_color", r"色差|实物|颜色.*一样"),
    ("ask_quality", r"正品|质量|好吗|好用|假|真的吗|好不好|安全"),
    ("ask_usage", r"怎么用|怎么洗|安装|使用|说明书|怎么吃|怎么装"),
    ("order_note", r"备注|包装好|一起发|日期新|帮我.*包"),
    ("place_order", r"怎么拍|怎么买|下单|拍哪|我要买|要.*件|拍"),
    ("ask_product", r"材质|成分|尺寸|重量|产地|保质期|生产日期|口味|区别|适合|什么样|多重|几包|容量"),
    ("complain", r"差评|投诉|骗|垃圾|什么态度|坑|无语|恶心|太差"),
    ("praise", r"好评|不错|很好|喜欢|满意|棒"),
    ("hesitate", r"考虑|再看看|对比|比较一下"),
    ("hold_on", r"等一下|稍等|等等|等会"),
    ("goodbye", r"再见|拜拜|没事了|88|晚安"),
    ("thank", r"谢谢|感谢|辛苦|麻烦了|3q"),
    ("deny", r"^(不是|不用|不要|没有|不了|不|没)$|不用了|不需要"),
    ("greet", r"在吗|你好|您好|有人吗|在不|hi|hello"),
    ("affirm", r"^(好|嗯|是|对|行|可以|ok|哦|知道|恩|噢)"),
    ("inform", r"\d{3,}|^\d+"),
)  # fmt: skip
_COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in RULES)


def keyword_intent(text: str) -> str:
    """The intent of the first rule that fits a normalised text; `unclear` when none does."""
    for intent, pattern in _COMPILED:
        if pattern.search(text):
            return intent
    return "unclear"
