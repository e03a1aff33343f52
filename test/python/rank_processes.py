"""The processes of a run as torchrun starts them, without torchrun: they start in a moment.

They are forked from a server that has imported what they need, and find in their environment what
torchrun puts there.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
from pathlib import Path
from typing import Any

from waiting import PATIENCE

_CONTEXT: Any = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["rank_processes", "fovea_runtime.train.session"])


def start_ranks(path: Path, count: int = 2, **options: Any) -> list[Any]:
    """Starts the processes of a run, with `TrainOptions`; their output goes into its stderr.log.

    Every process computes with one thread, since the order of a sum depends on their number.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [
        _CONTEXT.Process(target=_train, args=(path, rank, count, port, options), daemon=True)
        for rank in range(count)
    ]
    for process in processes:
        process.start()
    return processes


def train_ranks(path: Path, count: int = 2, **options: Any) -> list[int | None]:
    """Trains a run to its end; returns the processes' exit codes."""
    processes = start_ranks(path, count, **options)
    for process in processes:
        process.join(PATIENCE)
    codes = [process.exitcode for process in processes]
    kill(processes)
    return codes


def kill(processes: list[Any]) -> None:
    """Kills the processes, at once."""
    for process in processes:
        if process.is_alive():
            process.kill()
    for process in processes:
        process.join()


def _train(path: Path, rank: int, count: int, port: int, options: dict[str, Any]) -> None:
    os.setsid()
    # Those that load images are its children, which no daemon may have.
    multiprocessing.current_process()._config["daemon"] = False  # pyright: ignore[reportAttributeAccessIssue]
    log = os.open(path / "stderr.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if count > 1:
        os.environ.update(
            TORCHELASTIC_RUN_ID="test",
            RANK=str(rank),
            LOCAL_RANK=str(rank),
            WORLD_SIZE=str(count),
            MASTER_ADDR="127.0.0.1",
            MASTER_PORT=str(port),
        )
    import torch
    from fovea_runtime.interrupt import Interrupt
    from fovea_runtime.train.options import TrainOptions
    from fovea_runtime.train.run import run

    torch.set_num_threads(1)
    interrupt = Interrupt()
    interrupt.install()
    sys.exit(run(path, interrupt, TrainOptions(**options)))
