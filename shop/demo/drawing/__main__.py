"""Writes one SVG a product; which shape and which colours each has is said here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from shop.demo.drawing import bags, clothes, gear, shoes
from shop.demo.drawing.scene import Colours, scene

PICTURES = Path(__file__).parents[1] / "pictures"
BLACK, GREY, WHITE, KHAKI, BROWN = "#3a4046", "#8d979e", "#f2f0ea", "#b99868", "#7a5236"
NAVY, SKY, BLUE, GREEN, OLIVE, MINT = (
    "#2c4468", "#8cc4e6", "#3f7fc0", "#3f6b4f", "#6b7450", "#a5d8c0",
)  # fmt: skip
ORANGE, RED, WINE, PINK, LILAC, YELLOW, SILVER = (
    "#e5762f", "#c8372d", "#8a2f45", "#eaa0b4", "#c3b1e0", "#f0bd3d", "#c3ccd2",
)  # fmt: skip
DAWN, NOON, WOOD, SNOW, DUSK = "#f3d9c3", "#cfe4ef", "#d3e3cf", "#dbe6f0", "#e4d8ea"

Drawing = Callable[[Colours], str]
DRAWN: dict[str, tuple[Drawing, Colours]] = {
    "boot-qiyun": (shoes.boot, Colours(BROWN, ORANGE, WOOD)),
    "boot-linbu": (shoes.low, Colours(SILVER, PINK, DAWN)),
    "trail-fengxing": (partial(shoes.low, sporty=True), Colours(ORANGE, BLACK, NOON)),
    "boot-xueling": (shoes.snow_boot, Colours(BLACK, RED, SNOW)),
    "sandal-xijian": (shoes.sandal, Colours(GREY, GREEN, NOON)),
    "shoe-chengye": (shoes.low, Colours(WHITE, GREEN, DUSK)),
    "boot-kids": (partial(shoes.boot, knob=True, tall=-22), Colours(BLUE, YELLOW, DAWN)),
    "shoe-kangbu": (partial(shoes.low, slip_on=True), Colours(WINE, KHAKI, WOOD)),
    "jacket-guanyun": (clothes.jacket, Colours(NAVY, ORANGE, NOON)),
    "jacket-guanyun-w": (partial(clothes.jacket, waist=True), Colours(WINE, PINK, DUSK)),
    "shell-qingyu": (partial(clothes.jacket, fleece=False), Colours(OLIVE, BLACK, WOOD)),
    "down-nuanshan": (clothes.down, Colours(RED, BLACK, SNOW)),
    "fleece-songguo": (clothes.fleece, Colours(GREEN, KHAKI, WOOD)),
    "tee-sugan": (clothes.tee, Colours(BLUE, WHITE, NOON)),
    "pants-zongshan": (clothes.pants, Colours(BLACK, ORANGE, NOON)),
    "pants-zongshan-w": (partial(clothes.pants, slim=True), Colours(GREY, WINE, DAWN)),
    "skin-qianying": (clothes.sun_hoodie, Colours(MINT, WHITE, NOON)),
    "base-nuanxi": (partial(clothes.tee, long=True), Colours(BLACK, GREY, SNOW)),
    "pack-yuanshan-50": (partial(bags.pack, large=True), Colours(BLACK, ORANGE, WOOD)),
    "pack-xiaoxi-28": (bags.pack, Colours(BLUE, NAVY, NOON)),
    "bag-xinglu": (bags.waist_bag, Colours(KHAKI, BLACK, DAWN)),
    "drybag-hailang": (bags.dry_bag, Colours(YELLOW, BLUE, NOON)),
    "pack-kids": (partial(bags.pack, child=True), Colours(PINK, YELLOW, DAWN)),
    "pack-qingtu-old": (bags.pack, Colours(RED, BLACK, DUSK)),
    "pole-biluan": (gear.poles, Colours(BLUE, YELLOW, WOOD)),
    "tent-xingye": (gear.tent, Colours(OLIVE, ORANGE, DUSK)),
    "sleep-yunduo": (gear.sleeping_bag, Colours(BLUE, ORANGE, DUSK)),
    "mat-caodian": (gear.mat, Colours(GREEN, ORANGE, WOOD)),
    "bottle-shanquan": (gear.bottle, Colours(SILVER, BLACK, NOON)),
    "bottle-kezi": (partial(gear.bottle, engraved=True), Colours(SILVER, BROWN, DAWN)),
    "lamp-yingguang": (gear.headlamp, Colours(ORANGE, BLACK, DUSK)),
    "stove-xiaohuo": (gear.stove, Colours(GREY, RED, DAWN)),
    "gas-can": (gear.gas_cans, Colours(RED, WHITE, WOOD)),
    "sock-yangrong": (shoes.socks, Colours(GREY, RED, SNOW)),
    "hat-yuanjian": (gear.bucket_hat, Colours(KHAKI, BROWN, NOON)),
    "glove-xueling": (gear.gloves, Colours(BLACK, RED, SNOW)),
    "sunscreen-50": (gear.sunscreen, Colours(WHITE, ORANGE, NOON)),
}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for product_id, (draw, colours) in DRAWN.items():
        svg = scene(draw(colours), colours, title=product_id)
        (PICTURES / f"{product_id}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
