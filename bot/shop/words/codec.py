"""The shop's dataclasses as JSON and back, by their type hints alone.

Used on the wire (api, remote), for stored offers and for remembered answers.
"""

from __future__ import annotations

import collections.abc
import functools
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any


class BadShape(ValueError):
    """JSON that does not fit the type; `path` says where, as in wanted[0].quantity."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path or 'value'}: expected {expected}")
        self.path, self.expected = path, expected


def encode(value: Any) -> Any:
    """Dataclasses become objects, enums their value, times ISO 8601 in UTC, tuples lists.

    A set becomes a sorted list.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, collections.abc.Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(encode(item) for item in value)
    return value


def decode(hint: Any, value: Any, path: str = "") -> Any:
    """The value of type `hint` that JSON `value` stands for. Raises BadShape."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        plain = [argument for argument in arguments if argument is not type(None)]
        return decode(plain[0], value, path)
    if origin in (tuple, list, collections.abc.Sequence):
        return _decode_sequence(origin, arguments, value, path)
    if origin is frozenset:
        return frozenset(_decode_sequence(origin, arguments, value, path))
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, dict):
            raise BadShape(path, "an object")
        return {key: decode(arguments[1], item, _at(path, key)) for key, item in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return _decode_dataclass(hint, value, path)
    return _decode_plain(hint, value, path)


def _decode_sequence(origin: Any, arguments: tuple[Any, ...], value: Any, path: str) -> Any:
    if not isinstance(value, list):
        raise BadShape(path, "a list")
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        if len(value) != len(arguments):
            raise BadShape(path, f"a list of {len(arguments)}")
        hints: tuple[Any, ...] = arguments
    else:
        hints = (arguments[0],) * len(value)
    return tuple(
        decode(hint, item, f"{path}[{index}]")
        for index, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


@functools.cache
def hints_of(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode_dataclass(hint: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise BadShape(path, f"an object ({hint.__name__})")
    hints, given = hints_of(hint), {}
    for field in fields(hint):
        if field.name in value:
            given[field.name] = decode(hints[field.name], value[field.name], _at(path, field.name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BadShape(_at(path, field.name), "a value (it is missing)")
    for name in value:
        if name not in hints:
            raise BadShape(_at(path, name), "no such field")
    return hint(**given)


def _decode_plain(hint: Any, value: Any, path: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint in (str, bool, float) and isinstance(value, hint):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint is type(None) and value is None:
        return None
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError:
            raise BadShape(path, "one of " + ", ".join(str(item.value) for item in hint)) from None
    if hint in (datetime, date) and isinstance(value, str):
        try:
            return _time(hint, value)
        except ValueError:
            raise BadShape(path, "an ISO 8601 date or an aware time") from None
    raise BadShape(path, getattr(hint, "__name__", str(hint)))


def _time(hint: Any, value: str) -> Any:
    if hint is date:
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(timezone.utc)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else str(name)
