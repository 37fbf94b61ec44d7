"""What the page offers to press, and what pictures and cards do, in Chromium on a phone."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.chat import ChatPage, stop_time
from tests.browser.conftest import Site, somebody
from tests.browser.showcase import BUTTONS, showing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("offered")) as site:
        yield site


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    context = await somebody(browser, "phone", permissions=["clipboard-write"])
    yield await context.new_page()
    await context.close()


async def become(page: Page, site: Site, nickname: str) -> ChatPage:
    await page.goto(site.address)
    await page.get_by_role("button", name="演示身份").click()
    await page.get_by_role("button", name=nickname).click()
    chat = ChatPage(page, site.address)
    await expect(chat.field).to_be_visible()
    return chat


async def test_who_waits_for_a_parcel_is_offered_that_and_the_order(
    phone: Page, house: Site
) -> None:
    chat = await become(phone, house, "寂寞雪山")
    await expect(phone.locator(".dx-quick button").first).to_have_text("我的快递怎么还没到")
    tile = phone.locator(".dx-tile").first
    await expect(tile).to_contain_text("已发货")
    await tile.tap()
    await expect(chat.log.get_by_text("怎么样了", exact=False).first).to_be_visible()
    await expect(phone.locator(".dx-tile")).to_have_count(0)


async def test_the_page_of_a_product_moves_its_questions_up(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open("/p/boot-qiyun")
    await expect(phone.locator(".dx-quick button").first).to_have_text("我穿多大的合适")
    await phone.locator(".dx-quick button").first.tap()
    await chat.expect_said("听到:我穿多大的合适", times=1)


async def test_after_an_answer_the_next_questions_are_offered(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await phone.clock.install()
    await chat.open("/p/boot-qiyun")
    await chat.say("有货吗这双")
    following = phone.get_by_role("group", name="接着问").get_by_role("button")
    await expect(following.first).to_have_text("我穿多大的合适")
    await chat.say("选一个")  # where there is something to press already, nothing is added
    await expect(chat.log.get_by_role("button", name=BUTTONS[0])).to_be_visible()
    await phone.clock.run_for(5_000)
    await expect(following).to_have_count(0)


async def test_what_is_typed_is_completed(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    await chat.field.press_sequentially("退换")
    likely = phone.get_by_role("group", name="您是不是想问").get_by_role("button")
    await expect(likely.first).to_have_text("怎么退换货")
    await likely.first.tap()
    await expect(chat.field).to_have_value("")
    await chat.expect_said("听到:怎么退换货", times=1)


async def test_a_chosen_button_stays_marked_and_the_others_go(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    await chat.say("选一个")
    await chat.press(BUTTONS[1])
    await expect(phone.locator(".dx-chosen")).to_have_text(f"已选{BUTTONS[1]}")
    await expect(chat.log.get_by_role("button", name=BUTTONS[0])).to_have_count(0)
    await phone.reload()
    await expect(phone.locator(".dx-chosen")).to_have_text(f"已选{BUTTONS[1]}")


async def test_the_advised_row_of_a_size_chart_is_marked(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    await chat.say("看尺码")
    advised = phone.locator(".dx-chart tr[aria-current=true]")
    await expect(advised).to_have_count(1)
    await expect(advised).to_contain_text("41推荐")
    await expect(phone.locator(".dx-chart tbody tr")).to_have_count(6)


async def test_a_shown_product_is_a_card_with_its_buttons(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open("/p/boot-qiyun")
    await phone.get_by_role("button", name="发给客服").tap()
    card = phone.locator(".dx-mine .dx-product")
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("栖云")
    await expect(phone.locator(".dx-mine .dx-bubble")).to_have_count(0)  # not its name once more
    await phone.reload()
    await expect(card).to_have_count(1)
    await card.get_by_role("button", name="要这款").tap()
    await expect(chat.log).to_contain_text("听到:我要这款")


async def test_a_long_screenshot_opens_wide_enough_to_be_read(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    buffer = io.BytesIO()
    Image.new("RGB", (540, 4000), "teal").save(buffer, "PNG")
    await phone.locator("input[type=file]").set_input_files(
        {"name": "long.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    picture = phone.locator(".dx-picture").last
    await expect(picture.locator("img[src*='/uploads/']")).to_be_visible()
    await picture.tap()
    large = phone.locator("dialog.dx-viewer img")
    await expect(phone.locator(".dx-large.dx-long")).to_have_count(1)
    box = await large.bounding_box()
    assert box is not None and box["width"] > 370 and box["height"] > 2_000
    await phone.get_by_role("button", name="放大").tap()
    await expect(phone.locator(".dx-large")).to_have_count(0)
    box = await large.bounding_box()
    assert box is not None and box["height"] <= 844
    await phone.get_by_role("button", name="关闭图片").tap()
    await expect(phone.locator("dialog.dx-viewer")).to_have_count(0)
    await expect(chat.field).to_be_visible()
    assert len(phone.context.pages) == 1  # no tab of its own


async def test_copied_is_said_for_a_while_only(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await phone.clock.install()
    await chat.open()
    await chat.say("看优惠券")
    await expect(phone.locator(".dx-coupon button")).to_be_visible()
    await stop_time(phone)
    await phone.get_by_role("button", name="复制券码").tap()
    await expect(phone.locator(".dx-coupon button")).to_contain_text("已复制")
    await phone.clock.resume()
    await expect(phone.locator(".dx-coupon button")).to_contain_text("复制券码")


async def test_the_other_side_is_seen_to_type(phone: Page, house: Site) -> None:
    from bot.channels.keys import CONVERSATIONS, NEWS

    assert house.app is not None
    chat = ChatPage(phone, house.address)
    await phone.clock.install()
    await chat.open()
    token = await phone.evaluate("localStorage.getItem('dianxiaoer.token')")
    asked = await phone.request.post(f"{house.address}/api/chat/session", data={"token": token})
    conversation_id = (await asked.json())["conversation_id"]
    await house.app[CONVERSATIONS].say_as_agent(conversation_id, "小李", "a", "您稍等")
    await chat.expect_said("您稍等", times=1)
    typing = chat.log.get_by_text("对方正在输入")
    await expect(typing).to_have_count(0)
    await stop_time(phone)  # the sign goes by itself, should its end get lost
    house.app[NEWS].publish(conversation_id, {"type": "typing", "on": True})
    await expect(typing).to_have_count(1)
    await phone.clock.resume()
    await house.app[CONVERSATIONS].say_as_agent(conversation_id, "小李", "b", "查到了")
    await chat.expect_said("查到了", times=1)
    await expect(typing).to_have_count(0)


async def test_only_the_demo_says_that_it_is_one(
    phone: Page, settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    words = phone.get_by_text("演示商店：商品、订单和付款都是模拟的。")
    for demo in (True, False):
        folder = tmp_path / str(demo)
        folder.mkdir()
        async with showing(settings, seeded, folder, demo=demo) as site:
            await phone.goto(site.address)
            await expect(phone.get_by_role("link", name="山行户外").first).to_be_visible()
            await expect(words).to_have_count(1 if demo else 0)


async def test_the_button_that_goes_on_stands_out(phone: Page, house: Site) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    await chat.say("选一个")
    filled = phone.locator(".dx-buttons .dx-primary")
    await expect(filled).to_have_text(BUTTONS[0])


async def test_before_the_first_word_what_can_be_pressed_is_near_the_thumb(
    phone: Page, house: Site
) -> None:
    chat = ChatPage(phone, house.address)
    await chat.open()
    offered, log = phone.locator(".dx-quick"), chat.log
    await expect(offered).to_be_visible()
    low, box = await offered.bounding_box(), await log.bounding_box()
    assert low is not None and box is not None
    assert box["y"] + box["height"] - (low["y"] + low["height"]) < 30


async def test_a_window_is_enlarged_where_there_is_room(browser: Browser, house: Site) -> None:
    for width, height, has_room in ((1280, 800, True), (390, 844, False)):
        context = await somebody(browser, (width, height))
        page = await context.new_page()
        await ChatPage(page, house.address).open()
        button = page.get_by_role("button", name="放大窗口")
        await expect(button).to_be_visible(visible=has_room)
        if has_room:
            before = await page.locator(".dx-panel").bounding_box()
            await button.click()
            after = await page.locator(".dx-panel").bounding_box()
            assert before is not None and after is not None
            assert after["width"] > before["width"] and after["height"] >= before["height"]
            assert after["x"] >= 0 and after["y"] >= 0
        await context.close()
