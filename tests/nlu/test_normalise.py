"""One spelling for what buyers type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("有貨嗎，這個３８碼", "有货吗,这个38码"),
        ("亲~亲~在吗", "亲 亲 在吗"),
        ("好好好好好", "好好"),
        ("啊啊啊啊啊啊", "啊啊"),
        ("XXXL有吗", "xxxl有吗"),
        ("1111号楼", "1111号楼"),
        ("100～200块", "100-200块"),
        ("😀😀", ""),
        ("👌", "好的"),
        ("[微笑]谢谢/:^_^", "谢谢"),
        ("/:087 好的", "好的"),
        ("什么？？？！！", "什么?!"),
        ("a\u200bb\u0007c", "abc"),
        ("  多   空格  ", "多 空格"),
        ("收货人：张三\r\n电话：138 0000 1234\n\n", "收货人:张三\n电话:138 0000 1234"),
        ("", ""),
    ],
)
def test_the_same_words_get_one_spelling(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_five_thousand_characters_take_a_moment_only() -> None:
    assert len(normalise("这双鞋好看吗？" * 700)) == 4900
