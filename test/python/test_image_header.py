"""What is plainly wrong with an image file, told from its first bytes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fovea_runtime.data.decode import decode
from fovea_runtime.data.folder_index import _examine
from fovea_runtime.data.unreadable import Unreadable
from PIL import Image
from written_data import picture

FORMATS = ["JPEG", "PNG", "BMP", "PPM", "TIFF", "WEBP", "GIF"]


def encoded(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture(21, 34, 0).save(buffer, kind, **options)
    return buffer.getvalue()


def look(tmp_path: Path, content: bytes) -> tuple[tuple[int, int], str | None]:
    file = tmp_path / "image"
    file.write_bytes(content)
    found, _ = _examine(str(file))
    return (found.height, found.width), found.problem


@pytest.mark.parametrize("kind", FORMATS)
def test_sizes(tmp_path: Path, kind: str) -> None:
    assert look(tmp_path, encoded(kind)) == ((21, 34), None)


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"exif": b"Exif\0\0" + bytes(30_000)}, {"icc_profile": bytes(60_000)}],
)
def test_jpegs_with_more_before_their_frame(tmp_path: Path, options: dict[str, object]) -> None:
    assert look(tmp_path, encoded("JPEG", **options)) == ((21, 34), None)


def test_fill_bytes_before_a_marker(tmp_path: Path) -> None:
    whole = encoded("JPEG")
    assert look(tmp_path, whole[:2] + b"\xff\xff" + whole[2:]) == ((21, 34), None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_only_what_pillow_cannot_open_is_a_problem(tmp_path: Path, kind: str) -> None:
    # Cut anywhere: what has no problem may still fail later, but never the other way round.
    whole = encoded(kind)
    found: list[str | None] = []
    for length in range(0, len(whole), 1 if kind == "JPEG" else 5):
        _, problem = look(tmp_path, whole[:length])
        found.append(problem)
        if problem is not None:
            with pytest.raises(Unreadable):
                decode(whole[:length], "RGB")
    assert found[0] == "the file is empty"
    assert found[4] is not None
    assert found[-1] is None


def test_what_is_no_image(tmp_path: Path) -> None:
    _, problem = look(tmp_path, b"<html><body>404</body></html>")
    assert problem == "it is no image: it begins with b'<html><b'"
    missing, _ = _examine(str(tmp_path / "nothing"))
    assert missing.problem == "No such file or directory"
    assert look(tmp_path, b"\xff\xd8\xff\xd9" + bytes(20))[1] is not None


def test_decoding_names_why(tmp_path: Path) -> None:
    whole = encoded("JPEG")
    for content, why in (
        (b"", "empty"),
        (b"text", "no image"),
        (whole[:-200], "truncated"),
        (encoded("PNG")[:-40], "truncated"),
    ):
        with pytest.raises(Unreadable, match=why):
            decode(content, "RGB")
    assert decode(whole, "L").mode == "L"
    assert decode(whole, None).mode == "RGB"
    assert isinstance(decode(whole, "RGB"), Image.Image)
