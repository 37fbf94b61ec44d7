"""Shoes from the side, toe to the left."""

from __future__ import annotations

from shop.demo.drawing.scene import INK, Colours, circle, dark, light, line, path

SOLE = "M64 318 H414 C420 338 414 354 398 356 H98 C72 356 58 340 64 318Z"


def _lugs(colour: str, depth: int = 12) -> str:
    return "".join(path(f"M{x} 352 h22 l-4 {depth} h-14Z", colour) for x in range(88, 390, 32))


def _laces(points: list[tuple[int, int]], colour: str) -> str:
    return "".join(
        line(f"M{x} {y} l34 14", colour, 6) + circle(x + 36, y + 15, 4, INK) for x, y in points
    )


def boot(c: Colours, *, tall: int = 0, knob: bool = False) -> str:
    top = 118 - tall
    upper = (
        f"M78 320 C92 276 146 266 190 246 C222 230 232 176 236 {top} C262 {top - 12} 330 "
        f"{top - 14} 354 {top - 2} C364 168 374 206 386 240 C398 270 406 292 408 320Z"
    )
    parts = [
        _lugs(dark(c.accent, 0.5)),
        path(upper, c.main),
        path("M340 320 C338 276 352 244 382 230 C396 264 404 290 408 320Z", dark(c.main, 0.28)),
        path("M78 320 C88 288 120 276 158 262 C170 280 170 300 166 320Z", dark(c.main, 0.35)),
        path(
            f"M236 {top} C262 {top - 12} 330 {top - 14} 354 {top - 2} L357 {top + 26} C330 "
            f"{top + 16} 262 {top + 18} 234 {top + 32}Z",
            c.accent,
        ),
        line("M196 262 C250 268 300 262 340 236", light(c.main, 0.28), 5),
        line("M250 300 C290 298 320 286 344 262", light(c.main, 0.2), 4),
        path(SOLE, dark(c.accent, 0.3)),
        path("M66 318 H414 L415 330 H64Z", light(c.accent, 0.35)),
    ]
    if knob:
        parts += [
            circle(232, 204, 19, INK),
            circle(232, 204, 12, c.accent),
            line("M214 220 L176 258 M250 192 L262 150 M218 190 L196 236", light(c.main, 0.6), 4),
        ]
    else:
        rows = [(200, 238), (216, 214), (228, 190), (235, 164)]
        parts.append(_laces(rows, light(c.accent, 0.65)))
    return "".join(parts)


def low(c: Colours, *, sporty: bool = False, slip_on: bool = False) -> str:
    upper = (
        "M76 320 C92 282 150 270 194 250 C222 236 236 210 262 202 C300 214 326 210 350 196 "
        "C372 196 380 214 386 240 C396 268 406 292 408 320Z"
    )
    sole = SOLE
    if sporty:
        sole = "M52 312 C110 326 180 322 250 324 C320 324 392 316 424 300 C432 330 424 352 404 356 H100 C66 356 44 338 52 312Z"
    parts = [
        _lugs(dark(c.accent, 0.45), 10 if sporty else 6),
        path(upper, c.main),
        path("M262 202 C300 214 326 210 350 196 L352 214 C324 230 294 232 254 216Z", INK),
        path("M350 320 C346 286 358 256 384 236 C396 264 405 290 408 320Z", dark(c.main, 0.22)),
        path("M76 320 C86 294 116 282 150 272 C160 288 160 304 156 320Z", dark(c.main, 0.18)),
        path(sole, light(c.accent, 0.75) if not sporty else c.accent),
    ]
    if sporty:
        parts += [
            line("M210 304 C250 280 290 262 346 254", light(c.accent, 0.3), 10),
            line("M236 310 C276 290 310 276 352 272", light(c.accent, 0.6), 6),
            line("M70 330 C180 342 320 342 416 326", light(c.accent, 0.55), 5),
        ]
    if slip_on:
        parts += [
            path("M214 262 L254 224 L276 246 L244 286Z", dark(c.main, 0.3)),
            line("M222 260 l24 22 M232 250 l24 22 M242 240 l24 22", light(c.main, 0.3), 3),
            line("M372 200 C392 196 396 216 388 232", c.accent, 8),
        ]
    else:
        parts.append(_laces([(196, 252), (220, 240), (242, 222)], light(c.accent, 0.8)))
    return "".join(parts)


def snow_boot(c: Colours) -> str:
    fluff = "".join(circle(x, 118 + (x // 18 % 2) * 5, 15, "#f3efe6") for x in range(226, 368, 17))
    return (
        boot(c, tall=6)
        + fluff
        + line("M330 142 V296", light(c.main, 0.5), 5)
        + circle(330, 150, 7, c.accent)
    )


def sandal(c: Colours) -> str:
    return "".join(
        [
            path(
                "M70 330 C140 318 300 322 410 306 C418 330 410 352 394 356 H100 C76 356 62 344 70 330Z",
                INK,
            ),
            path("M72 330 C140 316 300 320 410 304 L408 318 C300 334 160 330 72 342Z", c.accent),
            path("M76 328 C88 290 130 278 172 274 L186 322 C150 326 110 326 76 328Z", c.main),
            path("M196 322 C204 280 220 252 250 232 L282 252 C256 274 246 298 244 322Z", c.main),
            path(
                "M300 318 C304 272 318 232 350 214 C378 220 396 266 404 306 C372 312 336 316 300 318Z",
                dark(c.main, 0.2),
            ),
            path("M236 236 C270 214 320 206 356 212 L354 232 C318 232 282 240 258 256Z", c.main),
            path(
                "M318 314 C322 280 334 254 352 242 C370 252 380 282 384 308Z", light(c.accent, 0.25)
            ),
            line("M180 286 C196 280 208 276 226 268", dark(c.main, 0.4), 9),
            circle(268, 238, 8, INK),
            circle(214, 292, 6, INK),
            line("M100 346 H390", dark(c.accent, 0.3), 5, ' stroke-dasharray="14 12"'),
        ]
    )


def socks(c: Colours) -> str:
    def one(dx: int, dy: int, colour: str) -> str:
        d = (
            f"M{196 + dx} {96 + dy} h74 v118 C{270 + dx} {246 + dy} {240 + dx} {264 + dy} "
            f"{206 + dx} {290 + dy} C{170 + dx} {318 + dy} {120 + dx} {316 + dy} {112 + dx} "
            f"{286 + dy} C{106 + dx} {258 + dy} {150 + dx} {250 + dy} {172 + dx} {230 + dy} "
            f"C{190 + dx} {214 + dy} {196 + dx} {200 + dy} {196 + dx} {180 + dy}Z"
        )
        cuff = f"M{194 + dx} {90 + dy} h78 v34 h-78Z"
        toe = (
            f"M{112 + dx} {286 + dy} C{108 + dx} {262 + dy} {140 + dx} {252 + dy} {158 + dx} "
            f"{242 + dy} L{186 + dx} {304 + dy} C{156 + dx} {316 + dy} {120 + dx} {314 + dy} "
            f"{112 + dx} {286 + dy}Z"
        )
        ribs = "".join(
            line(f"M{204 + dx + 12 * n} {96 + dy} v22", dark(c.accent, 0.2), 3) for n in range(6)
        )
        return path(d, colour) + path(cuff, c.accent) + path(toe, dark(colour, 0.3)) + ribs

    return one(106, 40, light(c.main, 0.35)) + one(52, 46, c.main) + one(0, 52, dark(c.main, 0.15))
