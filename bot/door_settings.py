"""By which doors a follow-up leaves the house beside the chat, in shop/settings.yml."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from bot.settings_file import SettingsFile
from bot.shop.words.mail_address import email_address

_WINDOW = "reply_window_hours"
DOOR_KEYS = frozenset(
    {"doors", "doors.webhook", "doors.sms", "doors.email"}
    | {f"doors.webhook.{name}" for name in ("url", "secret", _WINDOW)}
    | {f"doors.sms.{name}" for name in ("url", "key", "sign", "kinds", _WINDOW)}
    | {
        f"doors.email.{name}"
        for name in ("host", "port", "security", "user", "password", "from", "kinds", _WINDOW)
    }
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_SIGN, _SHORTEST_SECRET = 12, 24
_LONGEST_WINDOW = 30 * 24  # hours
_PORTS = {"tls": 465, "starttls": 587, "none": 25}  # by `security`


@dataclass(frozen=True, kw_only=True)
class WebhookPlan:
    """Every follow-up is told to this address."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    reply_window: timedelta | None = None
    """Nothing leaves by this door later than so long after the buyer's own last line."""


@dataclass(frozen=True, kw_only=True)
class SmsPlan:
    """These kinds are sent as text messages, to who has no page open."""

    url: str = field(repr=False)
    key: str = field(repr=False)
    sign: str  # 【山行户外】 without its brackets
    kinds: frozenset[str]
    reply_window: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class EmailPlan:
    """These kinds are sent as e-mails, to who has no page open."""

    host: str
    port: int
    security: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    kinds: frozenset[str]
    reply_window: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class DoorPlan:
    webhook: WebhookPlan | None = None
    sms: SmsPlan | None = None
    email: EmailPlan | None = None


def read_doors(file: SettingsFile) -> DoorPlan:
    """Raises SettingsError."""
    return DoorPlan(
        webhook=_webhook(file) if file.has("doors.webhook") else None,
        sms=_sms(file) if file.has("doors.sms") else None,
        email=_email(file) if file.has("doors.email") else None,
    )


def _webhook(file: SettingsFile) -> WebhookPlan:
    return WebhookPlan(
        url=_url(file, "doors.webhook.url"),
        secret=_secret(file, "doors.webhook.secret"),
        reply_window=_reply_window(file, "webhook"),
    )


def _sms(file: SettingsFile) -> SmsPlan:
    sign = file.text("doors.sms.sign")
    if not 2 <= len(sign) <= _LONGEST_SIGN:
        raise file.error(
            "doors.sms.sign", f"写短信平台批下来的签名，2 到 {_LONGEST_SIGN} 个字，不带【】"
        )
    return SmsPlan(
        url=_url(file, "doors.sms.url"),
        key=_secret(file, "doors.sms.key"),
        sign=sign,
        kinds=_kinds(file, "doors.sms.kinds", "短信"),
        reply_window=_reply_window(file, "sms"),
    )


def _email(file: SettingsFile) -> EmailPlan:
    host = file.text("doors.email.host")
    security = file.text("doors.email.security") if file.has("doors.email.security") else "tls"
    if security not in _PORTS:
        raise file.error("doors.email.security", "写 tls、starttls 或 none")
    if security == "none" and host not in _LOOPBACK:
        raise file.error(
            "doors.email.security", "none 只能用在本机的邮件服务上，别的写 tls 或 starttls"
        )
    sender = email_address(file.text("doors.email.from"))
    if not sender:
        raise file.error("doors.email.from", "写发信的邮箱地址，例如 hello@shop.example")
    user = file.text("doors.email.user") if file.has("doors.email.user") else ""
    return EmailPlan(
        host=host,
        port=file.whole("doors.email.port", default=_PORTS[security], least=1, most=65535),
        security=security,
        user=user,
        password=file.text("doors.email.password") if user else "",
        sender=sender,
        kinds=_kinds(file, "doors.email.kinds", "邮件"),
        reply_window=_reply_window(file, "email"),
    )


def _reply_window(file: SettingsFile, door: str) -> timedelta | None:
    key = f"doors.{door}.{_WINDOW}"
    if not file.has(key):
        return None
    return timedelta(hours=file.whole(key, default=1, least=1, most=_LONGEST_WINDOW))


def _kinds(file: SettingsFile, key: str, what: str) -> frozenset[str]:
    kinds = file.get(key, list)
    if not kinds or not all(isinstance(kind, str) for kind in kinds):
        raise file.error(key, f"写哪几类跟进要发{what}，例如 [parcel_late, promise_due]")
    return frozenset(kinds)


def _url(file: SettingsFile, key: str) -> str:
    url = file.text(key)
    parts = urlsplit(url)
    is_own = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or (parts.scheme != "https" and not is_own):
        raise file.error(key, "请写完整网址，以 https:// 开头")
    return url


def _secret(file: SettingsFile, key: str) -> str:
    secret = file.text(key)
    if len(secret) < _SHORTEST_SECRET:
        raise file.error(
            key, f"至少 {_SHORTEST_SECRET} 个字符，例如用 openssl rand -hex 24 生成一个"
        )
    return secret
