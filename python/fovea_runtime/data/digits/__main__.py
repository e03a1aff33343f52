"""`python -m fovea_runtime.data.digits --out FILE.png`: a sheet of scenes to look at."""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from fovea_runtime.data.digits.scene import scenes

_GAP = 2
"""White pixels between two scenes, before scaling."""


def main() -> None:
    """Reads the arguments and writes the sheet; the labels are printed in its order."""
    parser = argparse.ArgumentParser(
        prog="python -m fovea_runtime.data.digits", description=__doc__
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument("--size", type=int, nargs=2, default=(48, 48), metavar=("H", "W"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=("train", "test"), default="train")
    parser.add_argument("--rows", type=int, default=2)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--scale", type=int, default=2, help="screen pixels a pixel")
    given = parser.parse_args()
    height, width = given.size
    indices = np.arange(given.rows * given.columns)
    made = scenes(given.seed, given.split, indices, height, width)
    framed = np.pad(made.images, ((0, 0), (0, _GAP), (0, _GAP)), constant_values=255)
    grid = framed.reshape(given.rows, given.columns, height + _GAP, width + _GAP)
    sheet = grid.swapaxes(1, 2).reshape(given.rows * (height + _GAP), -1)[:-_GAP, :-_GAP]
    picture = Image.fromarray(sheet)
    picture.resize((sheet.shape[1] * given.scale, sheet.shape[0] * given.scale), 0).save(given.out)
    for row in made.labels.reshape(given.rows, given.columns):
        print(*row)


if __name__ == "__main__":
    main()
