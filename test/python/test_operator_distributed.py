"""The module under DistributedDataParallel: two gloo processes give the gradients of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch
from emitted_kernels import kernel, kernel_path
from waiting import PATIENCE

RANK = """
import importlib.util, os, sys
import torch
import torch.distributed as dist
path, folder, rank = sys.argv[1], sys.argv[2], int(sys.argv[3])
spec = importlib.util.spec_from_file_location("kernel", path)
kernel = importlib.util.module_from_spec(spec)
sys.modules["kernel"] = kernel
spec.loader.exec_module(kernel)
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
torch.manual_seed(0)
model = kernel.PeripheralConv2d(3, bias=True, method="fft", dtype=torch.float64)
x = torch.randn(4, 3, 9, 10, dtype=torch.float64)[2 * rank : 2 * rank + 2]
parallel = torch.nn.parallel.DistributedDataParallel(model)
parallel(x).pow(2).sum().backward()
torch.save([parameter.grad for parameter in model.parameters()], f"{folder}/{rank}.pt")
dist.barrier()
dist.destroy_process_group()
"""


def test_gradients_are_the_mean_over_the_processes(tmp_path: Path) -> None:
    words = [sys.executable, "-c", RANK, str(kernel_path("asymmetric")), str(tmp_path)]
    ranks = [subprocess.Popen([*words, str(rank)]) for rank in range(2)]
    assert [rank.wait(timeout=PATIENCE) for rank in ranks] == [0, 0]
    torch.manual_seed(0)
    model = kernel("asymmetric").PeripheralConv2d(3, bias=True, method="fft", dtype=torch.float64)
    x = torch.randn(4, 3, 9, 10, dtype=torch.float64)
    (model(x).pow(2).sum() / 2).backward()
    wanted = [parameter.grad for parameter in model.parameters()]
    for rank in range(2):
        torch.testing.assert_close(torch.load(tmp_path / f"{rank}.pt"), wanted)
