"""What a worker process does before its first image."""

import signal

import torch

_IGNORED = ("SIGINT", "SIGHUP", "SIGUSR1")


def start_worker(_worker: int) -> None:
    """Leaves signals to the training process, and the other cores to the other workers."""
    # They reach the whole group; the training process decides what they mean.
    for name in _IGNORED:
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # One image at a time a worker: more threads only fight over the cores.
    torch.set_num_threads(1)
