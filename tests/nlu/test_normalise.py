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
        ("【转人工】", "转人工"),
        ("【轉人工】", "转人工"),
        ("[转人工]", "转人工"),
        ("要【黑色】【39码】那双", "要 黑色 39码 那双"),
        ("我要【退货】", "我要 退货"),
        ("请回复【对】", "请回复 对"),
        ("收货人：【苏禾】 电话：【13812340000】", "收货人: 苏禾 电话: 13812340000"),
        ("【红包】怎么领", "红包 怎么领"),
        ("订单【6802000000000401】到哪了", "订单 6802000000000401 到哪了"),
        ("好滴[呲牙][呲牙][玫瑰]", "好滴"),
        ("好看[偷笑R][捂臉]", "好看"),
        ("等三天看看[Facepalm]", "等三天看看"),
        ("【微笑】", ""),
        ("【强】", "赞"),
        ("[emoji_12]在么", "在么"),
        ('[语音] 39"', '[语音] 39"'),
        ("[語音] 39″", "[语音] 39'"),
        ("[图片]", "[图片]"),
        ("【视频】 00:15", "[视频] 00:15"),
        ("[转账] ¥200.00", "[转账] ¥200.00"),
        ("[该消息类型暂不支持，请在手机上查看]", "[该消息类型暂不支持,请在手机上查看]"),
        ('"阿蓝" 撤回了一条消息', '"阿蓝" 撤回了一条消息'),
        ("[[微笑]黑色", "黑色"),
        ("3️⃣9️⃣码", "39码"),
    ],
)
def test_the_same_words_get_one_spelling(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="[]【】语音微笑强 暂不支持r1\ufe0f\u20e3", max_size=20),
    )
)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_five_thousand_characters_take_a_moment_only() -> None:
    assert len(normalise("这双鞋好看吗？" * 700)) == 4900
