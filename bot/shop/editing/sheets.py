"""What of the shop can be changed by hand, and how each cell is filled in (`sheets.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.shop.embedded.house import FACE
from bot.shop.importing import headings

SHEETS = Path(__file__).with_name("sheets.yml")
# Beyond our columns these say what the shop likes, under its own Chinese names: 配料.
WITH_OWN = ("products", "skus")
_TITLES = {FACE: "招呼和上班时间"}  # no section of the importer's


@dataclass(frozen=True, kw_only=True)
class Field:
    """A cell. `name`: the importer's column; `form`: how it is filled in."""

    name: str
    label: str
    form: str
    needed: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_fixed: bool = False  # written once, when the row is new
    is_only_new: bool = False
    is_secret: bool = False  # for owners alone


@dataclass(frozen=True, kw_only=True)
class Sheet:
    section: str
    title: str
    groups: tuple[tuple[str, tuple[Field, ...]], ...]

    @property
    def fields(self) -> dict[str, Field]:
        return {one.name: one for _, fields in self.groups for one in fields}


@lru_cache(maxsize=1)
def sheets() -> dict[str, Sheet]:
    """By section; read once."""
    told = yaml.load(SHEETS.read_text("utf-8"), yaml.BaseLoader)  # off and yes stay words
    return {
        section: Sheet(
            section=section,
            title=_TITLES.get(section) or headings.kinds()[section].names[0],
            groups=tuple(
                (name, tuple(_field(section, one, about) for one, about in fields.items()))
                for name, fields in groups.items()
            ),
        )
        for section, groups in told.items()
    }


def _field(section: str, name: str, about: dict[str, Any]) -> Field:
    return Field(
        name=name,
        label=about.get("label") or headings.label(section, name).removesuffix("克"),
        form=about["form"],
        needed="needed" in about or (section != FACE and name in headings.kinds()[section].needs),
        hint=about.get("hint", ""),
        choices=tuple(about.get("choices", ())),
        is_fixed="fixed" in about,
        is_only_new="new" in about,
        is_secret="secret" in about,
    )
