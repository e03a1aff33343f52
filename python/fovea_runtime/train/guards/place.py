"""Where the training is in its code."""

import sys
import sysconfig
import threading
from pathlib import Path
from types import FrameType

_LIBRARIES = tuple(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_TORCH = "/torch/"
_WAITING = ("/torch/distributed/", "/torch/nn/parallel/", "/torch/autograd/graph.py")
"""Code that waits for other processes: collective calls, and those around a network."""


def place() -> tuple[str | None, bool]:
    """The main thread's line in our code or the user's, and whether it waits for other processes."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    waits, within_torch = False, True
    while frame is not None:
        path = frame.f_code.co_filename.replace("\\", "/")
        within_torch = within_torch and _TORCH in path
        waits = waits or (within_torch and any(words in path for words in _WAITING))
        if not path.startswith(("<", *_LIBRARIES)):
            return _line(frame, Path(path)), waits
        frame = frame.f_back
    return None, waits


def _line(frame: FrameType, path: Path) -> str:
    return f"{path.parent.name}/{path.name}:{frame.f_lineno} ({frame.f_code.co_name})"
