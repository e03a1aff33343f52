"""ONNX: convolutions with constant kernels, tried with onnxruntime."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.export.program import AXES, capture, example, free_axes, input_shape
from fovea_runtime.export.subject import Subject
from fovea_runtime.export.written import Written
from fovea_runtime.weights.mistake import WeightsMistake

OPSET = 20
"""Of ai.onnx; the first with GELU as an operator of its own."""
IMAGES, LOGITS = "images", "logits"

MISSING_PACKAGE = "FOV0060"


def write_onnx(subject: Subject, path: Path) -> Written:
    """Writes `path`, with a file of weights beside it where they are above 2 GiB.

    Raises:
        WeightsMistake: a package for ONNX is missing.
    """
    try:
        import onnx
        import onnxruntime
        import onnxscript  # noqa: F401 - torch.onnx calls it
    except ImportError as error:
        raise WeightsMistake(
            MISSING_PACKAGE,
            f"ONNX needs a package that cannot be imported: {error}",
            fix="run `fovea setup`, or install onnx, onnxscript and onnxruntime",
        ) from error
    # It tells of every constant that it leaves alone.
    logging.getLogger("onnxscript").setLevel(logging.ERROR)
    axes: Any = {axis: AXES[axis] for axis in free_axes(subject)}
    program = torch.onnx.export(
        capture(subject),
        (example(subject),),
        dynamo=True,
        opset_version=OPSET,
        dynamic_shapes=(axes,),
        input_names=[IMAGES],
        output_names=[LOGITS],
        verbose=False,
    )
    assert program is not None
    program.model.metadata_props["fovea.network"] = subject.name
    program.save(path)
    graph = onnx.load(path, load_external_data=False).graph
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def run(x: Tensor) -> Tensor:
        [logits] = session.run([LOGITS], {IMAGES: x.numpy()})
        return torch.from_numpy(logits)

    logits = [input_shape(subject)[0], subject.classes]
    return Written(
        run,
        {
            "opset": OPSET,
            "inputs": [{"name": IMAGES, "shape": input_shape(subject)}],
            "outputs": [{"name": LOGITS, "shape": logits}],
            "operators": dict(sorted(Counter(node.op_type for node in graph.node).items())),
        },
    )
