"""The doors in shop/settings.yml: what is missing or wrong is told with what to write instead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.door_settings import read_doors
from bot.settings_file import SettingsError, SettingsFile

KEY = "k" * 24


def told(folder: Path, text: str) -> str:
    path = folder / "settings.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_doors(SettingsFile(path))
    return str(caught.value).removeprefix(str(path))


def test_both_are_read_and_neither_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "settings.yml"
    path.write_text("shop: {}\n", encoding="utf-8")
    assert read_doors(SettingsFile(path)).sms is None
    path.write_text(
        "doors:\n"
        f"  webhook: {{url: 'https://a.example/x', secret: {KEY}, reply_window_hours: 48}}\n"
        f"  sms: {{url: 'http://127.0.0.1:9/', key: {KEY}, sign: 山行, kinds: [parcel_late]}}\n",
        encoding="utf-8",
    )
    plan = read_doors(SettingsFile(path))
    assert plan.webhook is not None and plan.sms is not None
    assert plan.sms.kinds == {"parcel_late"}
    assert plan.webhook.reply_window == timedelta(hours=48) and plan.sms.reply_window is None
    assert KEY not in repr(plan) and "a.example" not in repr(plan)


def test_mail_needs_little_and_hides_its_password(tmp_path: Path) -> None:
    path = tmp_path / "settings.yml"
    path.write_text(
        "doors:\n  email: {host: smtp.a.example, user: u, password: hidden, from: a@b.cn, kinds: [due]}\n",
        encoding="utf-8",
    )
    plan = read_doors(SettingsFile(path)).email
    assert plan is not None and (plan.security, plan.port, plan.password) == ("tls", 465, "hidden")
    assert "hidden" not in repr(plan)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"doors:\n  webhook:\n    url: http://a.example/x\n    secret: {KEY}\n", ":3: doors.webhook.url: 请写完整网址"),
        ("doors:\n  webhook:\n    url: https://a.example/x\n    secret: short\n", ":4: doors.webhook.secret: 至少 24"),
        (f"doors:\n  webhook:\n    url: https://a.example/x\n    secret: {KEY}\n    reply_window_hours: 0\n", ":5: doors.webhook.reply_window_hours: "),
        ("doors:\n  webhook:\n    url: https://a.example/x\n", ":2: doors.webhook.secret: 这里要有"),
        (f"doors:\n  sms:\n    url: https://a.example/x\n    key: {KEY}\n    sign: 山\n    kinds: [due]\n", ":5: doors.sms.sign: 写短信平台"),
        (f"doors:\n  sms:\n    url: https://a.example/x\n    key: {KEY}\n    sign: 山行\n    kinds: []\n", ":6: doors.sms.kinds: 写哪几类"),
        ("doors:\n  email:\n    host: a.example\n    security: none\n", ":4: doors.email.security: none 只能用在本机"),
        ("doors:\n  email:\n    host: a.example\n    security: ssl\n", ":4: doors.email.security: 写 tls"),
        ("doors:\n  email:\n    host: a.example\n    from: shop\n", ":4: doors.email.from: 写发信的邮箱"),
        ("doors:\n  email:\n    host: a.example\n    from: a@b.cn\n    user: u\n", ":2: doors.email.password: 这里要有"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_line(tmp_path: Path, text: str, what: str) -> None:
    assert told(tmp_path, text).startswith(what)
