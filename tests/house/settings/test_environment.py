"""What the environment may say, and what it is told when it says it wrongly."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings
from tests.support.house import ROOT


def settings(folder: Path, **environ: str) -> Settings:
    return read_settings(ROOT, {"DIANXIAOER_VAR": str(folder), **environ})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("DATABASE_URL", "mysql://db/shop"),
        ("DATABASE_URL", "sqlite://"),
        ("SHOP_API_URL", "shop.example.com"),
        ("SECRET_KEY", "short"),
        ("DESK_PASSWORD", "short"),
        ("DEMO", "maybe"),
        ("REST_TOKEN", "1" * 23),
        ("SHOP_API_TOKEN", "1" * 23),
        ("SHOP_WEBHOOK_SECRET", "1" * 24),  # of the embedded shop
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("UPLOADS_MB", "0"),
        ("UPLOADS_MB", "much"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(tmp_path, **{name: value})


def test_a_wrong_secret_is_not_told(tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DESK_PASSWORD"):
        with pytest.raises(SettingsError) as error:
            settings(tmp_path, **{name: "hush"})
        assert "hush" not in str(error.value)


def test_secrets_of_the_shops_webhook_are_long_enough_and_two_while_one_is_changed(
    tmp_path: Path,
) -> None:
    shop = {"SHOP_API_URL": "https://shop.example"}
    found = settings(tmp_path, SHOP_WEBHOOK_SECRET=f"{'1' * 24} {'2' * 24}", **shop)
    assert found.shop_webhook_secrets == ("1" * 24, "2" * 24)
    with pytest.raises(SettingsError, match="SHOP_WEBHOOK_SECRET"):
        settings(tmp_path, SHOP_WEBHOOK_SECRET=f"{'1' * 24} short", **shop)


def test_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    assert settings(tmp_path, PORT="", HOST=" ").port == 8080


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    assert settings(tmp_path).secret_key == settings(tmp_path).secret_key
    assert len(settings(tmp_path).secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_damaged_secret_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(SettingsError, match="secret_key"):
        settings(tmp_path)


@pytest.mark.parametrize(
    ("environ", "demo"),
    [
        ({}, False),
        ({"DEMO": "0"}, False),
        ({"DEMO": "1"}, True),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "0.0.0.0", "DEMO": "1"}, True),
        ({"SHOP_API_URL": "https://shop.example.com"}, False),
    ],
)
def test_acting_as_demo_buyers_is_off_unless_asked_for(
    tmp_path: Path, environ: dict[str, str], demo: bool
) -> None:
    assert settings(tmp_path, **environ).demo is demo


def test_acting_as_buyers_of_a_real_shop_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DEMO=1"):
        settings(tmp_path, SHOP_API_URL="https://shop.example.com", DEMO="1")


def test_proxies_are_believed_by_address_and_by_range(tmp_path: Path) -> None:
    found = settings(tmp_path, TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,fd00::/8").trusted_proxies
    assert [str(one) for one in found] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
    assert settings(tmp_path).trusted_proxies == ()
