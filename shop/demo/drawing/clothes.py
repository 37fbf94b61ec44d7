"""Clothes as they hang, seen from the front."""

from __future__ import annotations

from shop.demo.drawing.scene import INK, Colours, circle, dark, light, line, path

BODY = "M176 132 C206 150 274 150 304 132 L352 156 L346 356 C300 370 180 370 134 356 L128 156Z"
WAIST = (
    "M180 132 C208 150 272 150 300 132 L344 156 C336 220 326 240 334 280 L344 352 C300 366 180 "
    "366 136 352 L146 280 C154 240 144 220 136 156Z"
)


def _sleeves(colour: str, length: int = 330) -> str:
    left = f"M132 152 C104 172 92 220 78 {length - 20} L116 {length} C132 {length - 70} 140 250 148 220Z"
    right = f"M348 152 C376 172 388 220 402 {length - 20} L364 {length} C348 {length - 70} 340 250 332 220Z"
    return path(left, colour) + path(right, colour)


def _hood(colour: str, inner: str) -> str:
    return path(
        "M180 138 C166 86 200 60 240 60 C280 60 314 86 300 138 C272 156 208 156 180 138Z", colour
    ) + path(
        "M198 132 C194 96 214 82 240 82 C266 82 286 96 282 132 C262 146 218 146 198 132Z", inner
    )


def jacket(c: Colours, *, waist: bool = False, fleece: bool = True, thin: bool = False) -> str:
    main = light(c.main, 0.12) if thin else c.main
    cuffs = path("M78 310 L116 330 L112 344 L76 326Z", dark(c.main, 0.3)) + path(
        "M402 310 L364 330 L368 344 L404 326Z", dark(c.main, 0.3)
    )
    parts = [
        _sleeves(dark(main, 0.14)),
        cuffs,
        _hood(main, light(c.accent, 0.45) if fleece else dark(c.main, 0.45)),
        path(WAIST if waist else BODY, main),
        path(
            "M130 158 L176 132 C206 150 274 150 304 132 L350 158 L346 206 C300 216 180 216 134 206Z",
            c.accent if not thin else light(c.main, 0.3),
        ),
        line("M240 146 V362", dark(c.main, 0.5), 6),
        line("M240 146 V362", light(c.accent, 0.5), 2, ' stroke-dasharray="3 5"'),
        line("M166 284 L206 316 M314 284 L274 316", dark(c.main, 0.45), 6),
        path("M276 176 h40 v8 h-40Z", light(c.accent, 0.7)),
    ]
    if waist:
        parts.append(line("M146 272 C200 284 280 284 334 272", dark(c.main, 0.3), 4))
    return "".join(parts)


def down(c: Colours) -> str:
    rows = "".join(
        line(f"M{132 + n} {176 + 34 * n} C200 {192 + 34 * n} 280 {192 + 34 * n} {348 - n} {176 + 34 * n}", dark(c.main, 0.35), 5)
        + line(f"M140 {188 + 34 * n} C200 {203 + 34 * n} 280 {203 + 34 * n} 340 {188 + 34 * n}", light(c.main, 0.25), 4)
        for n in range(6)
    )  # fmt: skip
    arms = "".join(
        line(f"M{96 - 2 * n} {214 + 30 * n} l38 18 M{384 + 2 * n} {214 + 30 * n} l-38 18", dark(c.main, 0.4), 5)
        for n in range(4)
    )  # fmt: skip
    return "".join(
        [
            _sleeves(dark(c.main, 0.12)),
            arms,
            _hood(c.main, light(c.accent, 0.4)),
            path(BODY, c.main),
            rows,
            line("M240 142 V364", dark(c.main, 0.6), 7),
            circle(240, 160, 7, c.accent),
            path("M276 166 h36 v26 h-36Z", c.accent),
        ]
    )


def fleece(c: Colours) -> str:
    dots = "".join(
        circle(148 + (n * 37) % 184, 168 + (n * 53) % 180, 5, light(c.main, 0.22))
        for n in range(46)
    )
    return "".join(
        [
            _sleeves(dark(c.main, 0.1)),
            path(
                "M192 136 C190 108 214 98 240 98 C266 98 290 108 288 136 C268 150 212 150 192 136Z",
                dark(c.main, 0.15),
            ),
            path(BODY, c.main),
            dots,
            line("M240 104 V362", dark(c.accent, 0.2), 7),
            path("M270 190 h52 v44 h-52Z", c.accent),
            line("M276 202 h40", light(c.accent, 0.5), 4),
            line("M136 350 C190 364 290 364 344 350", dark(c.accent, 0.1), 10),
        ]
    )


def tee(c: Colours, *, long: bool = False) -> str:
    sleeves = (
        _sleeves(dark(c.main, 0.1), 326)
        if long
        else path("M132 150 L70 214 L114 254 L150 220Z", dark(c.main, 0.1))
        + path("M348 150 L410 214 L366 254 L330 220Z", dark(c.main, 0.1))
    )
    return "".join(
        [
            sleeves,
            path(BODY, c.main),
            path("M186 134 C206 168 274 168 294 134 L304 132 C284 184 196 184 176 132Z", c.accent),
            line(
                "M148 222 C152 270 148 310 142 352 M332 222 C328 270 332 310 338 352", c.accent, 6
            ),
            line("M268 208 h44", c.accent, 7),
            line("M180 250 C220 262 262 260 300 248", dark(c.main, 0.12), 4),
        ]
    )


def sun_hoodie(c: Colours) -> str:
    return (
        jacket(c, fleece=False, thin=True)
        + path("M194 92 C214 70 266 70 286 92 L300 104 C270 90 210 90 180 104Z", c.accent)
        + line("M176 232 v30 M186 232 v30 M294 232 v30 M304 232 v30", dark(c.main, 0.3), 4)
    )


def pants(c: Colours, *, slim: bool = False) -> str:
    hem = 16 if slim else 0
    legs = (
        f"M166 84 H314 C324 160 336 260 {342 - hem} 364 H{272 + hem // 2} L240 180 L"
        f"{208 - hem // 2} 364 H{138 + hem} C144 260 156 160 166 84Z"
    )
    return "".join(
        [
            path(legs, c.main),
            path("M164 78 H316 L318 108 H162Z", dark(c.main, 0.35)),
            path("M226 84 h28 v20 h-28Z", c.accent),
            line("M240 108 V178", dark(c.main, 0.45), 5),
            line("M176 120 L204 148 M304 120 L276 148", dark(c.main, 0.5), 6),
            path(
                "M156 244 C176 236 196 238 212 246 L208 290 C190 298 168 296 150 288Z",
                dark(c.main, 0.16),
            ),
            path(
                "M324 244 C304 236 284 238 268 246 L272 290 C290 298 312 296 330 288Z",
                dark(c.main, 0.16),
            ),
            line("M284 172 l26 4", c.accent, 7),
            circle(170, 206, 5, INK),
        ]
    )
