"""Whom the house tells outside the browser, in shop/settings.yml: groups' robots and webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from urllib.parse import urlsplit

from bot.settings_file import SettingsFile

ALERT_KEYS = frozenset({"alerts", "alerts.untaken_minutes", "alerts.page", "alerts.targets"})
_OF_A_TARGET = ("kind", "url", "secret")
_LONGEST_NAME = 40
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AlertKind(Enum):
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECOM = "wecom"
    WEBHOOK = "webhook"

    @property
    def is_signed(self) -> bool:
        """企业微信 has no secret beside the one in the address."""
        return self is not AlertKind.WECOM


@dataclass(frozen=True, kw_only=True)
class AlertTarget:
    kind: AlertKind
    url: str = field(repr=False)  # holds a key
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, kw_only=True)
class AlertPlan:
    targets: Mapping[str, AlertTarget] = field(default_factory=dict)  # by name
    untaken_after: timedelta = timedelta(minutes=3)  # nobody took it: told once more
    page: str = ""  # of the desk, as it is written below what is told


def alert_keys(file: SettingsFile) -> set[str]:
    return {f"alerts.targets.{name}.{key}" for name in _names(file) for key in _OF_A_TARGET}


def read_alerts(file: SettingsFile) -> AlertPlan:
    """Raises SettingsError."""
    page = file.text("alerts.page") if file.has("alerts.page") else ""
    if page and not page.startswith(("https://", "http://")):
        raise file.error("alerts.page", "请写完整地址,例如 https://shop.example/desk")
    return AlertPlan(
        targets={name: _target(file, name) for name in _names(file)},
        untaken_after=timedelta(minutes=file.whole("alerts.untaken_minutes", 3, least=1, most=240)),
        page=page,
    )


def _names(file: SettingsFile) -> list[str]:
    return [str(one) for one in file.get("alerts.targets", dict)] if _has_targets(file) else []


def _has_targets(file: SettingsFile) -> bool:
    return file.has("alerts.targets")


def _target(file: SettingsFile, name: str) -> AlertTarget:
    key = f"alerts.targets.{name}"
    if len(name) > _LONGEST_NAME or "." in name:
        raise file.error(key, f"名字最多 {_LONGEST_NAME} 个字,不带点")
    try:
        kind = AlertKind(file.text(f"{key}.kind"))
    except ValueError:
        kinds = "、".join(one.value for one in AlertKind)
        raise file.error(f"{key}.kind", f"这里可以写: {kinds}") from None
    url = file.text(f"{key}.url")
    parts = urlsplit(url)
    is_own = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or (parts.scheme != "https" and not is_own):
        raise file.error(f"{key}.url", "请从群机器人的设置里复制完整地址,以 https:// 开头")
    if not kind.is_signed:
        return AlertTarget(kind=kind, url=url)
    if not file.has(f"{key}.secret"):
        raise file.error(
            key, "还要写 secret: 在机器人的安全设置里选「加签」或「签名校验」,复制密钥"
        )
    return AlertTarget(kind=kind, url=url, secret=file.text(f"{key}.secret"))
