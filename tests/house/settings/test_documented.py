"""No setting and no address without a word in the docs."""

from __future__ import annotations

import re

import pytest

from bot.channels.routes import ROUTES as BUYERS_ROUTES
from bot.desk.routes import ROUTES as DESK_ROUTES
from bot.settings import VARIABLES
from bot.shop_settings import KEYS
from tests.support.house import ROOT

SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "chat-protocol.md").read_text(encoding="utf-8")
LEAVES = sorted(key for key in KEYS if not any(other.startswith(f"{key}.") for other in KEYS))


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_is_documented(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS


def test_no_variable_is_documented_that_is_not_read() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)) == set(VARIABLES)


@pytest.mark.parametrize("key", LEAVES)
def test_every_key_of_the_shops_settings_is_documented(key: str) -> None:
    assert f"`{key}`" in SETTINGS


@pytest.mark.parametrize(
    ("method", "path"), [(route.method, route.path) for route in (*BUYERS_ROUTES, *DESK_ROUTES)]
)
def test_every_address_is_documented(method: str, path: str) -> None:
    plain = re.sub(r"\{(\w+):[^}]+\}", r"{\1}", path)
    assert re.search(rf"`{method} {re.escape(plain)}[`?]", PROTOCOL)


def test_no_other_part_reads_the_environment_of_the_house() -> None:
    """Of the house's own variables; `bot.shop` has commands of its own."""
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    assert sorted(readers) == [
        "bot/__main__.py",
        "bot/desk/release_views.py",  # hands it on to the process that publishes
        "bot/lean_training.py",  # tells NumPy's library of the processor, before it is loaded
        "bot/nlu/linear_fit.py",  # hands it to the process that fits, and reads nothing
        "bot/nlu/near_names.py",  # tells a library of others what it needs not load
        "bot/publishing/conversing.py",  # hands it on to the process that plays conversations
        "bot/settings.py",
        "bot/shop/__main__.py",
        "bot/training/trainer.py",  # hands it to the process that trains, and reads nothing
    ]
