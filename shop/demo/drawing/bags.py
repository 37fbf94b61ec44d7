"""Bags, seen from the front."""

from __future__ import annotations

from shop.demo.drawing.scene import INK, Colours, circle, dark, light, line, path


def pack(c: Colours, *, large: bool = False, child: bool = False) -> str:
    top = 76 if large else (132 if child else 106)
    body = (
        f"M150 {top + 60} C150 {top + 20} 182 {top} 240 {top} C298 {top} 330 {top + 20} 330 "
        f"{top + 60} L338 348 C338 366 324 374 300 374 H180 C156 374 142 366 142 348Z"
    )
    parts = [
        line(f"M214 {top + 4} C214 {top - 30} 266 {top - 30} 266 {top + 4}", dark(c.main, 0.4), 9),
        path("M150 226 C116 232 112 330 142 352Z", dark(c.main, 0.3)),
        path("M330 226 C364 232 368 330 338 352Z", dark(c.main, 0.3)),
        path(body, c.main),
        path(
            f"M148 {top + 66} C150 {top + 18} 182 {top - 4} 240 {top - 4} C298 {top - 4} 330 "
            f"{top + 18} 332 {top + 66} C300 {top + 88} 180 {top + 88} 148 {top + 66}Z",
            dark(c.main, 0.16) if not large else c.accent,
        ),
        path(
            "M174 258 C200 246 280 246 306 258 L310 344 C280 356 200 356 170 344Z",
            c.accent if not large else dark(c.main, 0.18),
        ),
        line("M180 276 C220 266 260 266 300 276", dark(c.accent, 0.35), 6),
        line(f"M196 {top + 76} V252 M284 {top + 76} V252", dark(c.main, 0.5), 8),
        path("M188 214 h16 v20 h-16Z M276 214 h16 v20 h-16Z", light(c.accent, 0.55)),
    ]
    if large:
        parts += [
            path(
                "M156 372 C156 352 324 352 324 372 C324 394 156 394 156 372Z", light(c.accent, 0.15)
            ),
            line("M196 356 v34 M284 356 v34", INK, 7),
            line(
                "M142 300 C96 306 88 330 84 346 M338 300 C384 306 392 330 396 346",
                dark(c.main, 0.35),
                16,
            ),
        ]
    if child:
        parts += [
            circle(214, 302, 9, INK),
            circle(266, 302, 9, INK),
            line("M224 322 C234 332 246 332 256 322", INK, 5),
            path("M184 150 L196 112 L220 138Z M296 150 L284 112 L260 138Z", light(c.accent, 0.3)),
        ]
    return "".join(parts)


def waist_bag(c: Colours) -> str:
    return "".join(
        [
            line("M86 232 C60 150 170 104 240 104 C310 104 420 150 394 232", dark(c.main, 0.3), 18),
            line(
                "M86 232 C60 150 170 104 240 104 C310 104 420 150 394 232",
                light(c.main, 0.2),
                3,
                ' stroke-dasharray="10 8"',
            ),
            path("M212 92 h56 v26 h-56Z", INK),
            path(
                "M82 232 C150 204 330 204 398 232 C404 290 372 342 320 348 C270 354 210 354 160 348 C108 342 76 290 82 232Z",
                c.main,
            ),
            line("M104 250 C170 228 310 228 376 250", dark(c.main, 0.5), 8),
            line("M112 254 C170 236 310 236 368 254", light(c.accent, 0.4), 3),
            path(
                "M134 286 C190 272 290 272 346 286 L334 326 C280 338 200 338 146 326Z",
                dark(c.main, 0.18),
            ),
            path("M292 296 h36 v10 h-36Z", c.accent),
            circle(374, 250, 7, c.accent),
        ]
    )


def dry_bag(c: Colours) -> str:
    return "".join(
        [
            line("M150 176 C92 210 96 300 152 340", dark(c.accent, 0.2), 13),
            path("M146 150 C190 166 290 166 334 150 L344 344 C320 374 160 374 136 344Z", c.main),
            path(
                "M146 150 C190 166 290 166 334 150 L338 236 C290 252 190 252 142 236Z",
                light(c.main, 0.2),
            ),
            path("M140 112 H340 V152 C290 168 190 168 140 152Z", dark(c.main, 0.22)),
            path("M132 98 H348 V122 H132Z", INK),
            path("M212 84 h56 v30 h-56Z", c.accent),
            line(
                "M176 262 C184 300 182 330 176 352 M300 260 C296 300 298 330 304 350",
                dark(c.main, 0.16),
                5,
            ),
            path(
                "M222 274 C240 252 258 274 258 294 C258 314 222 314 222 294 C222 286 230 280 240 262Z",
                c.accent,
            ),
        ]
    )
