"""The buyer's page beside a person: a line taken back, a picture of the agent's, a talk rated by one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import CONVERSATIONS
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site
from tests.browser.test_desk import seen
from tests.support.waiting import until

pytestmark = pytest.mark.browser


async def in_talk(page: Page, site: Site) -> tuple[ChatPage, str]:
    """A visitor whose talk an agent has, who has just said something."""
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("转人工")
    await chat.expect_answered()
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    waiting = await conversations.waiting_visitors()
    await conversations.say_as_agent(waiting[0], "admin", "a1", "您的验证码发我", shown_name="小李")
    await chat.expect_said("您的验证码发我")
    return chat, waiting[0]


async def test_nobody_is_told_that_people_are_away_while_one_is_answering(
    page: Page, site: Site
) -> None:
    site.clock.forward(timedelta(hours=9))  # 23:30
    chat = ChatPage(page, site.address)
    await chat.open()
    await expect(page.locator(".dx-notice")).to_be_visible()
    await chat.say("转人工")
    await chat.expect_answered()
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    talk = (await conversations.waiting_visitors())[0]
    await conversations.say_as_agent(talk, "admin", "a1", "我还在", shown_name="小李")
    await chat.expect_said("我还在")
    await expect(page.locator(".dx-head-words")).to_contain_text("客服小李正在为您服务")
    await expect(page.locator(".dx-notice")).to_have_count(0)


async def test_a_line_taken_back_is_gone_from_the_open_page(page: Page, site: Site) -> None:
    chat, talk = await in_talk(page, site)
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    history = await conversations.history(talk)
    (line,) = (one for one in history if one.text == "您的验证码发我")
    await conversations.take_back(talk, line.seq, "admin")
    await chat.expect_said("小李的一句话已撤回")
    await chat.expect_said("您的验证码发我", times=0)
    await seen(page, "taken-back")
    await page.reload()
    await expect(chat.log.get_by_text("小李的一句话已撤回")).to_be_visible()


async def test_a_link_of_the_agents_may_be_pressed_and_one_of_the_buyers_not(
    page: Page, site: Site
) -> None:
    chat, talk = await in_talk(page, site)
    await chat.say("是这个吗 https://courier.example/SF1")
    await expect(chat.log.locator(".dx-log-said .dx-mine").last).to_contain_text("SF1")
    assert site.app is not None
    said = "包裹在这里看：https://courier.example/SF2，稍后再来"
    await site.app[CONVERSATIONS].say_as_agent(talk, "admin", "a2", said, shown_name="小李")
    link = chat.log.get_by_role("link")
    await expect(link).to_have_attribute("href", "https://courier.example/SF2")
    await expect(link).to_have_attribute("target", "_blank")
    assert "noreferrer" in (await link.get_attribute("rel") or "")


async def test_a_talk_is_rated_by_one_tap_and_a_word(page: Page, site: Site) -> None:
    chat, talk = await in_talk(page, site)
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    present = await conversations.find(talk)
    await conversations.close(talk, seen=present.last_seq, by="admin")
    await expect(chat.log.get_by_text("小李的服务您满意吗？")).to_be_visible()
    await chat.log.get_by_role("button", name="满意", exact=True).click()  # not 不满意
    await expect(chat.log.get_by_text("谢谢您的评价")).to_be_visible()
    await seen(page, "rated")
    await chat.log.get_by_label("想说的话，不写也行").fill("很耐心")
    await chat.press("说完了")
    await expect(chat.log.locator(".dx-rating-said")).to_have_text("很耐心")

    async def is_kept() -> bool:
        card = (await conversations.history(talk))[-1].card or {}
        return (card.get("score"), card.get("words")) == ("good", "很耐心")

    await until(is_kept)
    await page.reload()
    tapped = chat.log.get_by_role("button", name="满意", exact=True)
    await expect(tapped).to_have_attribute("aria-pressed", "true")
