"""Two gloo processes under DistributedDataParallel: the same masks, and told when they are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from sparse_nets import adamw, sparse
from tiny_run import ROOT, same
from torch import nn

OPTIONS: dict[str, Any] = {"init": "snip", "grow": "gradient", "every": 2}

# Each case is of one process group; what it raises, or where it came to, goes into a file.
RANK = """
import sys
folder, rank, *paths = sys.argv[1:]
sys.path[:0] = paths
rank = int(rank)
import torch
import torch.distributed as dist
from test_sparsity_distributed import OPTIONS, network, steps
from torch import nn

torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
found = {}
for case in ("parallel", "other seeds", "other weights", "other gradients"):
    model = network(rank if case == "other weights" else 0)
    parallel = nn.parallel.DistributedDataParallel(model) if case == "parallel" else model
    options = {**OPTIONS, "seed": rank if case == "other seeds" else 0}
    if case == "other gradients":
        options["init"] = "uniform"
    try:
        sparsity = steps(parallel, model, slice(4 * rank, 4 * rank + 4), options)
        found[case] = (sparsity.state_dict(), model.state_dict())
    except RuntimeError as error:
        found[case] = str(error)
    dist.barrier()
torch.save(found, f"{folder}/{rank}.pt")
dist.destroy_process_group()
"""


def network(seed: int = 0) -> nn.Module:
    """Rows (N, 6) -> (N, 3), in float64."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 20), nn.Tanh(), nn.Linear(20, 3)).double()


def steps(parallel: nn.Module, model: nn.Module, rows: slice, options: dict[str, Any]) -> Any:
    """Eight sparse steps on some rows of a batch of eight."""
    x = torch.randn(8, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))[rows]
    optimizer = adamw(model)
    parallel(x).square().mean().backward()
    sparsity = sparse(parallel, optimizer, **options)
    for _ in range(8):
        optimizer.zero_grad()
        parallel(x).square().mean().backward()
        optimizer.step()
        sparsity.step()
    return sparsity


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[dict[str, Any]]:
    """What each of the two processes found, by case."""
    folder: Path = tmp_path_factory.mktemp("processes")
    paths = [str(ROOT / "python"), str(ROOT / "test" / "python")]
    ranks = [
        subprocess.Popen([sys.executable, "-c", RANK, str(folder), str(rank), *paths])
        for rank in range(2)
    ]
    assert [rank.wait(timeout=240) for rank in ranks] == [0, 0]
    return [torch.load(folder / f"{rank}.pt") for rank in range(2)]


def test_processes_have_the_masks_of_one_with_the_whole_batch(found) -> None:
    assert same(found[0]["parallel"], found[1]["parallel"])
    state, weights = found[0]["parallel"]
    model = network()
    assert same(steps(model, model, slice(8), OPTIONS).state_dict(), state)
    torch.testing.assert_close(model.state_dict(), weights, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    ("case", "step"),
    # Gradients that nobody averages are seen in what grows.
    [("other seeds", 0), ("other weights", 0), ("other gradients", 2)],
)
def test_masks_that_differ_end_every_process(found, case: str, step: int) -> None:
    for each in found:
        assert f"after step {step} the masks of rank 1 are not those of rank 0" in each[case]
