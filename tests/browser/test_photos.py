"""Photos as buyers have them (K31), on another shop's page and through nginx with TLS: too large, too many,
of a kind that cannot be read, pasted, dropped, chosen without a network, reloaded away."""

from __future__ import annotations

import asyncio
import io
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from PIL import Image
from playwright.async_api import Browser, Error, FilePayload, Locator, Page, Route, expect

from tests.browser.chat import ChatPage
from tests.browser.conftest import somebody
from tests.browser.house import Grounds

pytestmark = pytest.mark.browser

_LIMIT_BYTES = 8 * 1024 * 1024  # of what the house takes
_HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 40
_VIDEO = b"\0\0\0\x14ftypqt  " + b"\0" * 40
# Puts files and words on the clipboard, or under the hand: [kind of event, {type: base64}]
_GIVE = """(element, [kind, given]) => {
    const dataTransfer = new DataTransfer();
    for (const [type, data] of Object.entries(given)) {
        const bytes = Uint8Array.from(atob(data), sign => sign.charCodeAt(0));
        if (type.startsWith("text/")) dataTransfer.setData(type, new TextDecoder().decode(bytes));
        else dataTransfer.items.add(new File([bytes], "photo", { type }));
    }
    const told = { bubbles: true, cancelable: true, composed: true };
    return element.dispatchEvent(kind === "paste"
        ? new ClipboardEvent(kind, { clipboardData: dataTransfer, ...told })
        : new DragEvent(kind, { dataTransfer, ...told }));
}"""


@pytest.fixture
async def page(browser: Browser, ground: Grounds) -> AsyncIterator[Page]:
    """A phone, the chat open."""
    page = await (await somebody(browser, "phone", ignore_https_errors=True)).new_page()
    await page.goto(ground.page("plain"))
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.locator(".dx-quick button").first).to_be_visible()
    yield page
    await page.context.close()


def photo(width: int = 320, height: int = 240, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, kind)
    return buffer.getvalue()


def named(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


async def choose(page: Page, *files: FilePayload) -> None:
    await page.locator("input[type=file]").set_input_files(list(files))


def sent(page: Page) -> Locator:
    """Those that the house has taken."""
    return page.locator(".dx-log-said .dx-picture img[src*='/uploads/']")


async def give(element: Locator, kind: str, content: bytes, of: str = "image/png") -> bool:
    """Whether the browser goes on to do what it does with it by itself."""
    given = [kind, {of: b64encode(content).decode()}]
    return bool(await element.evaluate(_GIVE, given))


async def test_a_photo_of_27_megapixels_is_made_smaller_before_it_leaves(page: Page) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((6000, 4500), 90).save(buffer, "JPEG", quality=60)
    assert buffer.tell() > _LIMIT_BYTES
    await choose(page, named("big.jpg", "image/jpeg", buffer.getvalue()))
    await expect(sent(page)).to_have_count(1)
    width = await sent(page).evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert 1080 <= width <= 2048
    await expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (named("IMG_1.HEIC", "image/heic", _HEIC), "HEIC"),
        (named("a.mov", "video/quicktime", _VIDEO), "请拍几张照片"),
        (named("尺码.xlsx", "application/zip", b"PK\x03\x04" + b"\0" * 40), "请选 JPG"),
        (named("空.jpg", "image/jpeg", b""), "空的"),
    ],
    ids=["heic", "video", "table", "empty"],
)
async def test_what_cannot_be_sent_is_told_with_what_to_do(
    page: Page, file: FilePayload, told: str
) -> None:
    await choose(page, file)
    await expect(page.get_by_role("alert")).to_contain_text(told)
    await expect(page.locator(".dx-picture")).to_have_count(0)


async def test_of_ten_at_once_nine_go_in_their_order(page: Page) -> None:
    files = [named(f"{number}.png", "image/png", photo(width=300 + number)) for number in range(10)]
    await choose(page, *files)
    await expect(page.get_by_role("alert")).to_contain_text("一次最多发 9 张")
    await expect(sent(page)).to_have_count(9)
    shown = "images => Promise.all(images.map(one => (one.loading = 'eager', one.decode())))"
    await sent(page).evaluate_all(shown)
    widths = await sent(page).evaluate_all("images => images.map(one => one.naturalWidth)")
    assert widths == [300 + number for number in range(9)]


async def test_a_photo_is_pasted_and_words_are_pasted_as_ever(page: Page) -> None:
    field = ChatPage(page, "").field
    assert await give(field, "paste", "你好".encode(), "text/plain")
    assert not await give(field, "paste", photo())
    await expect(sent(page)).to_have_count(1)


@pytest.mark.parametrize("place", [".dx-head", ".dx-log", ".dx-composer"])
async def test_a_photo_may_be_dropped_anywhere_on_the_chat(page: Page, place: str) -> None:
    """One that misses the lines must not take the place of the shop's page."""
    element = page.locator(place)
    assert not await give(element, "dragover", photo())
    assert not await give(element, "drop", photo())
    await expect(sent(page)).to_have_count(1)
    assert await give(element, "drop", "你好".encode(), "text/plain")  # the browser's own business


async def test_without_a_network_it_goes_out_later_and_once(page: Page) -> None:
    await page.context.set_offline(True)
    await choose(page, named("a.png", "image/png", photo()))
    await expect(page.locator(".dx-log")).to_contain_text("等网络恢复后自动上传")
    await page.context.set_offline(False)
    await expect(sent(page)).to_have_count(1)
    await expect(page.locator(".dx-picture")).to_have_count(1)


async def test_a_reload_amid_the_upload_loses_nothing(page: Page) -> None:
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        with suppress(Error):  # the page that asked is gone
            await route.abort()

    await page.route("**/api/chat/pictures", hold, times=1)
    async with page.expect_request("**/api/chat/pictures"):
        await choose(page, named("a.png", "image/png", photo()))
    kept = "Object.keys(sessionStorage).some(key => key.startsWith('dianxiaoer.picture.'))"
    await page.wait_for_function(kept)
    await page.reload()
    held.set()
    await expect(sent(page)).to_have_count(1)
    await expect(page.locator(".dx-picture")).to_have_count(1)
