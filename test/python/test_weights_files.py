"""Files that are no checkpoint, are damaged, or hold more than weights."""

from __future__ import annotations

import argparse
import gzip
import os
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from fovea_runtime.weights.mistake import WeightsMistake
from fovea_runtime.weights.read_file import read_file
from safetensors.torch import save_file
from torch import nn

STATE = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(300)}


class Touch:
    """Pickled, it makes a file where it is loaded by someone who runs pickles."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.path),)


def mistake(path: Path) -> WeightsMistake:
    with pytest.raises(WeightsMistake) as raised:
        read_file(path)
    assert str(path) in raised.value.message
    return raised.value


@pytest.mark.parametrize("is_zip", [True, False])
def test_what_published_checkpoints_hold_is_read(is_zip: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    content = {"model": STATE, "args": argparse.Namespace(lr=0.1, ratio=None), "epoch": 3}
    torch.save(content, path, _use_new_zipfile_serialization=is_zip)
    read = read_file(path)
    assert isinstance(read, dict)
    assert torch.equal(read["model"]["a"], STATE["a"])
    assert read["args"].lr == 0.1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"# notes\nnothing here\n", "text that begins with '# notes'"),
        (b"  \n", "blank text"),
        ("größe".encode() * 200, "text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "a PNG image"),
        (b"<!DOCTYPE html>\n<html>Google Drive</html>", "a web page; the download failed"),
        (b"\n<?xml version='1.0'?><Error>AccessDenied</Error>", "a web page"),
        (gzip.compress(b"x" * 999, mtime=0), "a gzip archive"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a Git LFS pointer"),
        (bytes(range(7, 207)), "it begins with the bytes 07 08 09"),
    ],
)
def test_what_is_no_checkpoint_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    path.write_bytes(content)
    found = mistake(path)
    assert found.code == "FOV0080"
    assert words in found.message


def test_archives_of_other_things_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "a zip archive of other things (readme.txt" in mistake(path).message
    np.savez(tmp_path / "b.npz", a=np.zeros(3))
    assert "a zip archive of other things (a.npy" in mistake(tmp_path / "b.npz").message
    with tarfile.open(tmp_path / "c.tar", "w") as archive:
        archive.add(path, "a.pth")
    assert "a tar archive" in mistake(tmp_path / "c.tar").message


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    absent = mistake(tmp_path / "absent.pth")
    assert (absent.code, "No such file" in absent.message) == ("FOV0030", True)
    assert "Is a directory" in mistake(tmp_path).message


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("kind", ["zip", "legacy", "safetensors"])
def test_what_is_cut_off_is_damaged(kind: str, kept: float, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    if kind == "safetensors":
        save_file(STATE, path)
    else:
        torch.save(STATE, path, _use_new_zipfile_serialization=kind == "zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: max(9, int(kept * len(whole)))])
    found = mistake(path)
    assert found.code == "FOV0080"
    assert "damaged or cut off" in found.message or "no checkpoint" in found.message


def test_a_flipped_bit_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    torch.save(STATE, path)
    content = bytearray(path.read_bytes())
    content[content.index(STATE["b"].numpy().tobytes()) + 700] ^= 1
    path.write_bytes(content)
    assert "wrong checksum of" in mistake(path).message


@pytest.mark.parametrize("kind", ["zip", "legacy", "pickle"])
def test_code_is_named_and_never_run(kind: str, tmp_path: Path) -> None:
    path, made = tmp_path / "a.pth", tmp_path / "made"
    content = {"model": STATE, "hook": Touch(made)}
    if kind == "pickle":
        path.write_bytes(pickle.dumps({"hook": Touch(made)}))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=kind == "zip")
    found = mistake(path)
    assert found.code == "FOV0081"
    assert f"{os.mkdir.__module__}.mkdir" in found.message
    assert "nothing of it was run" in found.message
    assert not made.exists()
    # The pickle is one that does what it says.
    pickle.loads(pickle.dumps(Touch(made)))
    assert made.exists()


@pytest.mark.parametrize("is_zip", [True, False])
def test_whole_modules_and_other_classes_are_named(is_zip: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    content = {"model": nn.Linear(2, 2), "metric": np.float64(81.5), "args": argparse.Namespace()}
    torch.save(content, path, _use_new_zipfile_serialization=is_zip)
    found = mistake(path)
    assert found.code == "FOV0081"
    assert "torch.nn.modules.linear.Linear" in found.message
    assert "multiarray.scalar" in found.message
    assert "Namespace" not in found.message


def test_another_pickle_protocol_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    torch.save({"model": STATE, "args": argparse.Namespace(lr=1)}, path, pickle_protocol=4)
    found = mistake(path)
    assert (found.code, "pickle_protocol=4" in found.message) == ("FOV0030", True)


def test_torchscript_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    torch.jit.save(torch.jit.trace(nn.Linear(2, 2), torch.ones(1, 2)), path)
    found = mistake(path)
    assert (found.code, "TorchScript" in found.message) == ("FOV0081", True)


def test_another_pickle_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps({"epoch": 3}))
    assert "not one that torch.save writes" in mistake(path).message
