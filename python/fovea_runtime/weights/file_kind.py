"""What a file is, from its first bytes: people point at all sorts of things."""

from pathlib import Path

ZIP, PICKLE, SAFETENSORS = "zip", "pickle", "safetensors"
"""Kinds that may be a checkpoint: torch.save since 1.6, torch.save before, safetensors."""

_LARGEST_HEADER = 100_000_000
"""Bytes of the longest header that safetensors itself reads."""

_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x89HDF", "an HDF5 file, as Keras writes it"),
    (b"GGUF", "a GGUF file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself with `git lfs pull`"),
)
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


def kind_of(path: Path) -> str | None:
    """`ZIP`, `PICKLE` or `SAFETENSORS`; None for anything else.

    Raises:
        OSError: the file cannot be read.
    """
    start = _start(path)
    if start[:4] == b"PK\x03\x04":
        return ZIP
    if start[:1] == b"\x80":
        return PICKLE
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= _LARGEST_HEADER:
        return SAFETENSORS
    return None


def described(path: Path) -> str:
    """What a file is that is no checkpoint, in words that follow "it is"."""
    start = _start(path)
    if not start:
        return "empty; the download or the copy may have failed"
    for signature, words in _SIGNATURES:
        if start.startswith(signature):
            return words
    if start[257:262] == b"ustar":
        return "a tar archive (PyTorch before 0.1.10 wrote such); unpack it, or save it anew"
    if start.lstrip().lower().startswith(_PAGES):
        return "a web page; the download failed, or asks for a confirmation first"
    if _is_text(start):
        line = start.decode("utf-8", "ignore").strip().splitlines()
        return f"text that begins with {line[0][:60]!r}" if line else "blank text"
    return f"of no kind that is known here; it begins with the bytes {start[:8].hex(' ')}"


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _is_text(start: bytes) -> bool:
    # A character may be cut in two at the end.
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f" for character in text)
