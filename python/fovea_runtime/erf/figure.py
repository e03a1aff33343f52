"""Heat maps with axes and squares, as SVG."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PIL import Image

from fovea_runtime.erf.area import Square
from fovea_runtime.erf.contribution import Scores
from fovea_runtime.erf.heat_map import heat_map, reduced, scale

_SIDE = 360
"""Side of a heat map in the figure."""
_MARGIN = 44
_TOP = 46
_BOTTOM = 92
_EMBEDDED = 512
"""Most pixels a side of the embedded picture."""
_COLOURS = {20: "#ffffff", 30: "#7de3ff", 50: "#66ff99", 99: "#ffd1f0"}


@dataclass(frozen=True)
class Panel:
    """One network: `squares` are None where nothing contributes."""

    title: str
    scores: Scores
    squares: dict[int, Square] | None


def figure(panels: Sequence[Panel]) -> str:
    """The panels in a row, each with its axes in pixels and the squares of its area ratios."""
    step = _SIDE + _MARGIN + 12
    width, height = len(panels) * step + 12, _TOP + _SIDE + _BOTTOM
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        _rectangle((0, 0, width, height), fill="#fff"),
        *(_panel(panel, _MARGIN + index * step) for index, panel in enumerate(panels)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(panel: Panel, left: int) -> str:
    bar = _TOP + _SIDE + 58
    parts = [
        f'<g transform="translate({left} {_TOP})">',
        _text(0, -26, panel.title, weight="bold"),
        _text(0, -10, "effective receptive field"),
        _picture(reduced(heat_map(panel.scores), _EMBEDDED), _SIDE, _SIDE),
        _rectangle((0, 0, _SIDE, _SIDE), stroke="#222"),
        *_axes(panel.scores.shape),
        *_squares(panel),
        f'</g><g transform="translate({left} {bar})">',
        _picture(scale(), 120, 8),
        _text(128, 8, "log10(1 + contribution), 0 to its largest"),
        "</g>",
    ]
    return "\n".join(parts)


def _axes(shape: tuple[int, ...]) -> list[str]:
    height, width = shape
    parts = [_text(_SIDE / 2, _SIDE + 30, "pixels", anchor="middle")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        place = share * _SIDE
        parts += [
            f'<path d="M{place} {_SIDE}v4M0 {place}h-4" stroke="#222"/>',
            _text(place, _SIDE + 15, f"{round(share * width)}", anchor="middle"),
            _text(-7, place + 4, f"{round(share * height)}", anchor="end"),
        ]
    return parts


def _squares(panel: Panel) -> list[str]:
    if panel.squares is None:
        return [_text(0, _SIDE + 48, "nothing contributes")]
    parts = []
    for index, (percent, square) in enumerate(panel.squares.items()):
        colour, left = _COLOURS[percent], index * 92
        parts += [
            _rectangle(_place(square, panel.scores.shape), stroke=colour),
            _rectangle((left, _SIDE + 38, 10, 10), fill=colour, stroke="#222"),
            _text(left + 14, _SIDE + 47, f"r({percent}%) {100 * square.ratio:.1f}%"),
        ]
    return parts


def _place(square: Square, shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a square, whose pixels end where the image does."""
    edges = []
    for size in shape:
        middle, reach = size // 2, square.side // 2
        first, last = max(0, middle - reach), min(size, middle + reach + 1)
        edges.append((first / size * _SIDE, (last - first) / size * _SIDE))
    (top, height), (left, width) = edges
    return left, top, width, height


def _rectangle(
    place: tuple[float, float, float, float], *, fill: str = "none", stroke: str = "none"
) -> str:
    x, y, width, height = (f"{each:.2f}" for each in place)
    size = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {size} fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    font = f'font-family="sans-serif" font-size="11" font-weight="{weight}" fill="#222"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {font}>{escape(words)}</text>'


def _picture(picture: Image.Image, width: int, height: int) -> str:
    data = io.BytesIO()
    picture.save(data, "PNG")
    text = base64.b64encode(data.getvalue()).decode()
    size = f'width="{width}" height="{height}" preserveAspectRatio="none"'
    return f'<image {size} href="data:image/png;base64,{text}"/>'
