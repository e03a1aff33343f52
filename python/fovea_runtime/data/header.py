"""What the first bytes of an image file say, without decoding it."""

import io
import os
import struct
from typing import NamedTuple

from PIL import Image

_BLOCK = 4096
"""Bytes that are read at a time: most headers are in the first block."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""JPEG's markers that carry no length."""
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9

CUT_OFF = "the header is cut off"


class Header(NamedTuple):
    """The size of an image, and what is plainly wrong with its file."""

    height: int
    width: int
    """Pixels; 0 where they are not known."""
    problem: str | None


class Window:
    """The part of an open file that holds an image.

    Args:
        file: a descriptor.
        offset: where the image begins.
        length: its bytes; up to the end of the file where it is None.
    """

    def __init__(self, file: int, offset: int = 0, length: int | None = None) -> None:
        self._file = file
        self._offset = offset
        self.length = os.fstat(file).st_size if length is None else length
        self._first = 0
        self._block = b""

    def read(self, at: int, count: int) -> bytes:
        """`count` bytes from `at`; fewer where the image ends."""
        count = max(0, min(count, self.length - at))
        if at < self._first or at + count > self._first + len(self._block):
            self._first = at
            size = max(count, min(_BLOCK, self.length - at))
            self._block = os.pread(self._file, size, self._offset + at)
        return self._block[at - self._first : at - self._first + count]

    def everything(self) -> bytes:
        """All bytes of the image."""
        return os.pread(self._file, self.length, self._offset)


def examine(image: Window) -> Header:
    """Looks at an image's header.

    Only what no decoder could read is called a problem. JPEG and PNG are looked at here, anything
    else is left to Pillow.
    """
    if image.length == 0:
        return Header(0, 0, "the file is empty")
    start = image.read(0, 33)
    if start.startswith(_JPEG):
        found = _jpeg(image)
    elif start.startswith(_PNG):
        found = _png(start)
    else:
        found = None
    return found or _by_pillow(image)


def _jpeg(image: Window) -> Header | None:
    height = width = 0
    at = 2
    while True:
        marker = image.read(at, 4)
        if len(marker) < 2:
            return Header(0, 0, CUT_OFF)
        if marker[0] != 0xFF:
            return None
        code = marker[1]
        if code == 0xFF:
            at += 1
        elif code in _ALONE:
            at += 2
        elif code == _START_OF_SCAN:
            return Header(height, width, None) if height > 0 else None
        elif code == _END_OF_IMAGE:
            return Header(0, 0, "the file holds no image data")
        elif len(marker) < 4:
            return Header(0, 0, CUT_OFF)
        else:
            if code in _START_OF_FRAME and len(frame := image.read(at + 5, 4)) == 4:
                height, width = struct.unpack(">HH", frame)
            at += 2 + int.from_bytes(marker[2:4], "big")


def _png(start: bytes) -> Header | None:
    if len(start) < 33:
        return Header(0, 0, CUT_OFF)
    if start[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", start[16:24])
    return Header(height, width, None)


def _by_pillow(image: Window) -> Header:
    data = image.everything()
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return Header(opened.height, opened.width, None)
    except Image.UnidentifiedImageError:
        return Header(0, 0, no_image(data))
    except MemoryError:
        raise
    # Pillow's readers raise anything for a broken header.
    except Exception as error:  # noqa: BLE001
        return Header(0, 0, str(error) or type(error).__name__)


def no_image(data: bytes) -> str:
    """The reason where no format is recognised."""
    return f"it is no image: it begins with {data[:8]!r}"
