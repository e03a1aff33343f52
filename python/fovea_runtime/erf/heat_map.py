"""Heat maps as pictures: one, and several beside each other."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fovea_runtime.erf.area import in_decades
from fovea_runtime.erf.colours import coloured
from fovea_runtime.erf.contribution import Scores

_TILE = 512
"""Side of a tile in pixels."""
_CAPTION = 30
_GAP = 16


def heat_map(scores: Scores) -> Image.Image:
    """Contributions (H, W) in colour, a pixel each: log10(1 + score), the largest brightest."""
    return Image.fromarray(coloured(in_decades(scores)))


def reduced(picture: Image.Image, side: int) -> Image.Image:
    """The picture, no larger than `side` × `side` pixels."""
    if max(picture.size) <= side:
        return picture
    return picture.resize((side, side), Image.Resampling.BOX)


def sheet(panels: Sequence[tuple[str, Scores]]) -> Image.Image:
    """Heat maps in a row, each under its caption."""
    width = len(panels) * (_TILE + _GAP) + _GAP
    picture = Image.new("RGB", (width, _TILE + _CAPTION + _GAP), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(16)
    for index, (caption, scores) in enumerate(panels):
        left = _GAP + index * (_TILE + _GAP)
        draw.text((left, 6), _fitting(caption, font), fill="black", font=font)
        tile = reduced(heat_map(scores), _TILE)
        # Small maps keep their pixels.
        tile = tile.resize((_TILE, _TILE), Image.Resampling.NEAREST)
        picture.paste(tile, (left, _CAPTION))
    return picture


def scale(steps: int = 256) -> Image.Image:
    """The colours from the least to the most, left to right."""
    return Image.fromarray(coloured(np.linspace(0, 1, steps)[None]))


def _fitting(caption: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont) -> str:
    while font.getlength(caption) > _TILE:
        caption = caption.rstrip("…")[:-1] + "…"
    return caption
