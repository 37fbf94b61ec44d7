"""Configuration: the machine's from the environment, the shop's from shop/settings.yml."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from bot.follow_up_settings import FollowUpPlan
from bot.settings_file import SettingsError
from bot.shop_settings import (
    Greeting,
    Reading,
    RetentionPlan,
    ShopSettings,
    read_shop_settings,
)

__all__ = [
    "VARIABLES",
    "FollowUpPlan",
    "Greeting",
    "Network",
    "Reading",
    "RetentionPlan",
    "Settings",
    "SettingsError",
    "ShopSettings",
    "read_settings",
    "read_shop_settings",
]

# Every variable that is read; docs/settings.md says what each means.
VARIABLES = (
    "HOST",
    "PORT",
    "DATABASE_URL",
    "SHOP_API_URL",
    "SHOP_API_TOKEN",
    "SHOP_WEBHOOK_SECRET",
    "REST_TOKEN",
    "SECRET_KEY",
    "DESK_PASSWORD",
    "DEMO",
    "TRUSTED_PROXIES",
    "UPLOADS_MB",
    "DIANXIAOER_VAR",
    "MODELS",
    "SHOP_SETTINGS",
    "SHOP_PICTURES",
)
ROOT = Path(__file__).resolve().parents[1]
_SHORTEST_SECRET = 32  # characters; HS256 wants 256 bits
_SHORTEST_TOKEN = 24
_SHORTEST_PASSWORD = 10

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Environment variables, each with its meaning in docs/settings.md."""

    host: str
    port: int
    database_url: str
    shop_api_url: str  # "" = the embedded shop
    shop_api_token: str  # demanded by, or given to, the shop's JSON API
    shop_webhook_secrets: tuple[str, ...]  # any of them signs what that shop posts; () = nothing
    rest_token: str  # demanded by the REST door off loopback
    secret_key: str  # signs buyers' tokens
    desk_password: str  # first password of the desk account "admin"; "" = one is made and kept
    demo: bool  # demo buyers may be acted as, and the demo pay page works
    trusted_proxies: tuple[Network, ...]  # whose X-Forwarded-For is believed
    most_upload_bytes: int  # what all pictures of buyers may take
    var: Path
    models: Path
    web: Path
    pictures: Path  # of the shop's goods
    own_replies: Path  # a shop's replies in its own words, which win over data/replies
    shop: ShopSettings

    @property
    def is_on_loopback(self) -> bool:
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    return host in ("127.0.0.1", "::1", "localhost")


def var_folder(root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The shop's own folder; for commands that need no other setting."""
    return Path(environ.get("DIANXIAOER_VAR", "").strip() or root / "var")


def read_settings(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError. An empty variable counts as none, as container files leave them."""

    def value(name: str, default: str = "") -> str:
        assert name in VARIABLES
        return environ.get(name, "").strip() or default

    def path(name: str, default: Path) -> Path:
        return Path(value(name) or default)

    var = var_folder(root, environ)
    shop_file = path("SHOP_SETTINGS", root / "shop" / "settings.yml")
    host, shop_api_url = value("HOST", "127.0.0.1"), value("SHOP_API_URL")
    return Settings(
        host=host,
        port=_port(value("PORT", "8080")),
        database_url=_database_url(value("DATABASE_URL", f"sqlite:///{var / 'dianxiaoer.db'}")),
        shop_api_url=_http_url("SHOP_API_URL", shop_api_url),
        shop_api_token=_token("SHOP_API_TOKEN", value("SHOP_API_TOKEN")),
        shop_webhook_secrets=_webhook_secrets(value("SHOP_WEBHOOK_SECRET"), shop_api_url),
        rest_token=_token("REST_TOKEN", value("REST_TOKEN")),
        secret_key=_secret(value("SECRET_KEY"), var / "secret_key"),
        desk_password=_password(value("DESK_PASSWORD")),
        demo=_demo(value("DEMO"), shop_api_url),
        trusted_proxies=_networks(value("TRUSTED_PROXIES")),
        most_upload_bytes=_megabytes(value("UPLOADS_MB", "5120")),
        var=var,
        models=path("MODELS", root / "models"),
        web=root / "web" / "dist",
        pictures=path("SHOP_PICTURES", root / "shop" / "demo" / "pictures"),
        own_replies=shop_file.parent / "replies",
        shop=read_shop_settings(shop_file),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise SettingsError(f"PORT={text}: 端口要写 0 到 65535 之间的数字,例如 PORT=8080")
    return int(text)


def _database_url(text: str) -> str:
    scheme = text.partition("://")[0].partition("+")[0]
    if scheme not in ("sqlite", "postgres", "postgresql") or text in ("sqlite://", "sqlite:///"):
        raise SettingsError(
            "DATABASE_URL: 请写 sqlite:///文件路径 或 postgresql://用户:密码@主机/库名"
        )
    return text


def _http_url(name: str, text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingsError(f"{name}={text}: 请写完整地址,例如 https://shop.example.com/api")
    return text


def _switch(name: str, text: str, *, default: bool) -> bool:
    if text and text not in ("0", "1"):
        raise SettingsError(f"{name}={text}: 开写 {name}=1,关写 {name}=0")
    return text == "1" if text else default


def _demo(text: str, shop_api_url: str) -> bool:
    """Acting as any buyer is for trying out: only where it is asked for, never with a real shop."""
    demo = _switch("DEMO", text, default=False)
    if demo and shop_api_url:
        raise SettingsError("DEMO=1: 演示模式谁都能冒充买家,不能和 SHOP_API_URL 一起用,请写 DEMO=0")
    return demo


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"TRUSTED_PROXIES: {error},请写反向代理的地址或网段,例如 127.0.0.1,10.0.0.0/8"
        ) from None


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 10**9):
        raise SettingsError(f"UPLOADS_MB={text}: 写买家图片最多占多少 MB,例如 UPLOADS_MB=5120")
    return int(text) * 1024**2


def _token(name: str, text: str) -> str:
    if text and len(text) < _SHORTEST_TOKEN:
        raise SettingsError(
            f"{name}: 至少 {_SHORTEST_TOKEN} 个字符,例如用 openssl rand -hex 24 生成一个"
        )
    return text


def _webhook_secrets(text: str, shop_api_url: str) -> tuple[str, ...]:
    """Two while one is changed for the other, with a blank between."""
    if text and not shop_api_url:
        raise SettingsError(
            "SHOP_WEBHOOK_SECRET: 接了自己的店（SHOP_API_URL）才用得上，内置的店请去掉它"
        )
    return tuple(_token("SHOP_WEBHOOK_SECRET", one) for one in text.split())


def _password(text: str) -> str:
    if text and len(text) < _SHORTEST_PASSWORD:
        raise SettingsError(f"DESK_PASSWORD: 密码至少 {_SHORTEST_PASSWORD} 位")
    return text


def _secret(given: str, path: Path) -> str:
    """The given secret, or this installation's own, made once, readable by its owner only."""
    if given:
        if len(given) < _SHORTEST_SECRET:
            raise SettingsError(f"SECRET_KEY: 至少 {_SHORTEST_SECRET} 个字符,不写会自动生成一个")
        return given
    if path.exists():
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) >= _SHORTEST_SECRET:
            return kept
        raise SettingsError(f"{path}: 内容不完整,请删掉这个文件后重启(已登录的买家要重新登录)")
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(48)
    # Written whole before it has its name, so that a crash leaves none or all of it.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(secret)
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first: its secret counts
        return path.read_text(encoding="ascii").strip()
    finally:
        draft.unlink()
    return secret
