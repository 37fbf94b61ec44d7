"""A project of four wishes, right in everything that the check looks at: mistakes are put into it."""

from __future__ import annotations

from pathlib import Path

NEW = "data/nlu/physical_store.yml"
REPLIES = "data/replies/postage.yml"
STORIES = "data/stories/postage.yml"

DOMAIN = """version: "3.1"
intents:
  - faq
  - ask_invoice
  - ask_ship_time
  - ask_postage
  - affirm
entities:
  - size: {influence_conversation: false}
  - colour: {influence_conversation: false}
slots:
  open_question: {type: any, mappings: [{type: custom}]}
actions:
  - action_tell_postage
  - action_tell_ship_time
  - action_invoice
  - utter_faq
"""
POSTAGE_REPLIES = """version: "3.1"
responses:
  utter_postage_fee:
    - text: "发到{region}的运费是{fee}。"
    - text: "{region}的运费{fee}~"
  utter_postage_free:
    - text: 这单不收运费哦。
    - text: 运费免了，放心拍~
"""
POSTAGE_STORIES = """version: "3.1"
rules:
- rule: postage can be asked anywhere
  steps:
  - intent: ask_postage
  - action: action_tell_postage
- rule: invoices can be asked anywhere
  steps:
  - intent: ask_invoice
  - action: action_invoice
stories:
- story: two questions
  steps:
  - intent: ask_postage
  - action: action_tell_postage
  - intent: ask_invoice
  - action: action_invoice
"""
ACTION = '''"""Tells postage."""


async def tell_postage(chat):
    chat.reply("utter_postage_fee", region="浙江", fee="8元")
    chat.reply("utter_postage_free")
'''
SHOP = """shop:
  name: 小店
  cutoff: "16:00"
  ships_on_weekdays: [1, 2, 3, 4, 5]
  couriers: [中通快递]
  return_days: 15
"""
QUESTION = """version: "3.1"
nlu:
- intent: faq/ask_physical_store
  metadata: {title: 问实体店}
  examples: |
    - 你们有实体店吗
    - 线下哪里能试穿
    - 我在杭州 有门店可以去看看不
    - 能去店里自己挑嘛
    - 实体店地址发我一下
    - 门店开到几点啊
    - 有没有专柜
    - 想到现场看看实物再买
    - 附近的店铺在哪条街
    - 商场里有你们柜台没
responses:
  utter_faq/ask_physical_store:
    - text: 目前没有实体店，您可以先拍回去试试看。
    - text: 我们只在网上卖，暂时没有门店哦。
"""
_INVOICE = (
    "可以开发票吗 要专票 抬头写公司 电子票发我 报销要票 税号发给你 开个普票 发票什么时候给".split()
)
_SHIP = "多久发货 今天能发出不 几号寄 啥时候安排发走 下单多长时间发 明天发吗 现在拍何时发 急用快发".split()
_POSTAGE = (
    "运费多少 邮费几块 包邮不 到新疆要加钱么 满多少免邮 快递费谁出 寄费贵不贵 要不要邮资".split()
)
_YES = "好的 行 可以的 没问题 对 就这样 嗯嗯 同意".split()
LINES = {
    "ask_invoice": _INVOICE,
    "ask_ship_time": _SHIP,
    "ask_postage": _POSTAGE,
    "affirm": _YES,
}


def write_project(root: Path) -> Path:
    """The folder of a project in which nothing is wrong but that it is small."""
    blocks = (
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for intent, lines in LINES.items()
    )
    write(root, "domain.yml", DOMAIN)
    write(root, "data/nlu/wishes.yml", 'version: "3.1"\nnlu:\n' + "".join(blocks))
    write(root, NEW, QUESTION)
    write(root, REPLIES, POSTAGE_REPLIES)
    write(root, STORIES, POSTAGE_STORIES)
    write(root, "actions/delivery/postage.py", ACTION)
    write(root, "shop/demo/shop.yml", SHOP)
    return root


def write(root: Path, file: str, text: str | bytes) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
