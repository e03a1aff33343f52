"""The processes that train one run together: one alone, or those that torchrun starts."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.distributed import (
    PrefixStore,  # pyright: ignore[reportPrivateImportUsage]
)
from torch.distributed.rendezvous import rendezvous

_SIXTY_YEARS = timedelta(days=21_900)


@dataclass(frozen=True)
class Processes:
    """This process's place among `count` of them.

    Tensors are exchanged on the device's own backend (NCCL on CUDA, gloo on a CPU); `vote` is
    carried by gloo in any case, so that it never waits for a GPU's stream.
    """

    rank: int = 0
    local_rank: int = 0
    count: int = 1
    _control: Any = None

    @property
    def is_first(self) -> bool:
        """Whether this process writes what the run writes."""
        return self.rank == 0

    def mean(self, tensor: Tensor) -> Tensor:
        """The mean over all processes of a tensor; each gets it."""
        return tensor if self.count == 1 else self.total(tensor) / self.count

    def total(self, tensor: Tensor) -> Tensor:
        """The sum over all processes of a tensor; each gets it."""
        if self.count == 1:
            return tensor
        total = tensor.clone()
        dist.all_reduce(total)
        return total

    def share_buffers(self, module: nn.Module) -> None:
        """Gives every process the first one's buffers, such as BatchNorm's running statistics."""
        if self.count > 1:
            for buffer in module.buffers():
                dist.broadcast(buffer, 0)

    def vote(self, stop: bool, *, done: bool = False) -> tuple[bool, bool]:
        """Whether any process says `stop`, and whether all say `done`."""
        if self.count == 1:
            return stop, done
        votes = torch.tensor([int(stop), int(done)])
        dist.all_reduce(votes, group=self._control)
        return int(votes[0]) > 0, int(votes[1]) == self.count

    def same(self, number: int) -> bool:
        """Whether all processes hold the same number."""
        if self.count == 1:
            return True
        extremes = torch.tensor([number, -number])
        dist.all_reduce(extremes, dist.ReduceOp.MAX, group=self._control)
        return int(extremes[0]) == number and int(extremes[1]) == -number

    def gather(self, value: Any) -> list[Any]:
        """Every process's value, in the order of their ranks."""
        if self.count == 1:
            return [value]
        values: list[Any] = [None] * self.count
        dist.all_gather_object(values, value, group=self._control)
        return values


ALONE = Processes()


@contextmanager
def joined(pick: Callable[[int], torch.device]) -> Iterator[tuple[Processes, torch.device]]:
    """This process among those that torchrun started, and its device.

    A collective call waits as long as it takes: whether a process is stuck is for the heartbeat to
    say (`fovea_runtime.train.heartbeat`), which knows what the step is at.

    Args:
        pick: gives the device for the process's number on its machine.
    """
    count = int(os.environ["WORLD_SIZE"]) if "TORCHELASTIC_RUN_ID" in os.environ else 1
    if count == 1:
        yield ALONE, pick(0)
        return
    local_rank = int(os.environ["LOCAL_RANK"])
    device = pick(local_rank)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    backend = "nccl" if device.type == "cuda" else "gloo"
    # torchrun keeps its store over a restart, and in it the addresses of processes that are gone.
    store, rank, _ = next(rendezvous("env://"))
    start = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    dist.init_process_group(
        backend,
        store=PrefixStore(f"start-{start}", store),
        rank=rank,
        world_size=count,
        timeout=_SIXTY_YEARS,
    )
    try:
        control = dist.new_group(backend="gloo", timeout=_SIXTY_YEARS)
        yield Processes(rank, local_rank, count, control), device
    finally:
        dist.destroy_process_group()
