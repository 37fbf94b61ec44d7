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


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("抬头写错了 应该是杭州远山商贸", "杭州远山商贸"),
        ("抬头改成青禾科技", "青禾科技"),
        ("公司名不对，是云起贸易才对", "云起贸易"),
        ("抬头写错了", None),
        ("不对 是青禾科技", None),
        ("抬头改成个人", None),
    ],
)
def test_a_title_is_put_right_where_the_title_is_named(line: str, title: str | None) -> None:
    assert asked_for.title_put_right(line) == title


def test_which_part_of_an_invoice_is_wrong_is_told() -> None:
    lines = ("税号填错了", "邮箱不对", "抬头搞错了", "发票错了")
    assert [asked_for.wrong_part(one) for one in lines] == ["tax_number", "email", "title", ""]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("徐强改成徐静", "徐静"),
        ("徐强写错了 是徐墙", "徐墙"),
        ("徐强的电话改成你", None),
        ("徐强收", None),
        ("李静改成徐静", None),
    ],
)
def test_another_name_stands_behind_the_one_that_is_known(line: str, name: str | None) -> None:
    assert asked_for.name_instead(line, "徐强") == name
