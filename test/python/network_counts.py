"""Parameters and multiply-adds of the published networks, from their formulas.

Knows nothing of fovea: every figure is a closed form over depths, widths, kernels and maps, as
docs/networks.md writes it down. `python test/python/network_counts.py` prints that page's tables;
test_networks_doc.py holds the page to them, test/docs/networks.test.ts holds fovea to the page.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

CLASSES = 1000
SPARSITY = 0.4
DEPTHS = {"T": (3, 3, 9, 3), "S": (3, 3, 27, 3), "B": (3, 3, 27, 3)}
WIDTHS = {
    "T": (96, 192, 384, 768),
    "S": (96, 192, 384, 768),
    "B": (128, 256, 512, 1024),
}


def half_grid(kernel: int, centre: int) -> list[int]:
    """Cells from the outermost to the middle tap: powers of two, what is left outermost."""
    left, cell = (kernel - centre) // 2, 2
    outwards = []
    while cell <= left:
        outwards.append(cell)
        left, cell = left - cell, 2 * cell
    if left:
        outwards.append(left)
    return outwards[::-1] + [1] * ((centre + 1) // 2)


def zones(kernel: int, centre: int) -> int:
    """Weights a channel of a shared kernel."""
    return (2 * len(half_grid(kernel, centre)) - 1) ** 2


@dataclass(frozen=True)
class ConvNeXtLike:
    """ConvNeXt's frame with one of three mixers: `dense`, `stripes` or `peripheral`."""

    name: str
    depths: Sequence[int]
    channels: Sequence[int]
    kernels: Sequence[int]
    mixer: str
    centre: int = 5

    @property
    def convolved(self) -> list[int]:
        """Channels that the mixers convolve: 3/8 of them in PeLK."""
        if self.mixer != "peripheral":
            return list(self.channels)
        return [floor(c * 3 / 8) for c in self.channels]

    def blocks(self, each: Callable[[int], int]) -> int:
        """Sum over all blocks of a term of their stage."""
        return sum(depth * each(stage) for stage, depth in enumerate(self.depths))

    def maps(self, size: int) -> list[int]:
        """Side of each stage's map."""
        return [size // (4 * 2**stage) for stage in range(4)]

    def weights(self, stage: int) -> int:
        """Weights a channel of the large kernels."""
        k = self.kernels[stage]
        if self.mixer == "peripheral":
            return zones(k, self.centre)
        return {"dense": k * k, "stripes": 2 * 5 * k}[self.mixer]

    def taps(self, stage: int) -> int:
        """Multiply-adds a channel and pixel of the large kernels."""
        k = self.kernels[stage]
        return 2 * 5 * k if self.mixer == "stripes" else k * k

    def tensors(self) -> list[int]:
        """Sizes of all tensors but the embedding; the declared sparsity takes a share of each."""
        c, g = self.channels, self.convolved
        sizes = [48 * c[0], *[c[0]] * 3, *[c[3]] * 2, CLASSES * c[3], CLASSES]
        for a, b in itertools.pairwise(c):
            sizes += [a, a, 4 * a * b, b]
        for stage, depth in enumerate(self.depths):
            n = c[stage]
            block = [n, n, 4 * n * n, 4 * n, 4 * n * n, n, n]
            large = self.weights(stage) * g[stage]
            if self.mixer == "dense":
                block += [large, g[stage]]
            elif self.mixer == "stripes":
                block += [large // 2, large // 2, 25 * g[stage], *[g[stage]] * 6]
            else:
                block += [large, 25 * g[stage], *[g[stage]] * 4]
            sizes += block * depth
        return sizes

    def params(self) -> dict[str, int]:
        """Parameters in training form, part by part."""
        c, g = self.channels, self.convolved
        norms = {"dense": 0, "stripes": 6, "peripheral": 4}[self.mixer]
        parts = {
            "stem": 51 * c[0],
            "downsampling": sum(2 * a + (4 * a + 1) * b for a, b in itertools.pairwise(c)),
            "norm, expand, project, scale": self.blocks(lambda s: 8 * c[s] ** 2 + 8 * c[s]),
            "large kernels": self.blocks(lambda s: self.weights(s) * g[s]),
        }
        if self.mixer == "dense":
            parts["biases of the kernels"] = self.blocks(lambda s: g[s])
        else:
            parts["5×5 branches"] = self.blocks(lambda s: 25 * g[s])
            parts["BatchNorms of the mixers"] = self.blocks(lambda s: norms * g[s])
        parts["head"] = 2 * c[3] + CLASSES * (c[3] + 1)
        if self.mixer == "peripheral":
            parts["embedding"] = sum(k * k * each for k, each in zip(self.kernels, g, strict=True))
        return parts

    def merged(self) -> int:
        """Parameters that `fuse()` leaves: a bias for the norms, the branch and the embedding."""
        parts = self.params()
        for part in ("5×5 branches", "BatchNorms of the mixers", "embedding"):
            parts.pop(part, None)
        bias = 0 if self.mixer == "dense" else self.blocks(lambda s: self.convolved[s])
        return sum(parts.values()) + bias

    def nonzero(self) -> int:
        """Parameters at 40% sparsity: every tensor but the embedding loses its rounded share."""
        return sum(self.params().values()) - sum(floor(SPARSITY * n + 0.5) for n in self.tensors())

    def macs(self, size: int) -> dict[str, int]:
        """Multiply-adds of one image, part by part."""
        c, g = self.channels, self.convolved
        pixels = [side * side for side in self.maps(size)]
        parts = {
            "stem": pixels[0] * 48 * c[0],
            "downsampling": sum(pixels[s + 1] * 4 * c[s] * c[s + 1] for s in range(len(c) - 1)),
            "expand, project": self.blocks(lambda s: pixels[s] * 8 * c[s] ** 2),
            "large kernels": self.blocks(lambda s: pixels[s] * self.taps(s) * g[s]),
        }
        if self.mixer != "dense":
            parts["5×5 branches"] = self.blocks(lambda s: pixels[s] * 25 * g[s])
        parts["head"] = CLASSES * c[3]
        return parts

    def embedding_per_tap(self) -> int:
        """`Σ w·h` in every block: a multiply-add a tap and convolved channel."""
        return self.blocks(lambda s: self.kernels[s] ** 2 * self.convolved[s])


@dataclass(frozen=True)
class RepLKNet:
    """RepLKNet's own blocks, stem and transitions; every convolution is without bias."""

    name: str
    channels: Sequence[int]
    kernels: Sequence[int]
    small: int
    ratio: float
    depths: Sequence[int] = (2, 2, 18, 2)

    def blocks(self, each: Callable[[int, int], int]) -> int:
        """Sum over all blocks of a term of their channels c and convolved channels g."""
        return sum(
            depth * each(stage, int(self.channels[stage] * self.ratio))
            for stage, depth in enumerate(self.depths)
        )

    def params(self) -> dict[str, int]:
        """Parameters in training form, part by part; each BatchNorm has two a channel."""
        c, small = self.channels, self.small**2
        pairs = list(itertools.pairwise(c))
        return {
            "stem": c[0] ** 2 + (27 + 9 + 9) * c[0] + 4 * 2 * c[0],
            "transitions": sum(a * b + 9 * b + 2 * 2 * b for a, b in pairs),
            "1×1 around the kernels": self.blocks(lambda s, g: 2 * c[s] * g + 2 * g + 4 * c[s]),
            "large kernels": self.blocks(lambda s, g: self.kernels[s] ** 2 * g + 2 * g),
            "small kernels": self.blocks(lambda s, g: (small + 2) * g if small else 0),
            "ConvFFN": self.blocks(lambda s, g: 8 * c[s] ** 2 + 12 * c[s]),
            "head": 2 * c[3] + CLASSES * (c[3] + 1),
        }

    def branch_merged(self) -> int:
        """Small kernels added, norms as they are but for one a block: the authors' deploy form."""
        small = self.small**2
        gone = self.blocks(lambda s, g: (small + 2) * g if small else 0)
        norm_to_bias = self.blocks(lambda s, g: g)
        return sum(self.params().values()) - gone - norm_to_bias

    def merged(self) -> int:
        """Every BatchNorm behind a convolution is a bias: one parameter a channel less."""
        c, small = self.channels, self.small**2
        folded = 4 * c[0] + sum(2 * b for b in c[1:])
        folded += self.blocks(lambda s, g: g + g + c[s] + 4 * c[s] + c[s])
        gone = self.blocks(lambda s, g: (small + 2) * g if small else 0)
        return sum(self.params().values()) - gone - folded

    def macs(self, size: int) -> dict[str, int]:
        """Multiply-adds of one image, part by part; convolutions of stride 2 round up."""
        c, small = self.channels, self.small**2
        half = (size + 1) // 2
        sides = [(half + 1) // 2]
        for _ in c[1:]:
            sides.append((sides[-1] + 1) // 2)
        pixels = [side * side for side in sides]
        entry = half * half * (27 + 9 + c[0]) * c[0]
        return {
            "stem": entry + pixels[0] * 9 * c[0],
            "transitions": sum(
                pixels[s] * c[s] * c[s + 1] + pixels[s + 1] * 9 * c[s + 1] for s in range(3)
            ),
            "1×1 around the kernels": self.blocks(lambda s, g: pixels[s] * 2 * c[s] * g),
            "large kernels": self.blocks(lambda s, g: pixels[s] * self.kernels[s] ** 2 * g),
            "small kernels": self.blocks(lambda s, g: pixels[s] * small * g),
            "ConvFFN": self.blocks(lambda s, g: pixels[s] * 8 * c[s] ** 2),
            "head": CLASSES * c[3],
        }


def _frame(letter: str, widen: float = 1.0) -> tuple[Sequence[int], list[int]]:
    return DEPTHS[letter], [int(width * widen) for width in WIDTHS[letter]]


def _pelk(name: str, letter: str, kernels: Sequence[int], centre: int) -> ConvNeXtLike:
    return ConvNeXtLike(name, *_frame(letter, 1.3), kernels, "peripheral", centre)


LARGE = (51, 49, 47, 13)
PELK = [
    _pelk("pelk_tiny", "T", LARGE, 5),
    _pelk("pelk_small", "S", LARGE, 5),
    _pelk("pelk_base", "B", LARGE, 5),
    _pelk("pelk101_tiny", "T", (101, 69, 67, 13), 7),
    _pelk("pelk101_base", "B", (101, 69, 67, 13), 7),
]
NAMES = (("tiny", "T"), ("small", "S"), ("base", "B"))
SLAK = [
    ConvNeXtLike(f"slak_{size}", *_frame(letter, 1.3), LARGE, "stripes") for size, letter in NAMES
]
CONVNEXT = [
    ConvNeXtLike(f"convnext_{size}", *_frame(letter), (7,) * 4, "dense") for size, letter in NAMES
]
REPLKNET = [
    RepLKNet("replknet_31b", (128, 256, 512, 1024), (31, 29, 27, 13), 5, 1),
    RepLKNet("replknet_31l", (192, 384, 768, 1536), (31, 29, 27, 13), 5, 1),
    RepLKNet("replknet_xl", (256, 512, 1024, 2048), (27, 27, 27, 13), 0, 1.5),
]

Network = ConvNeXtLike | RepLKNet


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first keep to the right."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def _rows(counts: Sequence[dict[str, int]], total: str) -> list[list[str]]:
    rows = [[part, *(f"{each[part]:,}" for each in counts)] for part in counts[0]]
    return [*rows, [f"**{total}**", *(f"**{sum(each.values()):,}**" for each in counts)]]


def stages_table(network: ConvNeXtLike) -> str:
    """Widths, kernels and grids of a PeLK, a stage a row."""
    rows = [
        [
            f"stages.{stage}",
            f"{network.channels[stage]:,}",
            f"{network.convolved[stage]:,}",
            f"{kernel}×{kernel}",
            " ".join(str(cell) for cell in half_grid(kernel, network.centre)),
            str(zones(kernel, network.centre)),
        ]
        for stage, kernel in enumerate(network.kernels)
    ]
    return table(["", "channels c", "convolved g", "kernel", "half grid", "weights z"], rows)


def params_table(networks: Sequence[Network]) -> str:
    """Parameters in training form, part by part, and what they come to."""
    rows = _rows([network.params() for network in networks], "dense")
    if all(isinstance(each, ConvNeXtLike) and each.mixer != "dense" for each in networks):
        sparse = [each for each in networks if isinstance(each, ConvNeXtLike)]
        rows.append(["**nonzero** at 0.4", *(f"**{each.nonzero():,}**" for each in sparse)])
    if all(isinstance(each, RepLKNet) for each in networks):
        reps = [each for each in networks if isinstance(each, RepLKNet)]
        rows.append(["branches merged", *(f"{each.branch_merged():,}" for each in reps)])
    rows.append(["**merged**", *(f"**{each.merged():,}**" for each in networks)])
    return table(["parameters", *(f"`{each.name}`" for each in networks)], rows)


def macs_table(networks: Sequence[Network], sizes: Sequence[int]) -> str:
    """Multiply-adds of one image in training form, each network at its size."""
    pairs = list(zip(networks, sizes, strict=True))
    rows = _rows([network.macs(size) for network, size in pairs], "dense")
    return table(["MACs", *(f"`{each.name}` {size}²" for each, size in pairs)], rows)


def sparse_table(published: Sequence[tuple[ConvNeXtLike, int, str, str]]) -> str:
    """What 60% of the dense counts come to, beside what is printed."""
    rows = []
    for network, size, params, macs in published:
        parts = network.params()
        own = 0.6 * (sum(parts.values()) - parts.get("embedding", 0))
        work = 0.6 * sum(network.macs(size).values())
        rows.append(
            [
                f"`{network.name}` {size}²",
                f"{own / 1e6:.2f} M",
                f"{params} M",
                f"{100 * (own / 1e6 / float(params) - 1):+.2f}%",
                f"{work / 1e9:.3f} G",
                f"{macs} G",
                f"{100 * (work / 1e9 / float(macs) - 1):+.2f}%",
            ]
        )
    head = ["", "0.6 × params", "printed", "", "0.6 × MACs", "printed", ""]
    return table(head, rows)


def large_kernels_table(networks: Sequence[ConvNeXtLike]) -> str:
    """Figure 5 of the PeLK paper: shares of all multiply-adds at 224²."""
    rows = []
    for network in networks:
        macs = network.macs(224)
        whole = sum(macs.values())
        large = macs["large kernels"] + macs["5×5 branches"]
        taps = network.embedding_per_tap()
        rows.append(
            [
                f"`{network.name}`",
                f"{large:,}",
                f"{100 * large / whole:.1f}%",
                f"{taps:,}",
                f"{100 * taps / whole:.3f}%",
            ]
        )
    return table(["224²", "large kernels", "share", "embedding, a MAC a tap", "share"], rows)


def tables() -> list[str]:
    """Every table of docs/networks.md, in its order."""
    tiny, small, base, tiny101, base101 = PELK
    return [
        stages_table(tiny),
        stages_table(base101),
        params_table(PELK),
        macs_table(PELK, [224] * len(PELK)),
        macs_table([base, base101], [384, 384]),
        sparse_table(
            [
                (tiny, 224, "29", "5.6"),
                (small, 224, "50", "10.7"),
                (base, 224, "89", "18.3"),
                (base, 384, "89", "54.0"),
                (base101, 384, "90", "68.3"),
            ]
        ),
        large_kernels_table([tiny, small, base, tiny101, base101]),
        params_table(SLAK),
        macs_table(SLAK, [224] * 3),
        sparse_table(
            [
                (SLAK[0], 224, "30", "5.0"),
                (SLAK[1], 224, "55", "9.8"),
                (SLAK[2], 224, "95", "17.1"),
            ]
        ),
        params_table(REPLKNET),
        macs_table([*REPLKNET, REPLKNET[2]], [224, 224, 224, 320]),
        params_table(CONVNEXT),
        macs_table(CONVNEXT, [224] * 3),
    ]


if __name__ == "__main__":
    print("\n\n".join(tables()))
