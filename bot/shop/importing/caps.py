"""How large a file of goods may be, unpacked: a mistake or a bomb is told before it fills memory."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 50 * 1024**2  # bytes
LARGEST_UNPACKED = 200 * 1024**2  # bytes of an .xlsx, all parts together
MOST_ROWS = 100_000  # of one file
MOST_ALIASES = 1000  # of one YAML file


def oversize(path: Path) -> str | None:
    """What is wrong with the size of this file, in words; None where nothing is."""
    if path.stat().st_size > LARGEST_FILE:
        return f"文件超过 {LARGEST_FILE // 1024**2} MB，请分成几个文件"
    if path.suffix == ".xlsx" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return _oversize_workbook(packed)
    return None


def _oversize_workbook(packed: zipfile.ZipFile) -> str | None:
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return f"解开后超过 {LARGEST_UNPACKED // 1024**2} MB，请删掉多余的行和格式，分成几个文件"
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            try:
                with packed.open(part) as content:
                    if b"<!DOCTYPE" in content.read(4096):  # no table program writes one
                        return "里面有不该有的定义，请用 Excel 另存为 .xlsx"
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                return "打不开，请用 Excel 另存为 .xlsx"
    return None


def too_many_rows() -> str:
    return f"超过 {MOST_ROWS} 行，请删掉空白的行，或分成几个文件"


def multiplied(text: str, loader: Any) -> tuple[int, str] | None:
    """(line, words) where YAML aliases would multiply: one inside another, or too many.

    Raises yaml.YAMLError.
    """
    anchored: list[bool] = []  # of each open collection: whether it, or one around it, has a name
    aliases = 0
    for event in yaml.parse(text, loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            if anchored and anchored[-1]:
                return line, "*别名 不能写在另一个 &名字 里面，请直接写出内容"
            if aliases > MOST_ALIASES:
                return line, f"*别名 超过 {MOST_ALIASES} 个，请直接写出内容"
        elif isinstance(event, yaml.CollectionStartEvent):
            anchored.append(event.anchor is not None or bool(anchored and anchored[-1]))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchored.pop()
    return None
