"""Two gloo processes under DistributedDataParallel: the same masks, and told when they are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch
from sparse_nets import PARALLEL, sparse_steps, two_layers
from tiny_run import ROOT, same
from waiting import PATIENCE

# Each case is of one process group; what it raises, or where it came to, goes into a file.
RANK = """
import sys
folder, rank, *paths = sys.argv[1:]
sys.path[:0] = paths
rank = int(rank)
import torch
import torch.distributed as dist
from sparse_nets import PARALLEL, sparse_steps, two_layers
from torch import nn

torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
found = {}
for case in ("parallel", "other seeds", "other weights", "other gradients"):
    model = two_layers(rank if case == "other weights" else 0)
    parallel = nn.parallel.DistributedDataParallel(model) if case == "parallel" else model
    options = {**PARALLEL, "seed": rank if case == "other seeds" else 0}
    if case == "other gradients":
        options["init"] = "uniform"
    try:
        sparsity = sparse_steps(parallel, model, slice(4 * rank, 4 * rank + 4), options)
        found[case] = (sparsity.state_dict(), model.state_dict())
    except RuntimeError as error:
        found[case] = str(error)
    dist.barrier()
torch.save(found, f"{folder}/{rank}.pt")
dist.destroy_process_group()
"""


def test_masks_agree_or_every_process_is_told(tmp_path: Path) -> None:
    paths = [str(ROOT / "python"), str(ROOT / "test" / "python")]
    ranks = [
        subprocess.Popen([sys.executable, "-c", RANK, str(tmp_path), str(rank), *paths])
        for rank in range(2)
    ]
    assert [rank.wait(timeout=PATIENCE) for rank in ranks] == [0, 0]
    found = [torch.load(tmp_path / f"{rank}.pt") for rank in range(2)]
    # The masks, weights and history of one process with the whole batch.
    assert same(found[0]["parallel"], found[1]["parallel"])
    state, weights = found[0]["parallel"]
    model = two_layers()
    assert same(sparse_steps(model, model, slice(8), PARALLEL).state_dict(), state)
    torch.testing.assert_close(model.state_dict(), weights, rtol=1e-8, atol=1e-10)
    # Gradients that nobody averages are seen in what grows.
    for case, step in (("other seeds", 0), ("other weights", 0), ("other gradients", 2)):
        for each in found:
            assert f"after step {step} the masks of rank 1 are not those of rank 0" in each[case]
