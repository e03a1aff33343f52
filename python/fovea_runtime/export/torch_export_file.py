"""`torch.export`: a program that `torch.export.load` reads where neither package nor fovea is."""

from pathlib import Path

import torch

from fovea_runtime.export.program import capture, exported, input_shape
from fovea_runtime.export.subject import Subject
from fovea_runtime.export.written import Written


def write_torch_export(subject: Subject, path: Path) -> Written:
    """Writes `path`, a `.pt2` archive."""
    torch.export.save(exported(subject, capture(subject)), path)
    program = torch.export.load(path).module()
    return Written(program, {"inputs": [{"name": "x", "shape": input_shape(subject)}]})
