"""What buyers are told of their data: one line in the chat and the page behind it (个人信息保护法, 17).

What the page says of times and masking is what the house does; the shop's file adds its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.settings import ShopSettings

PAGE = "/privacy"
LINE = "聊天内容保存{days}天，只用来为您服务。"
CONTACT = "在聊天里说「转人工」，告诉客服您要导出或删除自己的信息，核对身份后会为您办理。"


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[str, ...]


def line(shop: ShopSettings) -> str:
    """In the chat, ahead of the link; what stands in its braces is filled."""
    text = shop.privacy.notice or LINE
    return text.format(days=shop.retention.conversations.days, shop=shop.name)


def link(shop: ShopSettings) -> str:
    """The shop's own page, or the one below."""
    return shop.privacy.page or PAGE


def sections(shop: ShopSettings) -> tuple[Section, ...]:
    kept = shop.retention
    return (
        Section(
            "存了什么",
            (
                "您在聊天里说的话、发来的图片，以及您按过的按钮。",
                "下单和退换要用的收货人、电话、地址，以及您为挑商品告诉我们的情况（量的尺寸、预算、给谁用）。",
                "银行卡号、身份证号、验证码和密码不存：发来了也会先隐去。",
            ),
        ),
        Section(
            "用来做什么",
            (
                "回答您的问题、办理订单和退换、在您没付款或想等到货时提醒您。说「退订」就不再提醒。",
                "聊天由本店自己的程序回答，不会发给外部的人工智能服务。",
            ),
        ),
        Section(
            "谁能看到",
            (
                f"{shop.name}的客服。电话和地址平时只显示一部分，看完整的会留下记录。",
                "送货的快递公司会拿到收货人、电话和地址。",
            ),
        ),
        Section(
            "存多久",
            (
                f"聊天记录：从最后一句算起 {kept.conversations.days} 天。",
                f"图片：{kept.pictures.days} 天。提醒：{kept.follow_ups.days} 天。",
                "没办完的订单和退换，办完再算。订单和退换单是店里的账目，按法律要求保存。",
            ),
        ),
        Section("怎么导出、删除", (shop.privacy.contact or CONTACT,)),
    )


def page(shop: ShopSettings) -> str:
    """HTML; whatever the shop's file says is text in it."""
    body = "".join(
        f"<h2>{escape(one.title)}</h2><ul>"
        + "".join(f"<li>{escape(text)}</li>" for text in one.lines)
        + "</ul>"
        for one in sections(shop)
    )
    title = f"{escape(shop.name)} · 隐私说明"
    return _HTML.replace("{title}", title).replace("{body}", body)


_HTML = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{title}</title>
<style>
  :root { color-scheme: light dark; --ground: #f6f2e9; --ink: #1f2a25; --pine: #1e6a4d }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #16201b; --ink: #e8ece6; --pine: #8fd0b0 }
  }
  body { max-width: 680px; margin: 0 auto; padding: 28px 20px 56px; background: var(--ground);
    color: var(--ink); font: 16px/1.75 system-ui, sans-serif }
  h1 { margin: 0 0 8px; font-size: 22px }
  h2 { margin: 24px 0 4px; color: var(--pine); font-size: 17px }
  ul { margin: 0; padding-left: 20px }
</style>
<main>
<h1>{title}</h1>
{body}
</main>
</html>
"""
