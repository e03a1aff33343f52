"""A network becomes a file of another tool, once that file computes the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fovea_runtime.export.comparison import LIMITS, compare, trials
from fovea_runtime.export.hub_folder import write_hub_folder
from fovea_runtime.export.onnx_file import write_onnx
from fovea_runtime.export.place import described, put, staging
from fovea_runtime.export.request import DTYPES, ExportRequest
from fovea_runtime.export.safetensors_file import write_state
from fovea_runtime.export.subject import Subject, build
from fovea_runtime.export.torch_export_file import write_torch_export
from fovea_runtime.export.torchscript_file import write_torchscript
from fovea_runtime.export.written import Written

FORMATS: dict[str, Callable[[Subject, Path], Written]] = {
    "onnx": write_onnx,
    "torch-export": write_torch_export,
    "torchscript": write_torchscript,
    "safetensors": write_state,
    "hf": write_hub_folder,
}


def export_network(request: ExportRequest) -> dict[str, Any]:
    """Writes `request.out`, and reports on it.

    Where logits differ by more than the limit, the report has `passed` False and nothing is left.

    Raises:
        WeightsMistake: nothing has been written.
    """
    subject = build(request)
    tried = trials(subject)
    with staging(request.out) as folder:
        path = folder / request.out.name
        written = FORMATS[request.format](subject, path)
        outcomes = compare(written.run, tried)
        limit = LIMITS[request.dtype]
        passed = all(each.error <= limit for each in outcomes)
        files = [described(file) for file in put(path, request.out)] if passed else []
    dtypes = {dtype: name for name, dtype in DTYPES.items()}
    return {
        "network": subject.name,
        "format": request.format,
        "out": str(request.out) if passed else None,
        "files": files,
        "weights": None if request.weights is None else str(request.weights),
        "fused": request.fused,
        "dtype": dtypes[request.dtype],
        "classes": subject.classes,
        "parameters": sum(parameter.numel() for parameter in subject.network.parameters()),
        **written.details,
        "limit": limit,
        "passed": passed,
        "checks": [each.row() for each in outcomes],
        "notes": subject.notes,
    }
