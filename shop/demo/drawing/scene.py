"""The stage every product stands on: sky, ridges, ground, shadow; and the painter's small tools."""

from __future__ import annotations

from dataclasses import dataclass

INK = "#2b3138"


@dataclass(frozen=True)
class Colours:
    """One product's colourway, as #rrggbb."""

    main: str
    accent: str
    sky: str


def mix(one: str, other: str, share: float) -> str:
    """`share` of `other` in `one`."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def dark(colour: str, share: float = 0.25) -> str:
    return mix(colour, "#10151a", share)


def light(colour: str, share: float = 0.3) -> str:
    return mix(colour, "#ffffff", share)


def path(d: str, fill: str, *, stroke: str = "none", width: float = 0, more: str = "") -> str:
    line = f' stroke="{stroke}" stroke-width="{width:g}"' if width else ""
    return f'<path d="{d}" fill="{fill}"{line}{more}/>'


def line(d: str, stroke: str, width: float = 4, more: str = "") -> str:
    ends = ' stroke-linecap="round" stroke-linejoin="round"'
    return path(d, "none", stroke=stroke, width=width, more=ends + more)


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"{more}/>'


def scene(drawing: str, colours: Colours, *, ground: int = 372, title: str) -> str:
    """A whole SVG of 480 x 480; `ground` is where the shadow lies."""
    sky, far = colours.sky, mix(colours.sky, "#6f8794", 0.22)
    near = mix(colours.sky, "#5b7480", 0.36)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img">'
        f"<title>{title}</title>"
        '<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{light(sky, 0.75)}"/>'
        f'<stop offset="1" stop-color="{light(sky, 0.2)}"/></linearGradient></defs>'
        '<rect width="480" height="480" fill="url(#s)"/>'
        + circle(382, 96, 34, light(sky, 0.85))
        + path("M0 300 L70 214 L118 262 L196 168 L262 250 L330 196 L400 262 L480 206 V480 H0Z", far)
        + path("M196 168 L226 206 L206 200 L192 212 L178 190Z", light(far, 0.7))
        + path("M0 352 C80 300 150 330 230 322 C320 312 400 344 480 316 V480 H0Z", near)
        + path("M0 396 C120 372 340 372 480 400 V480 H0Z", light(sky, 0.45))
        + f'<ellipse cx="240" cy="{ground}" rx="176" ry="15" fill="#1d2830" opacity=".2"/>'
        + drawing
        + "</svg>\n"
    )
