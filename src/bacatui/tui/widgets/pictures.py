"""Pictures in half blocks: two pixels to a cell, drawn in a thread from the offline store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

SMALLEST = 48  # pixels: what is smaller is an icon or a counter, and is only told of
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_LARGEST = 40_000_000  # pixels that are decoded at most


class Found(NamedTuple):
    """A picture that the store has: its file and its size in pixels."""

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
        picture = ImageOps.contain(picture, (columns, rows * 2), Image.Resampling.LANCZOS)
        sheet = Image.new("RGBA", (columns, rows * 2), (*ground, 255))
        sheet.alpha_composite(picture, ((columns - picture.width) // 2, (rows * 2 - picture.height) // 2))
        pixels = sheet.convert("RGB").tobytes()
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return []  # Pillow raises SyntaxError for broken PNG chunks
    return [_strip(pixels, columns, row) for row in range(rows)]


def _strip(pixels: bytes, columns: int, row: int) -> Strip:
    """One row of cells; neighbours of the same two colours share a segment."""
    size = 3 * columns
    upper, lower = pixels[2 * row * size :], pixels[(2 * row + 1) * size :]
    segments: list[tuple[bytes, int]] = []
    for column in range(columns):
        pair = upper[3 * column : 3 * column + 3] + lower[3 * column : 3 * column + 3]
        if segments and segments[-1][0] == pair:
            segments[-1] = (pair, segments[-1][1] + 1)
        else:
            segments.append((pair, 1))
    return Strip(
        [
            Segment("▀" * n, Style(color=Color.from_rgb(*pair[:3]), bgcolor=Color.from_rgb(*pair[3:])))
            for pair, n in segments
        ],
        columns,
    )
