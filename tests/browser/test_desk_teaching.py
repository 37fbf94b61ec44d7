"""教机器人 in Chromium: the inbox by one key, and the trainers' files as pages with a try beside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, Locator, Page, expect

from bot.channels import keys
from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.tables import messages
from bot.conversations.wishes import Wish
from bot.desk.inbox_views import PROJECT
from bot.dialogue.outcome import Outcome
from bot.publishing import releases
from bot.publishing.releases import Status
from bot.publishing.trials import place_of
from bot.settings import Settings
from bot.training.made_here import digest_of
from tests.browser.conftest import Site
from tests.browser.desk import PASSWORD, DeskPage, seen, talk
from tests.browser.showcase import showing
from tests.browser.test_accessible import faults, opened
from tests.support.waiting import PATIENCE_S
from tests.trainer.small_project import NEW, REPLIES, write, write_project

pytestmark = pytest.mark.browser
LONG = PATIENCE_S * 1000
PHONE, DESKTOP = (375, 812), (1280, 800)


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        assert site.app is not None
        site.app[PROJECT] = write_project(tmp_path / "project")
        yield site


def project(site: Site) -> Path:
    assert site.app is not None
    return site.app[PROJECT]


async def teaching(page: Page, site: Site, tab: str) -> Locator:
    desk = DeskPage(page, site)
    await desk.sign_in()
    box = await desk.to_page("教机器人")
    if tab != "收件箱":
        await box.get_by_role("button", name=tab, exact=True).click()
    return box


async def misheard(site: Site, text: str) -> None:
    assert site.app is not None
    talked = await talk(site, text, taken_by="")
    now = site.app[keys.CLOCK]() - timedelta(hours=1)
    one = Wish(
        conversation_id=talked, seq=1, last_seq=1, ordinal=7, text=text, asked_at=now,
        outcome=Outcome.ASKED_BACK, intent="ask_postage", sureness=0.5, answered_by=AnsweredBy.BOT,
    )  # fmt: skip

    def write_it(connection: Any) -> None:
        wishes.keep(connection, [one])

    await site.app[keys.DATABASE].run(write_it)


async def test_a_reply_is_changed_and_what_is_refused_stays_typed(
    browser: Browser, house: Site
) -> None:
    page = await opened(browser, PHONE)
    box = await teaching(page, house, "话术")
    await expect(box.locator(".teach-list li").first).to_be_visible(timeout=LONG)
    await seen(page, "files")
    await box.get_by_label("找一找").fill("不收运费")
    await box.get_by_role("button", name="utter_postage_free").click()
    field = box.get_by_label("第 1 种")
    await expect(field).to_have_value("这单不收运费哦。")
    save = box.get_by_role("button", name="检查并存好")
    await expect(save).to_be_disabled()  # nothing is other than in the file

    await field.fill("保证不收运费")
    await save.click()
    await expect(box.get_by_role("alert")).to_contain_text("「保证」是绝对化用语", timeout=LONG)
    await expect(field).to_have_value("保证不收运费")
    await seen(page, "files-refused")

    by_hand = (project(house) / REPLIES).read_text("utf-8").replace("放心拍", "放心买")
    write(project(house), REPLIES, by_hand)
    await field.fill("这单包邮")
    await save.click()
    await expect(box.get_by_role("alert")).to_contain_text("又被改过", timeout=LONG)
    assert (project(house) / REPLIES).read_text("utf-8") == by_hand
    await box.get_by_role("button", name="读一遍现在的").click()
    await expect(box.get_by_text("文件里现在：").first).to_contain_text("放心买", timeout=LONG)
    await expect(field).to_have_value("这单包邮")
    await box.get_by_label("第 2 种").fill("运费免了，放心买~")
    await save.click()
    await expect(box.get_by_role("status").first).to_contain_text("两秒内就这样说", timeout=LONG)
    told = (project(house) / REPLIES).read_text("utf-8")
    assert "    - text: 这单包邮\n    - text: 运费免了，放心买~\n" in told

    await box.get_by_label("买家说").fill("包邮吗")
    await box.get_by_role("button", name="试一试").click()
    await expect(box.locator(".teach-tried")).to_contain_text("听到:包邮吗")
    await seen(page, "files-tried")
    found = [one for one in await faults(page, "teaching") if ": moderate" not in one]
    assert not found, "\n".join(found)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await page.context.close()


async def test_a_question_is_added_and_gets_another_way_to_ask(
    browser: Browser, house: Site
) -> None:
    page = await opened(browser, DESKTOP)
    box = await teaching(page, house, "问答")
    await box.get_by_role("button", name="加一个问题").click()
    await box.get_by_label("叫什么").fill("问代写贺卡")
    await box.get_by_label("买家怎么问").fill("能代写贺卡吗\n帮写张卡片行不")
    await box.get_by_label("怎么回答").fill("可以的，写上给谁、写什么就行")
    await box.get_by_role("button", name="加成新问题").click()
    await expect(box.get_by_role("status").first).to_contain_text("马上就会答", timeout=LONG)
    assert (project(house) / "data/nlu/questions/ask_dai_xie_he_ka.yml").is_file()
    await expect(box.locator(".teach-list")).to_contain_text("问代写贺卡", timeout=LONG)

    await box.get_by_role("button", name="问实体店").click()
    asked = box.get_by_label("买家怎么问")
    lines = (await asked.input_value()).rstrip("\n")
    await asked.fill(f"{lines}\n能过去摸摸料子不")
    await seen(page, "questions")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.locator(".teach-told")).to_contain_text("两秒内就会了", timeout=LONG)
    assert "    - 能过去摸摸料子不\n" in (project(house) / NEW).read_text("utf-8")
    found = [one for one in await faults(page, "question") if ": moderate" not in one]
    assert not found, "\n".join(found)
    await page.context.close()


async def test_one_key_teaches_a_line_of_the_inbox(browser: Browser, house: Site) -> None:
    page = await opened(browser, DESKTOP)
    await misheard(house, "几号能寄出呀")
    box = await teaching(page, house, "收件箱")
    await expect(box.locator(".teach-row h3")).to_contain_text("几号能寄出呀", timeout=LONG)
    await seen(page, "inbox")
    await page.keyboard.press("1")
    await expect(box.get_by_role("status").first).to_contain_text("马上就认得", timeout=LONG)
    text = (project(house) / "data/nlu/wishes.yml").read_text("utf-8")
    assert "    - 几号能寄出呀\n" in text
    await expect(box).to_contain_text("没有要教的话")
    await page.context.close()


async def test_a_line_of_any_chat_says_why_by_one_click(browser: Browser, house: Site) -> None:
    page = await opened(browser, DESKTOP)
    talked = await talk(house, "几号能寄出呀")  # a person's: no turn of the bot comes in between
    await heard(house, talked, "几号能寄出呀")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(talked)
    await page.get_by_role("button", name="为什么", exact=True).click(timeout=LONG)
    told = page.locator(".why-box")
    await expect(told).to_contain_text("（ask_postage）50%，比第二名多 20%", timeout=LONG)
    await expect(told).to_contain_text("反问了")
    await seen(page, "why")
    await page.context.close()


async def heard(site: Site, talked: str, text: str) -> None:
    """As a turn of the bot would have left it."""
    assert site.app is not None
    one = Wish(
        conversation_id=talked, seq=1, last_seq=1, ordinal=0, text=text, turn_id="t",
        asked_at=site.app[keys.CLOCK](), outcome=Outcome.ASKED_BACK, intent="ask_postage",
        sureness=0.5, runners_up=(("ask_ship_time", 0.3),), answered_by=AnsweredBy.BOT,
    )  # fmt: skip

    def write_it(connection: Any) -> None:
        wishes.keep(connection, [one])
        connection.execute(
            sa.update(messages)
            .where(messages.c.conversation_id == talked)
            .values(understood=[{"intent": "ask_postage", "confidence": 0.5}], turn_id="t")
        )

    await site.app[keys.DATABASE].run(write_it)


async def on_trial(site: Site, models: Path) -> Path:
    """A release that answers a fifth of the chats beside the model in use; how it fared is no matter here."""
    assert site.app is not None
    new = place_of(models, "20270101-new.tar.gz")
    new.parent.mkdir(parents=True)
    new.write_bytes(b"new")
    (models / "20260101-old.tar.gz").write_bytes(b"old")
    site.app[keys.SETTINGS] = replace(site.app[keys.SETTINGS], models=models)
    await site.app[keys.DATABASE].run(
        releases.add, at=site.app[keys.CLOCK](), by="小林", status=Status.TRYING,
        model=new.name, model_hash=digest_of(new), share=0.2,
    )  # fmt: skip
    return new


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_of_two_models_that_answer_side_by_side_one_is_taken_by_two_presses(
    browser: Browser, house: Site, tmp_path: Path, size: tuple[int, int]
) -> None:
    new = await on_trial(house, tmp_path / "two-models")
    page = await opened(browser, size)
    box = await teaching(page, house, "发布")
    trial = box.get_by_label("两边答着")
    await expect(trial.get_by_text("20%")).to_be_visible(timeout=LONG)
    await expect(trial.get_by_role("row")).to_have_count(3)
    await expect(box.get_by_label("谁来答")).to_be_visible()
    assert await faults(page, "two models") == []
    await seen(page, "trial")
    await trial.get_by_role("button", name="用新的").click()
    await trial.get_by_role("button", name="再点一次，全换成新的").click()
    await expect(trial.get_by_text("上次两边答：已发布")).to_be_visible(timeout=LONG)
    await expect(trial.get_by_role("button")).to_have_count(0)
    assert not new.exists()
