"""Writes one SVG a product of the shops whose goods are tables; a kind has a shape, a place a colour."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from shop.demo.drawing.scene import Colours, circle, dark, light, line, path, scene

SHOPS = ("snacks", "cosmetics", "phones")
HERE = Path(__file__).parents[1]
MAIN = (
    "#c98b3c", "#7a5236", "#c8372d", "#3f6b4f", "#e5a23a", "#8a2f45", "#3f7fc0", "#6b7450",
    "#eaa0b4", "#2c4468", "#a5d8c0",
)  # fmt: skip
SKIES = ("#f3d9c3", "#cfe4ef", "#d3e3cf", "#e4d8ea", "#dbe6f0")
Shape = Callable[[Colours], str]


def pouch(c: Colours) -> str:
    """A bag with a window, for what is loose."""
    return (
        path("M150 130 h200 l14 240 h-228 z", c.main)
        + path("M150 130 h200 l3 34 h-206 z", dark(c.main))
        + circle(250, 285, 58, light(c.main, 0.55))
        + "".join(circle(250 + dx, 285 + dy, 13, c.accent) for dx, dy in
                  ((-24, -16), (8, -26), (28, 6), (-6, 18), (-34, 20)))
    )  # fmt: skip


def box(c: Colours) -> str:
    """A gift box with a ribbon."""
    return (
        path("M120 210 h260 v160 h-260 z", c.main)
        + path("M108 176 h284 v42 h-284 z", dark(c.main))
        + path("M236 176 h28 v194 h-28 z", c.accent)
        + line("M250 176 C 200 110 170 150 250 176 C 330 150 300 110 250 176", c.accent, 10)
    )


def tube(c: Colours) -> str:
    """A tube or a lipstick: cap below, colour above."""
    return (
        path("M214 210 h72 v160 h-72 z", dark(c.main))
        + path("M222 170 h56 v46 h-56 z", light(c.main, 0.6))
        + path("M228 170 v-44 l44 -26 v70 z", c.accent)
    )


def bottle(c: Colours) -> str:
    """A bottle with a pump."""
    return (
        path("M190 190 q0 -24 24 -24 h72 q24 0 24 24 v180 h-120 z", light(c.main, 0.35))
        + path("M226 118 h48 v48 h-48 z", dark(c.main))
        + path("M206 250 h88 v70 h-88 z", c.accent)
    )


def compact(c: Colours) -> str:
    """A round case, open."""
    return (
        circle(250, 210, 92, light(c.main, 0.5))
        + circle(250, 210, 74, "#e8eef2")
        + path("M150 300 h200 q0 70 -100 70 t-100 -70 z", c.main)
        + circle(250, 322, 34, c.accent)
    )


def case(c: Colours) -> str:
    """The back of a phone with its lenses."""
    return (
        f'<rect x="180" y="96" width="140" height="276" rx="26" fill="{c.main}"/>'
        f'<rect x="190" y="106" width="120" height="256" rx="20" fill="{light(c.main, 0.25)}"/>'
        f'<rect x="202" y="118" width="58" height="58" rx="14" fill="{dark(c.main)}"/>'
        + circle(219, 135, 9, c.accent)
        + circle(243, 135, 9, c.accent)
        + circle(219, 159, 9, c.accent)
    )


def charger(c: Colours) -> str:
    """A block with two prongs and a port."""
    return (
        f'<rect x="170" y="180" width="160" height="190" rx="24" fill="{light(c.main, 0.7)}"/>'
        + path("M212 180 v-52 h14 v52 z M274 180 v-52 h14 v52 z", "#9aa5ad")
        + f'<rect x="222" y="300" width="56" height="18" rx="9" fill="{dark(c.main)}"/>'
        + circle(250, 240, 8, c.accent)
    )


def cable(c: Colours) -> str:
    """A wound cable with both plugs."""
    return (
        "".join(
            f'<circle cx="250" cy="262" r="{r}" fill="none" stroke="{c.main}" stroke-width="12"/>'
            for r in (60, 78, 96)
        )
        + path("M140 108 h34 v60 h-34 z M326 108 h34 v60 h-34 z", dark(c.main))
        + path("M148 84 h18 v24 h-18 z M334 84 h18 v24 h-18 z", "#9aa5ad")
    )


SHAPES: tuple[tuple[tuple[str, ...], Shape], ...] = (
    (("礼盒", "套装", "整箱"), box),
    (("口红", "唇釉", "唇膏", "眉笔", "睫毛膏"), tube),
    (("气垫", "散粉", "眼影", "面膜"), compact),
    (("粉底", "洁面", "卸妆", "水", "精华", "面霜", "防晒", "刷"), bottle),
    (("手机壳", "膜", "指环"), case),
    (("充电", "车载", "支架"), charger),
    (("线", "耳机"), cable),
    (("",), pouch),
)


def shape_of(kind: str) -> Shape:
    return next(shape for words, shape in SHAPES if any(word in kind for word in words))


def draw(shop: str) -> None:
    folder = HERE / shop / "pictures"
    folder.mkdir(exist_ok=True)
    with (HERE / shop / "goods" / "商品.csv").open(encoding="utf-8") as table:
        for place, row in enumerate(csv.DictReader(table)):
            colours = Colours(
                MAIN[place % len(MAIN)],
                MAIN[(place * 4 + 3) % len(MAIN)],
                SKIES[place % len(SKIES)],
            )
            svg = scene(shape_of(row["类型"])(colours), colours, title=row["编号"])
            (folder / f"{row['编号']}.svg").write_text(svg, "utf-8")


def main() -> None:
    for shop in SHOPS:
        draw(shop)


if __name__ == "__main__":
    main()
