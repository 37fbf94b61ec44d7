"""What a training further cannot do, known before it begins: new or missing intents and actions."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.training_lines import training_files, training_lines
from bot.training.inputs import basis
from bot.training.kinds import is_quick
from bot.training.made_here import basis_of

_PARTS = {"intents": "意图", "actions": "动作", "slots": "槽位", "forms": "表单"}
_MOST_NAMED = 5


class Refused(Exception):
    """Nothing was begun; the text is the sentence to tell."""


def demand_further(root: Path, models: Path) -> None:
    """Raises Refused where the newest model cannot be taught the present data."""
    newest = max(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime, default=None)
    if newest is None:
        raise Refused("还没有模型，没有可以接着训练的。请先运行 make train。")
    if is_quick(newest):
        raise Refused("现在只有先开门用的小模型，接不上。请去掉 QUICK=1，运行 make train。")
    try:
        labels, domain = _labels_and_domain(newest)
    except (OSError, ValueError, KeyError, tarfile.TarError):
        raise Refused(f"{newest} 读不了，接不上。请运行 make train 重新训练。") from None
    present = {line.intent for line in training_lines(training_files(root / "data" / "nlu"))}
    # A plain question needs no rule: it may be new.
    new_ones = {label for label in present - labels if "/" not in label}
    _demand_same(new_ones, "是新加的意图", "接着训练教不了要办事的新意图")
    _demand_same(labels - present, "没有说法了", "接着训练要求原来的意图都还有说法")
    ours = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))
    for part, name in _PARTS.items():
        new = _names(ours.get(part)) - _names(domain.get(part))
        _demand_same(new, f"是新登记的{name}", "接着训练只能教新说法")
    if basis_of(newest) != basis(root):
        raise Refused(
            "说法以外的东西（规则、故事、domain.yml、config.yml、词典、半句话）在上次训练之后改过，"
            "或者不知道那个模型是照什么训练的，接不上。请去掉 QUICK=1，运行 make train。"
        )


def _demand_same(names: Iterable[str], what: str, why: str) -> None:
    if found := sorted(names):
        named = "、".join(found[:_MOST_NAMED]) + ("等" if len(found) > _MOST_NAMED else "")
        raise Refused(f"{named} {what}，{why}。请去掉 QUICK=1，运行 make train。")


def _labels_and_domain(model: Path) -> tuple[set[str], dict[str, Any]]:
    labels: set[str] = set()
    domain: dict[str, Any] = {}
    with tarfile.open(model) as archive:
        for member in archive:
            name = Path(member.name).name
            if name == "intents.json" and (file := archive.extractfile(member)):
                labels = set(json.load(file)["labels"])
            elif name == "metadata.json" and (file := archive.extractfile(member)):
                domain = json.load(file)["domain"]
    if not labels or not domain:
        raise KeyError(model.name)
    return labels, domain


def _names(part: Any) -> set[str]:
    """Of a list or mapping in a domain; an intent with settings is a mapping of one."""
    if isinstance(part, dict):
        return set(part)
    return {next(iter(one)) if isinstance(one, dict) else str(one) for one in part or ()}
