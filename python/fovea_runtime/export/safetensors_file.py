"""A network's state dict in safetensors, as `fovea weights import` writes it."""

from pathlib import Path

from safetensors.torch import load_file, save_file

from fovea_runtime.export.subject import Subject
from fovea_runtime.export.written import Written


def write_state(subject: Subject, path: Path) -> Written:
    """Writes `path`: weights that load strictly into `create_model()`, fused or not."""
    form = ".fuse()" if subject.request.fused else ""
    notes = {
        "format": "pt",
        "network": subject.name,
        "load": f"create_model(num_classes={subject.classes}){form}.load_state_dict(…)",
    }
    state = subject.network.state_dict()
    save_file({key: tensor.contiguous() for key, tensor in state.items()}, path, notes)
    return Written(subject.loaded(load_file(path)), {"tensors": len(state)})
