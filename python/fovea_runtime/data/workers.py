"""Worker processes: what they do before their first image, and what this one needs for them."""

import signal
from contextlib import suppress

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


def allow_many_files() -> None:
    """Raises the number of files that this process may have open to what the system allows.

    Every tensor that comes from a worker is one, and a batch of images with boxes has hundreds; the
    usual limit is 1024.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
