"""Measured amounts in words: 零下5度, 2升, 15.6寸, 两个人; the same reading for a buyer's question
and for the sheet of the goods, so that one can be judged by the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.numerals import NUMERAL, number
from bot.read_once import read_once

UNITS_FILE = Path(__file__).resolve().parent.parent / "data" / "patterns" / "units.yml"
WITHIN, AT_MOST, NONE = "within", "at_most", "none"
_FITS = (WITHIN, AT_MOST, NONE)
_MINUS = r"(?:零下|负|-)"
_DIGIT = "[零一二三四五六七八九\\d]"
_METRE = rf"(?<![\d.一二三四五六七八九十])[12一二两]\s{{0,2}}米\s{{0,2}}{_DIGIT}{{1,2}}(?!{_DIGIT}|[十百])"
_METRES = re.compile(rf"(?P<low>{_METRE})(?:\s{{0,2}}(?:到|至|~|-)\s{{0,2}}(?P<high>{_METRE}))?")
_TO = r"\s{0,2}(?:到|至|~|-|—)\s{0,2}"
_COUPLES = {"单人": 1, "双人": 2}
"""How goods say how many they are for; 三人 and 四人 are numbers with a unit."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One thing that is measured, of data/patterns/units.yml."""

    name: str
    unit: str  # the basic unit, as it is said
    fits: str  # how a figure asked for fits a figure told: WITHIN, AT_MOST or NONE
    alone: tuple[str, ...] = ()  # words that make a single figure the lowest one
    not_in: tuple[str, ...] = ()  # topics of a sheet whose figures are the goods' own


@dataclass(frozen=True, kw_only=True)
class Amount:
    """`low` and `high` are in the basic unit, and equal where one figure is told."""

    of: str  # name of its Kind
    low: float
    high: float
    start: int
    end: int

    @property
    def is_range(self) -> bool:
        return self.low != self.high


class UnitsWrong(ValueError):
    """The file of units cannot be used; says where and what to write instead."""


_CENTURY = 876_000  # hours


def kinds() -> dict[str, Kind]:
    return {name: kind for name, (kind, _) in _units().items()}


@read_once
def denials() -> tuple[str, ...]:
    """Words by which a sheet tells that a figure is too much: 睡三个大人会挤."""
    return tuple(_raw()["denies"])


def helpers(of: str) -> tuple[str, ...]:
    """Words by which a sheet tells that goods help others to reach such a figure: 叠在冲锋衣里更暖."""
    return tuple(_raw().get("helped_by", {}).get(of, ()))


@read_once
def bodies() -> tuple[str, ...]:
    """Words by which a clause of a sheet speaks of somebody's height, and of no goods' own."""
    return tuple(_raw()["bodies"])


def amounts(text: str) -> list[Amount]:
    """Every amount of a text, in its order; of overlapping readings the longest."""
    found: list[Amount] = []
    text = text.lower()
    for one in sorted(_found(text), key=lambda one: (one.start - one.end, one.start)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _found(text: str) -> Iterator[Amount]:
    for word, count in _COUPLES.items():
        for match in re.finditer(word, text):
            yield Amount(of="persons", low=count, high=count, start=match.start(), end=match.end())
    for match in _METRES.finditer(text):
        ends = (_centimetres(match["low"]), _centimetres(match["high"] or match["low"]))
        yield Amount(
            of="length", low=min(ends), high=max(ends), start=match.start(), end=match.end()
        )
    for match in _pattern().finditer(text):
        name, factor = _factors()[match["unit"]]
        high = _signed(match["high"], match["high_minus"])
        if high is None:
            continue
        low = high
        if match["low"] is not None:
            low_factor = _factors()[match["low_unit"]][1] if match["low_unit"] else factor
            first = _signed(match["low"], match["low_minus"])
            if first is None:
                continue
            low = first * low_factor / factor
        lowest, highest = sorted((round(low * factor, 4), round(high * factor, 4)))
        if name == "duration" and lowest > _CENTURY:
            continue  # 2025年 is a date
        yield Amount(of=name, low=lowest, high=highest, start=match.start(), end=match.end())


def _centimetres(text: str) -> float:
    """一米五五 and 1米8: metres, and what is over."""
    metres, over = (part.strip() for part in text.split("米"))
    rest = number(over) or 0.0
    return (number(metres) or 0.0) * 100 + (rest * 10 if len(over) == 1 else rest)


def _signed(numeral: str, minus: str | None) -> float | None:
    value = number(numeral)
    return None if value is None else (-value if minus else value)


@read_once
def _pattern() -> re.Pattern[str]:
    every = sorted(_factors(), key=len, reverse=True)
    # 10g of 10gb and 5l of 5lux are other units; 三天 of 三天三夜 is one all the same.
    unit = "|".join(re.escape(one) + (r"(?![a-z])" if one.isascii() else "") for one in every)
    return re.compile(
        rf"(?:(?P<low_minus>{_MINUS})?\s{{0,2}}(?P<low>{NUMERAL})\s{{0,2}}(?P<low_unit>{unit})?{_TO})?"
        rf"(?P<high_minus>{_MINUS})?\s{{0,2}}(?P<high>{NUMERAL}|两)\s{{0,2}}[几来多]?\s{{0,2}}(?P<unit>{unit})"
    )


@read_once
def _factors() -> dict[str, tuple[str, float]]:
    """Unit → (its kind's name, factor to the basic unit)."""
    return {
        word: (name, factor)
        for name, (_, units) in _units().items()
        for word, factor in units.items()
    }


@read_once
def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(UNITS_FILE.read_text(encoding="utf-8"))
    return raw


@read_once
def _units() -> dict[str, tuple[Kind, dict[str, float]]]:
    raw: dict[str, Any] = _raw()["amounts"]
    units: dict[str, tuple[Kind, dict[str, float]]] = {}
    for name, told in raw.items():
        if told.get("fits") not in _FITS or not told.get("units"):
            raise UnitsWrong(f"{UNITS_FILE}: {name} 要写 unit、units 和 fits({'、'.join(_FITS)})")
        factors = {str(word): float(factor) for word, factor in told["units"].items()}
        kind = Kind(
            name=name,
            unit=str(told["unit"]),
            fits=told["fits"],
            alone=tuple(told.get("alone", ())),
            not_in=tuple(told.get("not_in", ())),
        )
        units[name] = (kind, factors)
    return units


WORD_LISTS = (_raw, _units, _factors, _pattern, denials, bodies)
