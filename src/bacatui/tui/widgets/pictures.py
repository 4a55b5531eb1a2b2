"""Pictures in half blocks: two pixels to a cell, from the offline store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_LARGEST = 40_000_000  # pixels that are decoded at most


class Found(NamedTuple):
    """A picture that the store has: its file, and its size in pixels."""

    path: Path
    width: int
    height: int


FindPicture = Callable[[str], "Found | None"]


def draw(path: Path, columns: int, rows: int, ground: tuple[int, int, int]) -> list[Strip]:
    """A picture file as `rows` strips of `columns` cells, on a ground of that colour; [] where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=_FORMATS) as file:
            if file.width * file.height > _LARGEST:
                return []
            file.draft("RGB", (columns * 2, rows * 4))
            picture = ImageOps.exif_transpose(file).convert("RGBA")
        picture = ImageOps.fit(picture, (columns, rows * 2), Image.Resampling.LANCZOS)
        sheet = Image.new("RGBA", picture.size, (*ground, 255))
        sheet.alpha_composite(picture)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return []  # Pillow raises SyntaxError for broken PNG chunks
    pixels = sheet.convert("RGB").tobytes()
    return [_strip(pixels, columns, 6 * columns * row) for row in range(rows)]


def _strip(pixels: bytes, columns: int, at: int) -> Strip:
    """One row of cells; neighbours of the same two colours share a segment."""
    below = at + 3 * columns
    pairs = (pixels[at + x : at + x + 3] + pixels[below + x : below + x + 3] for x in range(0, 3 * columns, 3))
    segments = [
        Segment("▀" * sum(1 for _ in same), Style(color=Color.from_rgb(*pair[:3]), bgcolor=Color.from_rgb(*pair[3:])))
        for pair, same in groupby(pairs)
    ]
    return Strip(segments, columns)
