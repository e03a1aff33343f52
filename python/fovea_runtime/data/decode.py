"""From the bytes of an image file to its pixels."""

import io

from PIL import Image

from fovea_runtime.data.header import no_image
from fovea_runtime.data.unreadable import Unreadable


def decode(data: bytes, mode: str | None) -> Image.Image:
    """The image in a mode of Pillow, or as it is stored.

    Raises:
        Unreadable: it cannot be decoded as a whole.
    """
    if not data:
        raise Unreadable("the file is empty")
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
        return image if mode in (None, image.mode) else image.convert(mode)
    except Image.UnidentifiedImageError as error:
        raise Unreadable(no_image(data)) from error
    except MemoryError:
        raise
    # Pillow's decoders raise anything for a broken file: struct.error, SyntaxError, IndexError, ….
    except Exception as error:
        raise Unreadable(str(error) or type(error).__name__) from error


def read_bytes(path: str) -> bytes:
    """The bytes of an image file.

    Raises:
        Unreadable: the system does not give them.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
