"""Redraws one picture in a process of its own: bytes in, a JPEG of the pixels alone out.

A decoder's faults, and what a small file unpacks to, end with this process: its memory and time
are bounded. Run by path; it imports nothing of the house.

stdin: the file. stdout: width and height (4 bytes each, big end first), then the JPEG.
Exit code: 0, TOO_MANY_PIXELS, or any other for what is no picture.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import warnings

MOST_PIXELS = 25_000_000
"""Of formats that unpack whole. A JPEG is unpacked no larger than needed, up to MOST_OF_A_JPEG."""
MOST_OF_A_JPEG = 64_000_000  # phones take 50 million
LONGEST_SIDE = 1920
LONG_SHOT = 2.5  # a screenshot of a whole talk: so much longer than wide
LONG_SHOT_WIDTH = 1080  # at which its words can be read
LONGEST_OF_A_LONG_SHOT = 16_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
TOO_MANY_PIXELS = 3
_MEMORY = 768 * 1024 * 1024  # bytes of addresses: 25 million pixels of 4 bytes, twice, and Python
_SECONDS = 15  # of work


def _goal(width: int, height: int) -> tuple[int, int]:
    """The box that a picture is fitted into."""
    short, long = min(width, height), max(width, height)
    if long <= short * LONG_SHOT:
        return LONGEST_SIDE, LONGEST_SIDE
    wide, high = LONG_SHOT_WIDTH, LONGEST_OF_A_LONG_SHOT
    return (wide, high) if width < height else (high, wide)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    from PIL import Image, ImageOps

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_OF_A_JPEG
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as picture:
        most = MOST_OF_A_JPEG if picture.format == "JPEG" else MOST_PIXELS
        if picture.width * picture.height > most:
            return TOO_MANY_PIXELS
        # Of its own shape: a square would count by the shorter side, and unpack all.
        goal = _goal(*picture.size)
        wanted = 2 * max(goal) / max(picture.size)
        picture.draft("RGB", (int(picture.width * wanted), int(picture.height * wanted)))
        if picture.width * picture.height > MOST_PIXELS:  # a JPEG that cannot be drafted
            return TOO_MANY_PIXELS
        # Made small first: turning copies all there is.
        picture.thumbnail(goal)
        upright = ImageOps.exif_transpose(picture)
        if upright.has_transparency_data:
            # A cut-out's see-through parts as white, not as the black JPEG would make of them.
            solid = upright.convert("RGBA")
            ground = Image.new("RGBA", solid.size, "white")
            upright = Image.alpha_composite(ground, solid)
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=86)
    sys.stdout.buffer.write(struct.pack(">II", *upright.size) + out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
