"""Hugging Face's layout: a folder that timm builds and loads a network from."""

import json
from pathlib import Path

import timm
from timm.models import save_for_hf

from fovea_runtime.export.subject import Subject
from fovea_runtime.export.written import Written
from fovea_runtime.package import load_package


def write_hub_folder(subject: Subject, path: Path) -> Written:
    """Writes `config.json` and `model.safetensors` into the new folder `path`."""
    size = (subject.channels, *subject.size)
    # Imported once more, as users do: so timm gets to know the network.
    load_package(subject.request.package)
    entry = f"fovea_{subject.name}"
    model = timm.create_model(entry, num_classes=subject.classes)
    model.load_state_dict(subject.network.state_dict())
    save_for_hf(
        model.to(subject.request.dtype),
        str(path),
        safe_serialization=True,
        data_config={"input_size": size},
    )
    again = timm.create_model(f"local-dir:{path}", pretrained=True).to(subject.request.dtype)
    config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    return Written(again.eval(), {"architecture": config["architecture"]})
