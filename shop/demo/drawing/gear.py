"""Gear: what is carried, worn on top, slept in and cooked on."""

from __future__ import annotations

from shop.demo.drawing.scene import INK, Colours, circle, dark, light, line, path


def poles(c: Colours) -> str:
    def one(x: int, lean: int) -> str:
        return (
            line(f"M{x} 150 L{x + lean} 366", dark(c.main, 0.1), 11)
            + line(f"M{x + lean // 3} 232 L{x + lean * 2 // 3} 300", c.accent, 11)
            + path(f"M{x - 13} 84 h26 l-4 74 h-18Z", INK)
            + path(f"M{x - 18} 78 h36 v16 h-36Z", c.accent)
            + line(f"M{x - 8} 96 C{x - 58} 120 {x - 50} 170 {x - 6} 132", dark(c.accent, 0.3), 6)
            + path(f"M{x + lean - 22} 344 h44 l-8 12 h-28Z", INK)
            + path(f"M{x + lean - 5} 360 h10 l-5 22Z", "#9aa5ad")
        )

    return one(176, -34) + one(304, 34)


def tent(c: Colours) -> str:
    return "".join(
        [
            path("M240 112 L424 366 H318Z", dark(c.main, 0.3)),
            path("M240 112 L56 366 H330 C330 280 280 180 240 112Z", c.main),
            path(
                "M214 172 C186 240 160 300 150 366 H262 C262 290 240 220 214 172Z",
                dark(c.main, 0.55),
            ),
            path(
                "M214 172 C196 232 192 300 206 366 H262 C262 290 240 220 214 172Z",
                light(c.accent, 0.3),
            ),
            line(
                "M240 104 L240 122 M240 112 C180 190 110 300 56 366 M240 112 C300 190 370 300 424 366",
                dark(c.accent, 0.1),
                6,
            ),
            line("M56 366 L22 388 M424 366 L458 388 M330 366 L352 394", "#f4efe2", 4),
            path("M96 322 L120 290 L150 322Z", light(c.main, 0.25)),
            circle(238, 300, 7, "#ffd36b"),
        ]
    )


def sleeping_bag(c: Colours) -> str:
    quilts = "".join(
        line(f"M{170 + 6 * n} {176 + 32 * n} C220 {190 + 32 * n} 262 {190 + 32 * n} {310 - 6 * n} {176 + 32 * n}", dark(c.main, 0.3), 5)
        for n in range(6)
    )  # fmt: skip
    return "".join(
        [
            path(
                "M240 74 C300 74 334 116 330 190 C326 270 300 376 240 376 C180 376 154 270 150 190 C146 116 180 74 240 74Z",
                c.main,
            ),
            path(
                "M240 94 C280 94 302 120 300 150 C280 172 200 172 180 150 C178 120 200 94 240 94Z",
                light(c.accent, 0.25),
            ),
            path(
                "M196 142 C196 116 214 108 240 108 C266 108 284 116 284 142 C270 160 210 160 196 142Z",
                dark(c.accent, 0.45),
            ),
            quilts,
            line("M296 158 C306 240 290 320 262 366", light(c.accent, 0.5), 5),
        ]
    )


def mat(c: Colours) -> str:
    return "".join(
        [
            path("M130 214 L390 262 L430 352 L150 372Z", c.main),
            line("M190 230 L222 366 M250 240 L290 362 M310 250 L356 358", dark(c.main, 0.25), 7),
            circle(130, 294, 80, dark(c.main, 0.12)),
            circle(130, 294, 62, light(c.main, 0.18)),
            circle(130, 294, 44, dark(c.main, 0.12)),
            circle(130, 294, 26, light(c.main, 0.18)),
            circle(130, 294, 9, INK),
            path("M404 340 h30 v18 h-30Z", c.accent),
            line("M88 226 C104 214 150 212 172 228", c.accent, 9),
        ]
    )


def bottle(c: Colours, *, engraved: bool = False) -> str:
    mark = (
        line(
            "M240 204 V262 M222 214 H258 M224 232 C232 250 248 250 256 232 M226 274 H254",
            dark(c.main, 0.5),
            5,
        )
        if engraved
        else path("M206 266 L228 232 L240 250 L254 224 L276 266Z", light(c.accent, 0.3))
    )
    return "".join(
        [
            path(
                "M190 162 H290 V350 C290 366 278 374 262 374 H218 C202 374 190 366 190 350Z", c.main
            ),
            path("M190 162 H214 V372 C198 370 190 362 190 350Z", light(c.main, 0.45)),
            path("M274 162 H290 V350 C290 362 284 370 274 373Z", dark(c.main, 0.28)),
            path("M198 96 H282 V164 H198Z", dark(c.accent, 0.2)),
            path("M190 150 H290 V170 H190Z", dark(c.accent, 0.5)),
            line(
                "M212 106 V142 M226 106 V142 M240 106 V142 M254 106 V142 M268 106 V142",
                light(c.accent, 0.2),
                4,
            ),
            line("M282 110 C312 104 312 140 284 144", dark(c.accent, 0.4), 8),
            mark,
        ]
    )


def headlamp(c: Colours) -> str:
    return "".join(
        [
            path("M196 250 L40 160 V340Z", "#fff3c4", more=' opacity=".55"'),
            line(
                "M246 176 C330 150 420 190 408 266 C400 324 318 344 246 322",
                dark(c.accent, 0.25),
                30,
            ),
            line(
                "M246 176 C330 150 420 190 408 266 C400 324 318 344 246 322",
                light(c.accent, 0.4),
                5,
                ' stroke-dasharray="14 10"',
            ),
            path(
                "M186 190 H274 C290 190 298 200 298 214 V290 C298 304 290 312 274 312 H186 C166 312 156 290 156 252 C156 214 166 190 186 190Z",
                c.main,
            ),
            circle(210, 252, 46, INK),
            circle(210, 252, 36, "#fff8dc"),
            circle(210, 252, 18, "#ffe27a"),
            path("M258 206 h28 v16 h-28Z M258 282 h28 v16 h-28Z", c.accent),
            line("M196 238 l10 -10", "#ffffff", 6),
        ]
    )


def stove(c: Colours) -> str:
    return "".join(
        [
            path(
                "M196 120 C208 150 190 170 204 196 C176 186 172 150 196 120Z M240 92 C262 130 232 160 252 196 C212 184 208 130 240 92Z M284 120 C298 150 280 170 288 196 C262 184 262 150 284 120Z",
                "#4aa8e0",
            ),
            path("M240 130 C252 156 238 176 246 196 C226 188 224 156 240 130Z", "#bfe6ff"),
            path("M176 196 H304 L292 232 H188Z", dark(c.main, 0.2)),
            line("M150 190 H180 M300 190 H330 M150 190 L118 368 M330 190 L362 368", c.main, 11),
            path("M206 232 H274 L266 290 H214Z", c.main),
            line("M214 250 h52 M216 268 h48", dark(c.main, 0.35), 4),
            path("M190 290 H290 V322 C290 334 190 334 190 322Z", c.accent),
            line("M240 332 C240 366 300 352 352 372", INK, 8),
            line("M190 306 L96 356", dark(c.main, 0.3), 10),
        ]
    )


def gas_cans(c: Colours) -> str:
    def one(x: int, y: int, colour: str) -> str:
        return (
            path(f"M{x} {y + 30} h88 v150 c0 14 -88 14 -88 0Z", colour)
            + path(f"M{x} {y + 30} c0 -18 88 -18 88 0 c0 14 -88 14 -88 0Z", light(colour, 0.4))
            + path(f"M{x + 30} {y + 4} h28 v18 h-28Z", "#d9dee2")
            + path(f"M{x} {y + 84} h88 v52 h-88Z", c.accent)
            + path(f"M{x + 44} {y + 92} c16 18 12 36 0 38 c-12 -2 -16 -16 0 -38Z", "#ffb347")
        )

    return (
        one(112, 134, dark(c.main, 0.1)) + one(280, 134, dark(c.main, 0.1))
        + one(158, 174, c.main) + one(238, 182, light(c.main, 0.12))
    )  # fmt: skip


def bucket_hat(c: Colours) -> str:
    return "".join(
        [
            path(
                "M60 300 C110 330 370 330 420 300 C400 250 350 246 330 240 H150 C130 246 80 250 60 300Z",
                dark(c.main, 0.16),
            ),
            path(
                "M150 250 C152 160 178 128 240 128 C302 128 328 160 330 250 C290 272 190 272 150 250Z",
                c.main,
            ),
            path("M149 226 C190 248 290 248 331 226 L331 252 C290 274 190 274 149 252Z", c.accent),
            line(
                "M84 288 C150 312 330 312 396 288 M104 272 C160 292 320 292 376 272",
                light(c.main, 0.3),
                3,
            ),
            line("M180 176 C200 162 280 162 300 176", light(c.main, 0.25), 4),
            line(
                "M156 268 C150 330 220 372 240 372 C260 372 330 330 324 268", dark(c.accent, 0.3), 5
            ),
            circle(240, 364, 9, INK),
        ]
    )


def gloves(c: Colours) -> str:
    def one(flip: int, dx: int) -> str:
        hand = (
            "M96 356 L92 250 C86 224 76 196 70 168 C68 150 90 146 96 164 L108 206 L104 126 C104 "
            "106 128 106 130 126 L136 200 L142 112 C144 92 168 94 168 114 L166 202 L178 134 C182 "
            "116 204 120 202 140 L194 226 C206 214 216 196 232 196 C246 198 244 214 236 226 L202 "
            "288 L200 356Z"
        )
        parts = (
            path(hand, c.main)
            + path("M88 322 H206 V372 H88Z", c.accent)
            + line("M100 340 H194", light(c.accent, 0.4), 5)
            + path("M104 250 C130 232 172 232 190 254 L186 300 H106Z", dark(c.main, 0.3))
            + circle(154, 112, 8, light(c.accent, 0.5))
        )
        turn = f"translate({dx} 0)" + (" scale(-1 1)" if flip else "")
        return f'<g transform="{turn}">{parts}</g>'

    return one(0, 4) + one(1, 476)


def sunscreen(c: Colours) -> str:
    return "".join(
        [
            path("M178 150 H302 L312 346 C312 366 168 366 168 346Z", c.main),
            path("M178 150 H206 L200 358 C180 356 168 352 168 346Z", light(c.main, 0.5)),
            path("M196 112 H284 V154 H196Z", c.accent),
            path("M222 84 h36 v32 h-36Z", dark(c.accent, 0.2)),
            line("M240 88 h-40 v10", dark(c.accent, 0.2), 10),
            circle(240, 236, 34, "#ffc94d"),
            line(
                "M240 186 v-14 M240 286 v14 M190 236 h-14 M290 236 h14 M205 201 l-10 -10 M275 201 l10 -10 M205 271 l-10 10 M275 271 l10 10",
                "#ffc94d",
                7,
            ),
            line("M200 322 h80", dark(c.main, 0.2), 6),
        ]
    )
