"""A hash of what a checkpoint says, whatever the file's layout."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

_APART = ("digest",)
"""The keys that the hash is not of: where it is kept itself."""


def content_hash(state: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a checkpoint's names, numbers, and tensors with type and shape."""
    digest = hashlib.sha256()
    for part in _parts({key: value for key, value in state.items() if key not in _APART}):
        digest.update(part)
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Tensor):
        yield f"tensor {value.dtype} {tuple(value.shape)} ".encode()
        if value.numel() > 0:
            # As bytes: NumPy has no bfloat16.
            yield value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data
    elif isinstance(value, dict):
        yield f"dict {len(value)} ".encode()
        for key, item in value.items():
            yield f"{type(key).__name__} {key!r} ".encode()
            yield from _parts(item)
    elif isinstance(value, list | tuple):
        yield f"list {len(value)} ".encode()
        for item in value:
            yield from _parts(item)
    else:
        yield f"{type(value).__name__} {json.dumps(value)} ".encode()
