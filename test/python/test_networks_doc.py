"""docs/networks.md holds the figures that the formulas give."""

from pathlib import Path

import network_counts
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "networks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("index", range(len(network_counts.tables())))
def test_every_table_is_as_the_formulas_print_it(index) -> None:
    assert network_counts.tables()[index] in PAGE


def test_the_formulas_give_the_authors_own_counts() -> None:
    """facts of the field: SLaK's issue 12, RepLKNet's code, ConvNeXt as in timm."""
    dense = [sum(each.params().values()) for each in network_counts.SLAK]
    assert dense == [50_703_838, 91_131_820, 157_950_792]
    dense = [sum(each.params().values()) for each in network_counts.CONVNEXT]
    assert dense == [28_589_128, 50_223_688, 88_591_464]
    forms = [
        (sum(each.params().values()), each.branch_merged(), each.merged())
        for each in network_counts.REPLKNET
    ]
    assert forms == [
        (79_864_168, 79_527_272, 79_438_952),
        (172_671_016, 172_165_672, 172_033_192),
        (335_435_752, 335_399_656, 335_210_984),
    ]
