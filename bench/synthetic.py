"""Goods, messages and intents without meaning, in any number: for measuring growth only."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# Plain characters that make a name or a sentence of any shop; their sense does not matter.
_CHARACTERS = "云山海风林石泉月星溪松竹岩岭川原野光影青白红蓝紫橙银金木火土天地日春夏秋冬晨暮"
_COUNTED = "一二三四五六七八九十百千"
_SEED = 7


def write_shop(folder: Path, demo: Path, count: int) -> None:
    """The demo shop with `count` goods: some of its own, or copies of them under new names.

    Every copy has its own name and nickname, so that the catalogue's words grow as well.
    """
    goods = [
        product
        for file in sorted((demo / "products").glob("*.yml"))
        for product in _read(file)["products"]
    ]
    # The goods that the conversations name come first, whatever the count.
    goods.sort(key=lambda product: product["id"] not in _SPOKEN_OF)
    names = _names()
    made = goods[:count]
    while len(made) < count:
        made.append(_renamed(goods[len(made) % len(goods)], len(made), next(names)))
    known = {product["id"] for product in made}
    for product in made:
        fitting = [one for one in product.get("goes_with", ()) if one in known]
        product.pop("goes_with", None)
        if fitting:
            product["goes_with"] = fitting
    shop = _read(demo / "shop.yml")
    shop["promotions"] = [one for one in shop["promotions"] if _names_only(one, known)]
    for name, content in (("products", {"products": made}), ("shop", shop)):
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")


def _read(path: Path) -> Any:
    """With every value as text: to YAML's usual reader, `off` is a no and 0900 no time."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _names_only(promotion: dict[str, Any], known: set[str]) -> bool:
    """Whether the goods of a promotion (a list, or a price each) are all there."""
    return known.issuperset(promotion.get("products") or ())


_SPOKEN_OF = {
    "boot-qiyun",
    "lamp-yingguang",
    "jacket-guanyun",
    "down-nuanshan",
    "trail-fengxing",
    "pack-yuanshan-50",
    "sock-yangrong",
    "shoe-kangbu",
    "bottle-shanquan",
    "pole-biluan",
}


def _renamed(product: dict[str, Any], number: int, name: str) -> dict[str, Any]:
    twin = copy.deepcopy(product)
    twin.update(id=f"bench-{number}", name=f"{name}{product['kind']}", nicknames=[name])
    return twin


def _names() -> Iterator[str]:
    """Names of four characters, none twice."""
    chance, told = random.Random(_SEED), set[str]()
    while True:
        name = "".join(chance.choices(_CHARACTERS, k=4))
        if name not in told:
            told.add(name)
            yield name


def with_messages(
    examples: dict[str, list[str]], count: int, *, extra_intents: int = 0, each: int = 40
) -> dict[str, list[str]]:
    """Examples by intent, thinned or filled up to `count` in their proportions.

    `extra_intents` new ones get `each` made-up messages, which count. New messages of known
    intents join halves of two of theirs.
    """
    chance = random.Random(_SEED)
    extra = {f"bench_{number}": _made_up(chance, each) for number in range(extra_intents)}
    wanted = count - extra_intents * each
    have = sum(map(len, examples.values()))
    grown: dict[str, list[str]] = {}
    for intent, lines in examples.items():
        size = max(2, round(len(lines) * wanted / have))
        grown[intent] = _resized(chance, lines, size)
    return grown | extra


def _resized(chance: random.Random, lines: list[str], size: int) -> list[str]:
    if size <= len(lines):
        return chance.sample(lines, size)
    known = dict.fromkeys(lines)
    while len(known) < size:
        one, other = chance.choice(lines), chance.choice(lines)
        joined = one[: chance.randint(1, len(one))] + other[chance.randint(0, len(other) - 1) :]
        known.setdefault(joined + chance.choice(("", "呀", "哦", "啊", chance.choice(_COUNTED))))
    return list(known)


def _made_up(chance: random.Random, count: int) -> list[str]:
    """Messages around two words of this intent's own."""
    words = ["".join(chance.choices(_CHARACTERS, k=2)) for _ in range(3)]
    made: dict[str, None] = {}
    while len(made) < count:
        filling = "".join(chance.choices(_CHARACTERS, k=chance.randint(1, 4)))
        made[f"{chance.choice(words)}{filling}{chance.choice(words)}"] = None
    return list(made)
