"""What messengers write in brackets: stickers, which say nothing, and stand-ins for other messages.

All other words in brackets are the buyer's own: 要【黑色】那双. So only names that are known to be
stickers are dropped, and names that a buyer may set in brackets himself (红包, 礼物, 发) are left out.
"""

from __future__ import annotations

STICKERS = frozenset(
    # WeChat and QQ
    "微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 调皮 呲牙 龇牙 惊讶 难过 酷 冷汗 抓狂 吐 偷笑 愉快 白眼 傲慢 饥饿 "
    "困 惊恐 流汗 憨笑 悠闲 大兵 奋斗 咒骂 疑问 嘘 晕 折磨 衰 骷髅 敲打 擦汗 抠鼻 鼓掌 糗大了 坏笑 左哼哼 右哼哼 哈欠 鄙视 "
    "委屈 快哭了 阴险 亲亲 吓 可怜 菜刀 西瓜 啤酒 玫瑰 凋谢 嘴唇 爱心 心碎 炸弹 便便 月亮 太阳 拥抱 弱 胜利 勾引 拳头 "
    "爱你 飞吻 跳跳 发抖 怄火 转圈 磕头 回头 跳绳 投降 激动 乱舞 献吻 左太极 右太极 嘿哈 捂脸 奸笑 机智 皱眉 耶 吃瓜 加油 汗 "
    "天啊 社会社会 旺柴 合十 加油加油 翻白眼 裂开 苦涩 叹气 让我看看 破涕为笑 恐惧 失望 无语 庆祝 鬼脸 打脸 哇 笑脸 生病 脸红 "
    "恐慌 吃惊 烟花 爆竹 猪头 棒棒糖 托腮 瞄 卖萌 泪奔 喷血 惊喜 骚扰 小纠结 我最美 蛋糕 幽灵 篮球 乒乓 瓢虫 闪电 刀 足球 "
    # Taobao, Pinduoduo, Weibo, Douyin, Xiaohongshu
    "花痴 花朵 干杯 飞吻 安慰 抱抱 无奈 感动 忧伤 期待 财迷 鞠躬 举杯 老大 邪恶 生气 露齿笑 大笑 狂笑 爱慕 迷惑 思考 求饶 "
    "泪汪汪 加油干 皮一下 跪了 比心 送心 笑哭 笑cry 泣不成声 灵机一动 酷拽 一起加油 看 舔屏 思考中 惊呆 绿帽子 鼾睡 石化 "
    "二哈 doge 允悲 吃瓜群众 哈哈 嘻嘻 馋嘴 挖鼻 挤眼 拜拜 哼 怒 怒骂 打哈气 偷乐 给力 威武 good 心 伤心 握爪 作揖 赞啊 摊手 "
    "dog 喵喵 疯了 委屈脸 哭惹 害羞脸 派对 萌萌哒 飞机 哭 笑 囧 猫 狗 猪 咖啡 礼花 鲜花 拍手 么么哒 "
    # WeChat with its English names
    "smile grimace drool coolguy sob shy silent sleep cry awkward angry tongue grin surprise blush scream puke chuckle joyful smug "
    "drowsy panic sweat laugh commando determined scold shocked shh dizzy toasted skull bye speechless clap trick yawn wrath sly "
    "wail kiss whimper facepalm smirk smart concerned yeah! emm onlooker goforit sweats rose heart broken hug cake thumbsup shake peace "
    "fist beckon worship respect".split()
)

STAND_INS = {
    "语音": "voice",
    "语音消息": "voice",
    "视频": "video",
    "小视频": "video",
    "语音通话": "call",
    "视频通话": "call",
    "图片": "picture",
    "照片": "picture",
    "动画表情": "sticker",
    "表情": "sticker",
    "文件": "file",
    "位置": "place",
    "地理位置": "place",
    "转账": "transfer",
    "微信转账": "transfer",
    "微信红包": "transfer",
    "名片": "card",
    "个人名片": "card",
    "小程序": "card",
    "链接": "card",
    "商品卡片": "card",
    "聊天记录": "forwarded",
    "拍一拍": "nudge",
}
"""What stands in brackets for a message that is no text → its kind; these keep their brackets."""
