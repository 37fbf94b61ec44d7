"""What stands before a phone is a name, and no word about the phone itself."""

from __future__ import annotations

import pytest

from bot import asked_for


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("林小路 13800138000 北京市朝阳区建国路88号", "林小路"),
        ("李娜，13911112222", "李娜"),
        ("电话也换 13911112222", None),
        ("手机改成 13911112222", None),
        ("号码错了 13911112222", None),
        ("联系这个 13911112222", None),
    ],
)
def test_what_stands_before_a_phone(line: str, name: str | None) -> None:
    assert asked_for.name_before_phone(line) == name


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("开给青石测绘有限公司", "开给青石测绘有限公司"),
        ("城北农村商业银行", "城北农村商业银行"),
        ("发我邮箱就行", None),
        ("随便开一下就行", None),
    ],
)
def test_what_is_a_title(line: str, title: str | None) -> None:
    assert asked_for.company(line) == title
