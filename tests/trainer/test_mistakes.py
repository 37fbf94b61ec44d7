"""Every mistake that a trainer was seen to make, and more: each gets its place and its sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.trainer.check import Check, Wanted
from bot.trainer.finding import Finding
from tests.trainer.small_project import (
    NEW,
    POSTAGE_REPLIES,
    POSTAGE_STORIES,
    QUESTION,
    REPLIES,
    STORIES,
    write,
    write_project,
)

# A small project is small: that alone is told of the untouched one.
OF_SMALLNESS = {"few", "tests-none-yet", "other-intent", "near", "tests-few"}
REPLY = "    - text: 目前没有实体店，您可以先拍回去试试看。"


def swapped(old: str, new: str, text: str = QUESTION) -> str:
    assert old in text
    return text.replace(old, new, 1)


def answer(text: str) -> str:
    """The question with this as its first answer."""
    return swapped(REPLY, f"    - text: {text}")


THOUSANDS = "".join(f"    - 实体店{number}号在哪条路{number % 97}\n" for number in range(10_000))
SAME_LINE = "    - 可以开发票吗\n    - 有没有专柜"

# name: (file, its content, line of the finding, words of it)
IN_ONE_FILE: dict[str, tuple[str, str | bytes, int, str]] = {
    # the 27 of the trial
    "01 tab": (NEW, swapped("    - 线下", "\t- 线下"), 7, "制表符"),
    "02 missing colon": (NEW, swapped("- intent: faq", "- intent faq"), 3, "少了冒号"),
    "03 full-width colon": (NEW, swapped("examples: |", "examples：|"), 5, "中文冒号"),
    "04 nearly the same": (NEW, swapped("有没有专柜", "可以开发票嘛"), 12, "发票"),
    "04b the same under two": (NEW, swapped("    - 有没有专柜", SAME_LINE), 12, "同时写在"),
    "05 wrong indent": (NEW, swapped("    - 你们", "  - 你们"), 6, "缩进"),
    "06 GBK": (NEW, QUESTION.encode("gbk"), 4, "GBK"),
    "07 no pipe": (NEW, swapped("examples: |", "examples:"), 6, "竖线"),
    "08 reply named otherwise": (
        NEW, swapped("utter_faq/ask_physical_store", "utter_faq/ask_physical_shop"), 3, "改名为",
    ),
    "09 no reply": (NEW, QUESTION.split("responses:")[0], 3, "没有回答"),
    "10 colon in a text": (NEW, answer("温馨提示: 没有实体店"), 18, "整句加英文引号"),
    "11 brace first": (NEW, answer("{杭州}目前没有实体店"), 18, "整句加英文引号"),
    "12 no dash": (NEW, swapped("    - 线下", "    线下"), 7, "少了短横"),
    "13 no faq": (NEW, swapped("intent: faq/ask", "intent: ask"), 3, "前面要加 faq/"),
    "15 version is a number": (NEW, swapped('"3.1"', "3.1"), 1, "没有引号"),
    "16 BOM": (NEW, b"\xef\xbb\xbf" + QUESTION.encode(), 1, "BOM"),
    "17 Chinese quotes": (NEW, swapped('"3.1"', "“3.1”"), 1, "中文引号"),
    "18 Chinese intent": (NEW, QUESTION.replace("ask_physical_store", "问门店"), 3, "小写英文"),
    "19 brace that ends early": (NEW, answer("{shop_name}暂时只有网店"), 18, "整句加英文引号"),
    "19b nothing fills it": (NEW, answer('"{shop_nam}只有网店"'), 18, "{shop_nam} 没有东西能填"),
    "20 a doubled reply": (
        NEW, QUESTION + "  utter_postage_free:\n    - text: 免\n    - text: 包\n", 20, "已经写过",
    ),
    "21 full-width dash": (NEW, swapped("    - 线下", "    － 线下"), 7, "写成: - 线下"),
    "22 an intent's own name": (NEW, QUESTION.replace("ask_physical_store", "ask_invoice"), 3, "已经是"),
    "26 a misspelt reply": (
        REPLIES, swapped("utter_postage_free", "utter_postge_free", POSTAGE_REPLIES), 6,
        "改名为「utter_postage_free」",
    ),
    "27 a misspelt placeholder": (
        REPLIES, swapped("{fee}", "{feee}", POSTAGE_REPLIES), 4, "是不是「fee」",
    ),
    # and more
    "empty list": (NEW, 'version: "3.1"\nnlu:\n- intent: faq/a_b\n  examples: |\n', 4, "一句都没有"),
    "nlu without anything": (NEW, 'version: "3.1"\nnlu:\n', 2, "nlu: 下面是空的"),
    "an empty file": (NEW, "", 0, "空文件"),
    "nothing but comments": (NEW, "# 以后再写\n", 0, "只有注释"),
    "a doubled key": (NEW, swapped("  metadata", "  examples: |\n    - 啊\n  metadata"), 7, "写了两次"),
    "Windows line ends": (NEW, QUESTION.replace("\n", "\r\n"), 1, "Windows 换行"),
    "UTF-16": (NEW, QUESTION.encode("utf-16"), 0, "UTF-16"),
    "broken bytes": (NEW, QUESTION.encode()[:60] + b"\xff\xfe\xff", 4, "UTF-8"),
    "control character": (NEW, swapped("有没有专柜", "有没有\x07专柜"), 12, "控制字符"),
    "no blank after the colon": (NEW, swapped("intent: faq", "intent:faq"), 3, "少了空格"),
    "unclosed quotes": (NEW, answer('"没有实体店'), 18, "引号"),
    "words behind quotes": (NEW, answer('"没有"实体店'), 18, "引号"),
    "unknown alias": (NEW, answer("*上面那句"), 18, "整句加英文引号"),
    "a misspelt key": (NEW, swapped("examples:", "exmaples:"), 5, "是不是「examples」"),
    "no intent": (NEW, swapped("- intent: faq/ask_physical_store\n  metadata", "- metadata"), 3, "intent"),
    "an intent not in the catalogue": (
        NEW, swapped("intent: faq/ask_physical_store", "intent: ask_invoise"), 3, "是不是「ask_invoice」",
    ),
    "a finer question of nothing": (
        NEW, QUESTION.replace("ask_physical_store", "ask_invioce.when"), 3, "是不是「ask_invoice」",
    ),
    "ten thousand examples": (NEW, swapped("responses:", THOUSANDS + "responses:"), 3, "10010 句"),
    "one sentence with another noun": (
        NEW,
        swapped("responses:", "".join(f"    - {a}的店在哪条街\n" for a in "杭广深北上南东西津渝成武") + "responses:"),
        3, "说法太像",
    ),
    "the same line twice": (NEW, swapped("    - 门店", "    - 有没有专柜\n    - 门店"), 13, "写了两遍"),
    "a mark that cuts a word": (NEW, swapped("线下哪里", "[线](colour)下哪里"), 7, "[线下]"),
    "a mark of nothing known": (NEW, swapped("线下哪里", "[线下](where)哪里"), 7, "没有叫「where」的实体"),
    "a mark left open": (NEW, swapped("线下哪里", "[线下(colour)哪里"), 7, "括号不成对"),
    "an answer too long": (NEW, answer("没有实体店" * 13), 18, "气泡里太长"),
    "an absolute word": (NEW, answer("我们保证没有实体店"), 18, "绝对化"),
    "a rival": (NEW, answer("去淘宝看看"), 18, "别的平台"),
    "one variant": (NEW, swapped("    - text: 我们只在网上卖，暂时没有门店哦。\n", ""), 17, "只有一种说法"),
    "an empty answer": (NEW, answer('""'), 18, "空的"),
    "a text that is a list": (NEW, answer("[没有, 实体店]"), 18, "整句加英文引号"),
    "a long button": (
        NEW, swapped(REPLY, REPLY + "\n      buttons: [{title: 我想看看你们家别的门店, payload: /affirm}]"),
        19, "太长",
    ),
    "a long title": (NEW, swapped("问实体店", "问你们在哪里有可以试的实体店铺"), 4, "title 不超过 12 个字"),
    "a button to nowhere": (
        NEW, swapped(REPLY, REPLY + "\n      buttons: [{title: 好, payload: /afirm}]"), 19, "不在意图表里",
    ),
    "a promise of 48 hours": (NEW, answer("没有门店，48小时内发货"), 18, "72 小时"),
    "7 days where 15 are set": (NEW, answer("没有门店，七天无理由退换"), 18, "15 天"),
    "another cut-off": (NEW, answer("没有门店，下午5点前付款的先发走"), 18, "16:00"),
    "a day the calendar gives": (NEW, answer("没有门店，付款当天就能发"), 18, "{day}"),
    "another courier": (NEW, answer("没有门店，默认发顺丰"), 18, "中通快递"),
    "an answer nobody gives": (
        REPLIES, POSTAGE_REPLIES + "  utter_postage_gone:\n    - text: 甲\n    - text: 乙\n", 9, "没有动作",
    ),
    "a reply without utter_": (REPLIES, swapped("utter_postage_free", "postage_free", POSTAGE_REPLIES), 6, "utter_"),
    "a rule against a story": (
        STORIES, swapped("- action: action_invoice\nstories", "- action: action_tell_ship_time\nstories", POSTAGE_STORIES),
        17, "可规则",
    ),
    "two rules at odds": (
        STORIES,
        swapped("stories:", "- rule: again\n  steps:\n  - intent: ask_postage\n  - action: action_invoice\nstories:", POSTAGE_STORIES),
        11, "两条合成一条",
    ),
    "an action nobody knows": (
        STORIES, swapped("action_invoice\nstories", "action_invoise\nstories", POSTAGE_STORIES), 10,
        "是不是「action_invoice」",
    ),
    "an intent in a rule": (
        STORIES, swapped("intent: ask_postage", "intent: ask_postege", POSTAGE_STORIES), 5, "是不是「ask_postage」",
    ),
    "sentence tests: taught already": (
        "tests/sentences/a.yml", "sentences:\n- {intent: ask_invoice, say: 可以开发票吗}\n", 2, "就是训练里的",
    ),
    "sentence tests: no such intent": (
        "tests/sentences/a.yml", "sentences:\n- {intent: ask_invoic, say: 开票啦}\n", 2, "是不是「ask_invoice」",
    ),
    "sentence tests: a misspelt key": (
        "tests/sentences/a.yml", "sentences:\n- {intent: ask_invoice, sya: 开票啦}\n", 2, "是不是「say」",
    ),
}  # fmt: skip


def found_in(root: Path, *, closely: bool = False) -> list[Finding]:
    return Check(root).run(Wanted(closely=closely))


def test_where_nothing_is_wrong_nothing_is_told(tmp_path: Path) -> None:
    found = found_in(write_project(tmp_path))
    assert [str(one) for one in found if one.kind not in OF_SMALLNESS] == []


@pytest.mark.parametrize("name", IN_ONE_FILE)
def test_a_mistake_gets_its_place_and_its_sentence(name: str, tmp_path: Path) -> None:
    file, content, line, words = IN_ONE_FILE[name]
    root = write_project(tmp_path)
    write(root, file, content)
    found = found_in(root, closely=name.startswith("04"))
    fitting = [one for one in found if words in str(one) and one.file == file]
    assert fitting, "\n".join(map(str, found))
    assert line in [one.line for one in fitting], "\n".join(map(str, fitting))
    assert all("Traceback" not in str(one) for one in found)


CUES, OUT = "data/patterns/entities/cues.yml", "data/patterns/opt_out.yml"


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (CUES, "cue:\n  dear: ['{好|太贵']\n", "花括号不成对"),
        (CUES, "cue：\n  dear: [太贵了]\n", ""),
        (CUES, "cue: 太贵了\n", "下面要写成"),
        (OUT, "words: {}\nalways: [<谁都没有>]\n", "谁都没有"),
        (OUT, "- 别发了\n", "words:"),
    ],
)
def test_a_word_list_that_the_house_could_not_read_is_told_until_it_is_mended(
    file: str, content: str, words: str, tmp_path: Path
) -> None:
    root = write_project(tmp_path)
    write(root, file, content)
    check = Check(root)
    (told,) = [one for one in check.run() if one.file == file]
    assert words in str(told) and told.level == "error"
    (root / file).unlink()
    assert not [one for one in check.run() if one.file == file]


def test_one_line_under_two_plain_questions_is_told(tmp_path: Path) -> None:
    """The trial's 04c: to Rasa both are the intent `faq`."""
    root = write_project(tmp_path)
    another = QUESTION.replace("ask_physical_store", "ask_opening_hours").split("    - 你们有")[0]
    answers = (
        "responses:\n  utter_faq/ask_opening_hours:\n    - text: 早九点。\n    - text: 九点开。\n"
    )
    write(root, "data/nlu/opening_hours.yml", f"{another}    - 有没有专柜\n{answers}")
    told = [str(one) for one in found_in(root) if "同时写在" in one.what]
    assert any("opening_hours.yml:6" in one or "physical_store.yml:12" in one for one in told), told


def test_a_line_that_stands_under_two_is_told_once(tmp_path: Path) -> None:
    """What it would be heard as follows from it."""
    root = write_project(tmp_path)
    write(root, NEW, swapped("    - 有没有专柜", SAME_LINE))
    kinds = {one.kind for one in found_in(root, closely=True) if (one.file, one.line) == (NEW, 12)}
    assert "same" in kinds and "other-intent" not in kinds


def test_an_intent_with_fewer_than_ten_test_sentences_is_named(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    says = [f"第{number}回开的票呢" for number in "一二三四五六七八九十"]

    def lacking(count: int) -> bool:
        lines = "".join(f"  - {line}\n" for line in says[:count])
        write(root, "tests/sentences/a.yml", f"sentences:\n- intent: ask_invoice\n  says:\n{lines}")
        found = [one for one in found_in(root) if one.kind.startswith("tests-")]
        return any("ask_invoice" in one.what for one in found)

    assert lacking(9)
    assert not lacking(10)


def test_a_file_with_the_wrong_ending_is_told(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    (root / NEW).rename(root / f"{NEW}.txt")
    told = [str(one) for one in found_in(root)]
    assert any(
        "physical_store.yml.txt" in one and "改名为 physical_store.yml" in one for one in told
    )


def test_a_new_line_that_would_be_heard_as_another_wish_is_told_with_its_rivals(
    tmp_path: Path,
) -> None:
    root = write_project(tmp_path)
    write(root, NEW, swapped("有没有专柜", "公司抬头要开专票发票", QUESTION))
    (told,) = [
        one for one in found_in(root, closely=True) if one.kind == "other-intent" and one.line == 12
    ]
    assert "ask_invoice" in told.what and "%" in told.what and "要专票" in told.what


def test_the_untouched_line_is_not_told_as_another_wish(tmp_path: Path) -> None:
    found = found_in(write_project(tmp_path), closely=True)
    assert not [one for one in found if one.kind == "other-intent" and one.line == 12]


@pytest.mark.parametrize("kind", ["domain", "replies", "stories"])
def test_a_file_of_nonsense_never_brings_a_traceback(kind: str, tmp_path: Path) -> None:
    root = write_project(tmp_path)
    file = {"domain": "domain.yml", "replies": REPLIES, "stories": STORIES}[kind]
    for nonsense in (
        "- a\n- b\n",
        "a: {b: [}\n",
        "42\n",
        "responses: 3\nrules: x\nstories: {}\n",
        "a: &a [*a]\n",
    ):
        write(root, file, nonsense)
        found_in(root)
