"""A YAML file of settings that says, when something is wrong, in which line and what to write."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.hours import Window

_WANTED = {str: "一段文字", list: "一个列表", dict: "一组设置"}


class SettingsError(Exception):
    """A setting is missing or wrong; the text says where and what to write instead."""

    def __init__(self, text: str, *, key: str = "", what: str = "") -> None:
        """`key` and `what`: of which setting, and the text without the place."""
        super().__init__(text)
        self.key, self.what = key, what or text


class SettingsFile:
    """Settings by dotted key, "shop.name". Every method raises SettingsError."""

    def __init__(self, path: Path) -> None:
        self._path: Path | None = path
        try:
            text = path.read_text(encoding="utf-8")
            self._values: Any = yaml.safe_load(text)
            self._lines = dict(_lines(yaml.compose(text, yaml.SafeLoader)))
        except FileNotFoundError:
            raise SettingsError(f"{path}: 没有找到店铺设置文件") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{path}: 请用 UTF-8 编码保存这个文件") from None
        except yaml.MarkedYAMLError as error:
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            raise SettingsError(
                f"{path}{line}: 这里不是有效的 YAML,请检查缩进、冒号后的空格和引号({error.problem})"
            ) from None
        except (yaml.YAMLError, ValueError) as error:  # e.g. the 31st of February
            raise SettingsError(f"{path}: 不是有效的 YAML: {error}") from None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SettingsFile:
        """The same settings from elsewhere: errors name the key alone."""
        made = cls.__new__(cls)
        made._path, made._values = None, values
        made._lines = dict.fromkeys(_keys(values), 0)
        return made

    def text(self, key: str) -> str:
        return str(self.get(key, str)).strip()

    def template(self, key: str, names: Iterable[str]) -> str:
        """A text in which only these names may stand in braces."""
        text = self.text(key)
        allowed = set(names)
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            used = {"{"}
        if not used <= allowed:
            known = "、".join(f"{{{name}}}" for name in sorted(allowed)) or "不用花括号"
            raise self.error(key, f"花括号里只能写: {known}")
        return text

    def number(self, key: str) -> float:
        """Not below zero."""
        value = float(self.get(key, (int, float)))
        if not 0 <= value < 10**9:
            raise self.error(key, "请写一个不小于 0 的数字")
        return value

    def whole(self, key: str, default: int, *, least: int = 1, most: int = 3650) -> int:
        """A whole number within bounds; `default` where the file is silent."""
        if not self.has(key):
            return default
        value = self.get(key, int)
        if not least <= value <= most:
            raise self.error(key, f"请写 {least} 到 {most} 之间的整数")
        return int(value)

    def window(self, key: str, text: Any) -> Window:
        """A stretch of a day that stands at `key`."""
        try:
            return Window.parse(text)
        except (ValueError, AttributeError):
            raise self.error(key, f'时间段「{text}」请写成 "09:00-22:00" 这样,带引号') from None

    def flag(self, key: str) -> bool:
        here: Any = self._values
        for part in key.split("."):
            here = here.get(part) if isinstance(here, dict) else None
        if not isinstance(here, bool):
            raise self.error(key, "写 yes 或 no")
        return here

    def has(self, key: str) -> bool:
        return key in self._lines

    def get(self, key: str, kind: Any) -> Any:
        here = self._values
        for part in key.split("."):
            here = here.get(part) if isinstance(here, dict) else None
        if not isinstance(here, kind) or isinstance(here, bool):
            raise self.error(key, f"这里要有{_WANTED.get(kind, '一个数字')}")
        return here

    def demand_known(self, keys: Iterable[str], *, free: tuple[str, ...] = ()) -> None:
        """No key but these, and whatever stands below `free`: a misspelt one must not be lost."""
        known = set(keys)
        for key in self._lines:
            if key not in known and key.rpartition(".")[0] not in free:
                siblings = sorted(
                    one.rpartition(".")[2]
                    for one in known
                    if one.rpartition(".")[0] == key.rpartition(".")[0]
                )
                raise self.error(key, f"不认识这一项,这里可以写: {'、'.join(siblings)}")

    def error(self, key: str, what: str) -> SettingsError:
        place = f"{self._path}{self._line_of(key)}: " if self._path else ""
        return SettingsError(f"{place}{key}: {what}", key=key, what=what)

    def _line_of(self, key: str) -> str:
        """ ":12" of the key, or of what it is missing from."""
        while key and key not in self._lines:
            key = key.rpartition(".")[0]
        return f":{self._lines[key]}" if key else ""


def _lines(node: Any, prefix: str = "") -> Iterator[tuple[str, int]]:
    """(dotted key, line from 1) of every key."""
    if not isinstance(node, yaml.MappingNode):
        return
    for name, value in node.value:
        key = f"{prefix}{name.value}"
        yield key, name.start_mark.line + 1
        yield from _lines(value, f"{key}.")


def _keys(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted keys of nested settings."""
    for name, value in values.items():
        yield f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _keys(value, f"{prefix}{name}.")
