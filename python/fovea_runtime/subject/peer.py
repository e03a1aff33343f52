"""A model of timm with weights from a file: its own state dict, or a run's checkpoint."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.settle import SettledPeer, settle
from fovea_runtime.subject.request import SubjectRequest
from fovea_runtime.subject.subject import Size, Subject
from fovea_runtime.weights.accounting import account
from fovea_runtime.weights.contents import Contents, find_weights
from fovea_runtime.weights.layout import Form
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake
from fovea_runtime.weights.package import SEED, shapes_of
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.values import Values

NO_MODEL = "FOV0062"
"""timm has no such model, or cannot build it so."""
_COUNTER = "num_batches_tracked"


def peer_subject(request: SubjectRequest, size: Size | None) -> Subject:
    """The peer asked for, made for images of `size`, timm's own where it is None.

    Raises:
        WeightsMistake: timm cannot build it so, or the weights are not those of this model.
    """
    declared: dict[str, Any] = request.peer or {}
    try:
        contents = None
        if request.weights is not None:
            read = read_file(request.weights)
            contents = find_weights(request.weights, read, average=request.average)
        settled = settle(declared, drop_path=0, size=size)
        if contents is not None:
            settled = _with_classes(settled, _classes(contents.weights, settled))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            model = settled.build().eval()
    except PeerError as error:
        raise WeightsMistake(
            NO_MODEL, str(error), value=f"timm:{declared['model']}", fix=error.fix
        ) from error
    notes = []
    if contents is not None and request.weights is not None:
        model.load_state_dict(_state(contents, request.weights, model, settled))
        notes = contents.notes
    return Subject(
        name=request.name or settled.name,
        network=settled.name,
        model=model,
        classes=settled.classes,
        channels=settled.channels,
        size=settled.size,
        weights=request.weights,
        average=contents is not None and contents.is_average,
        step=None if contents is None else contents.step,
        fused=False,
        is_peer=True,
        notes=notes,
    )


def _classes(weights: Mapping[str, object], settled: SettledPeer) -> int:
    """Classes of a file's classifier: the length of what is longer in a model of one class more.

    The declared number where the file has no such tensor.
    """
    one, other = (
        shapes_of(_with_classes(settled, classes).outline())
        for classes in (settled.classes, settled.classes + 1)
    )
    for key, shape in one.items():
        value = weights.get(key)
        if shape != other[key] and isinstance(value, Tensor) and value.ndim == len(shape):
            axis = next(i for i, side in enumerate(shape) if side != other[key][i])
            return value.shape[axis]
    return settled.classes


def _with_classes(settled: SettledPeer, classes: int) -> SettledPeer:
    arguments = {**settled.arguments, "num_classes": classes}
    return replace(settled, classes=classes, arguments=arguments)


def _state(
    contents: Contents, path: Path, model: torch.nn.Module, settled: SettledPeer
) -> dict[str, Tensor]:
    wanted = shapes_of(model)
    found = account(contents.weights, wanted)
    if not found.is_clear:
        height, width = settled.size
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{path} does not fit timm's {settled.model} for images of {height}x{width} pixels: "
            f"{found.summary()}",
            value=str(path),
            fix="name timm's own state dict of this model, or a run's checkpoint; where only "
            "tables of positions or windows differ, --size with the size that it was trained at",
            lines=found.lines(),
        )
    values = Values()
    state = {}
    for key in wanted:
        value = contents.weights[key]
        assert isinstance(value, Tensor)
        form = Form.COUNTER if key.endswith(_COUNTER) else Form.SAME
        # A model's buffers may be tables of whole numbers, which are no weights.
        is_weight = form is Form.COUNTER or value.is_floating_point()
        state[key] = values.take(key, value, form) if is_weight else value
    values.check(path)
    return state
