"""Pictures in canned phrases: brought, sent into a talk as its own, in files by name, and gone in time."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData
from openpyxl import Workbook, load_workbook

from bot.channels import keys
from bot.channels.pictures import UNUSED_FOR
from bot.desk import phrase_pictures
from bot.desk.roles import Role
from bot.working import _forget_pictures_of_phrases
from tests.house.desk.conftest import Desk, SitDown
from tests.house.desk.test_agents_lines import png, served
from tests.house.server import OURS, Server
from tests.support.house import Clock


async def posted(desk: Desk, path: str, content: bytes, name: str) -> tuple[int, Any]:
    form = FormData(quote_fields=False)  # as browsers send names
    form.add_field("file", content, filename=name)
    url = f"{desk.address}/api/desk/{path}"
    async with desk.client.post(url, data=form, headers=OURS) as answer:
        return answer.status, await answer.json()


async def brought(desk: Desk, name: str = "尺码表.png") -> dict[str, Any]:
    status, picture = await posted(desk, "phrases/pictures", png(), name)
    assert status == 200, picture
    return dict(picture)


async def file_of(desk: Desk, path: str) -> bytes:
    async with desk.client.get(f"{desk.address}/api/desk/{path}") as answer:
        assert answer.status == 200
        return await answer.read()


def on_disk(server: Server) -> set[str]:
    folder = server.settings.var / "uploads"
    return {one.stem for one in folder.iterdir()} if folder.is_dir() else set()


async def test_a_phrase_with_a_picture_reaches_the_buyer_as_the_talks_own(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    picture = await brought(lee)
    _, made = await lee.post("phrases", code="尺码", picture_id=picture["picture_id"])
    (phrase,) = (await lee.get("phrases"))[1]
    assert (phrase["text"], phrase["picture"]["name"]) == ("", "尺码表.png")
    socket, talk = await served(server, lee)
    status, own = await lee.at(talk, f"phrases/{made['phrase_id']}/picture")
    assert status == 200 and own["picture_id"] != picture["picture_id"]
    status, _ = await lee.at(talk, "messages", id="p1", text="看这张", picture_id=own["picture_id"])
    assert status == 200
    line = await socket.said_by("agent")
    assert (line["text"], line["picture"]["url"]) == ("看这张", own["url"])
    # Each lives by itself: the phrase goes, the buyer's page still shows it.
    await lee.post(f"phrases/{made['phrase_id']}/remove")
    server.app[keys.PICTURES].forget([picture["picture_id"]])
    assert (await server.client.get(own["url"])).status == 200


async def test_without_words_and_without_a_picture_there_is_no_phrase(sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    for values in ({}, {"text": " "}, {"picture_id": "0" * 32}, {"text": "好", "picture_id": "x"}):
        assert (await lee.post("phrases", **values))[0] == 422


async def test_a_colleagues_picture_is_not_taken_and_the_shops_is_everybodys(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    leader = await sit_down("主管", Role.SUPERVISOR)
    hers = await brought(wang)
    assert (await lee.post("phrases", picture_id=hers["picture_id"]))[0] == 422
    _, own = await wang.post("phrases", picture_id=hers["picture_id"])
    shops = await brought(leader)
    _, made = await leader.post("phrases", picture_id=shops["picture_id"], is_shops=True)
    _, talk = await served(server, lee)
    assert (await lee.at(talk, f"phrases/{own['phrase_id']}/picture"))[0] == 404
    assert (await lee.at(talk, f"phrases/{made['phrase_id']}/picture"))[0] == 200
    assert (await lee.at(talk, "phrases/x/picture"))[0] == 404


async def test_they_are_bounded(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase_pictures, "MOST_OF_ONE", 2)
    lee = await sit_down("小李")
    names = [(await brought(lee))["name"] for _ in range(2)]
    assert names == ["尺码表.png", "尺码表(2).png"]
    status, answer = await posted(lee, "phrases/pictures", png(), "a.png")
    assert (status, answer["error"]["code"]) == (422, "too_many_pictures")


@pytest.mark.parametrize(
    ("content", "code"), [(b"<script>", "not_a_picture"), (b"", "not_a_picture")]
)
async def test_what_is_no_picture_is_refused(sit_down: SitDown, content: bytes, code: str) -> None:
    status, answer = await posted(await sit_down("小李"), "phrases/pictures", content, "a.png")
    assert (status, answer["error"]["code"]) == (422, code)


async def test_a_trainer_brings_none(sit_down: SitDown) -> None:
    trainer = await sit_down("老师", Role.TRAINER)
    for path in ("phrases/pictures", "phrases/file"):
        assert (await posted(trainer, path, png(), "a.png"))[0] == 403


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_one_that_no_phrase_has_goes_with_its_file_and_others_stay(
    server: Server, sit_down: SitDown, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(phrase_pictures, "take_unused", lambda *_: [])
    lee = await sit_down("小李")
    unused, used = await brought(lee, "a.png"), await brought(lee, "b.png")
    await lee.post("phrases", picture_id=used["picture_id"])
    assert await _forget_pictures_of_phrases(server.app) == 0  # it may be named still
    clock.forward(UNUSED_FOR + timedelta(seconds=1))
    assert await _forget_pictures_of_phrases(server.app) == int(guarded)
    assert (unused["picture_id"] in on_disk(server)) is not guarded
    assert used["picture_id"] in on_disk(server)
    assert await server.app[keys.PICTURES].forget_unused(all_of_them=True) == 0


async def test_a_picture_twice_on_the_disk_counts_once(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    picture = await brought(lee)
    before = server.app[keys.PICTURES]._measured()
    _, made = await lee.post("phrases", picture_id=picture["picture_id"])
    _, talk = await served(server, lee)
    await lee.at(talk, f"phrases/{made['phrase_id']}/picture")
    assert len(on_disk(server)) == 2
    assert server.app[keys.PICTURES]._measured() == before > 0


# -- files


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_out_is_a_file_in_with_its_pictures(sit_down: SitDown, kind: str) -> None:
    lee = await sit_down("小李")
    picture = await brought(lee)
    await lee.post("phrases", group="售前", code="尺码", picture_id=picture["picture_id"])
    await lee.post("phrases", group="发货", code="=1+1", text="48小时内发出，\n偏远地区慢一点")
    out = await file_of(lee, f"phrases/{kind}")
    assert await posted(lee, "phrases/file", out, f"短语.{kind}") == (200, {"new": 0, "known": 2})
    _, before = await lee.get("phrases")
    for one in before:
        await lee.post(f"phrases/{one['phrase_id']}/remove")
    assert await posted(lee, "phrases/file", out, f"短语.{kind}") == (200, {"new": 2, "known": 0})
    _, after = await lee.get("phrases")
    bare = [{**one, "phrase_id": 0} for one in after]
    assert bare == [{**one, "phrase_id": 0} for one in before]


async def test_excel_shows_the_headings_and_reckons_nothing(sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    await lee.post("phrases", text="=1+1")
    book = load_workbook(io.BytesIO(await file_of(lee, "phrases/xlsx")))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0] == ["分组", "短码", "内容", "图片"] and cells[1][2] == "=1+1"
    assert book.active["C2"].data_type == "s"


async def test_a_picture_may_stand_there_by_its_address(sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    picture = await brought(lee)
    book, file = Workbook(), io.BytesIO()
    book.active.append(["内容", "图片"])
    book.active.append(["看图", f"https://shop.example{picture['url']}"])
    book.save(file)
    assert (await posted(lee, "phrases/file", file.getvalue(), "a.xlsx"))[1] == {
        "new": 1,
        "known": 0,
    }
    (phrase,) = (await lee.get("phrases"))[1]
    assert phrase["picture"]["picture_id"] == picture["picture_id"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_csv_comes_as_excel_writes_it(sit_down: SitDown, encoding: str) -> None:
    lee = await sit_down("小李")
    sign = "\t" if encoding == "utf-16" else ","
    text = f"分组{sign}短码{sign}内容\n发货{sign}fh{sign}今天，明天，后天，都发\n"
    assert (await posted(lee, "phrases/file", text.encode(encoding), "a.csv"))[0] == 200
    (phrase,) = (await lee.get("phrases"))[1]
    assert (phrase["group"], phrase["text"]) == ("发货", "今天，明天，后天，都发")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("甲,乙\n1,2\n", "第 1 行"),
        ("", "第 1 行"),
        ("分组,短码,内容\na,b,\n", "第 2 行：内容是空的"),
        ("分组,短码,内容\na,b,{价格}\n", "第 2 行：不认识 {价格}"),
        ("内容,图片\n好\n看图,没有.png\n", "第 3 行：没有叫「没有.png」的图片"),
    ],
)
async def test_a_mistake_in_the_file_names_its_line(
    sit_down: SitDown, file: str, told: str
) -> None:
    lee = await sit_down("小李")
    status, answer = await posted(lee, "phrases/file", file.encode(), "a.csv")
    assert status == 422 and answer["error"]["message"].startswith(told), answer
    assert (await lee.get("phrases"))[1] == []


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\x00\x01\x02" * 99])
async def test_what_is_no_table_is_told_so(sit_down: SitDown, content: bytes) -> None:
    for name in ("a.xlsx", "a.csv"):
        status, answer = await posted(await sit_down("小李"), "phrases/file", content, name)
        assert (status, answer["error"]["code"]) == (422, "bad_phrase")


async def test_who_does_not_lead_brings_none_for_the_shop(sit_down: SitDown) -> None:
    lee, leader = await sit_down("小李"), await sit_down("主管", Role.SUPERVISOR)
    file = "内容\n亲，在的\n".encode()
    assert (await posted(lee, "phrases/file?is_shops=1", file, "a.csv"))[0] == 403
    assert (await posted(leader, "phrases/file?is_shops=1", file, "a.csv"))[0] == 200
    assert [one["is_shops"] for one in (await lee.get("phrases"))[1]] == [True]


def test_a_name_is_the_last_part_of_the_files_and_short() -> None:
    assert phrase_pictures.clean(r"C:\图\a.png") == "a.png"
    assert phrase_pictures.clean("../../etc/passwd") == "passwd"
    assert phrase_pictures.clean("a\x00\u202eb.png") == "ab.png"
    assert phrase_pictures.clean("..") == phrase_pictures.clean("") == "图片"
    assert len(phrase_pictures.clean("长" * 500 + ".png")) == phrase_pictures.LONGEST_NAME
