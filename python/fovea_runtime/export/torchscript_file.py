"""TorchScript by tracing: a program that `torch.jit.load` reads where neither package nor fovea is."""

from pathlib import Path

import torch

from fovea_runtime.export.program import example
from fovea_runtime.export.subject import Subject
from fovea_runtime.export.written import Written


def write_torchscript(subject: Subject, path: Path) -> Written:
    """Writes `path`. A trace takes images of any number and size, whatever was asked for."""
    with torch.no_grad():
        traced = torch.jit.trace(subject.plain, example(subject), check_trace=False)
    torch.jit.save(traced, path)
    return Written(torch.jit.load(path))
