"""A network as one program of PyTorch's own operators, for images of any number and size."""

from typing import Any

import torch
from torch import Tensor, fx
from torch.export import Dim, ExportedProgram

from fovea_runtime.export.fold_constants import fold_constants
from fovea_runtime.export.subject import Subject

AXES = {0: "batch", 2: "height", 3: "width"}
"""Of images (N, C, H, W), those that can be left open."""


def free_axes(subject: Subject) -> list[int]:
    """The axes that nobody has asked for a size of."""
    fixed = subject.request
    return [
        *([0] if fixed.batch is None else []),
        *([2, 3] if fixed.size is None else []),
    ]


def input_shape(subject: Subject) -> list[int | str]:
    """(N, C, H, W), an open axis by its name."""
    shape: list[int | str] = [subject.request.batch or 1, subject.channels, *subject.size]
    for axis in free_axes(subject):
        shape[axis] = AXES[axis]
    return shape


def example(subject: Subject) -> Tensor:
    """Images to trace with. Two where any number may come: one would be taken for always one."""
    shape = (subject.request.batch or 2, subject.channels, *subject.tried_size)
    generator = torch.Generator().manual_seed(0)
    return torch.randn(shape, generator=generator).to(subject.request.dtype)


def capture(subject: Subject) -> fx.GraphModule:
    """The network's program, with all that depends on parameters alone computed."""
    # Without decompositions: what is left is flat, with no context of autocast around a part.
    program = exported(subject, subject.plain).run_decompositions({})
    return fold_constants(program.module())


def exported(subject: Subject, module: torch.nn.Module) -> ExportedProgram:
    """`torch.export` of a module that takes images."""
    axes: Any = {axis: Dim.DYNAMIC for axis in free_axes(subject)}
    program = torch.export.export(module, (example(subject),), dynamic_shapes=(axes,))
    foreign = [
        str(node.target)
        for node in program.graph.nodes
        if node.op == "call_function"
        and isinstance(node.target, torch._ops.OpOverload)
        and node.target.namespace not in ("aten", "prims")
    ]
    assert not foreign, f"these operators need the package: {foreign}"
    return program
