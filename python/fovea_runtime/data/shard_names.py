"""Which shards a pattern stands for."""

import re
from collections.abc import Iterator
from pathlib import Path

from fovea_runtime.data.folders import named_path, require_folder
from fovea_runtime.data.unreadable import listed

_KIND = "webdataset"
_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")
_REMOTE = re.compile(r"^([a-z][a-z0-9+.-]*://|pipe:)", re.IGNORECASE)
_MOST = 100_000
"""Shards that a pattern may stand for, so that a slip of the finger does not fill the memory."""


def find_shards(pattern: str, option: str) -> list[Path]:
    """The files of a pattern such as `shards/train-{000000..000009}.tar`, in its order.

    `{a..b}` counts, with the zeros that `a` and `b` begin with; `{a,b}` lists; `~` is the home.

    Args:
        option: the data's option that the pattern is of, for messages.

    Raises:
        ValueError: it is no pattern of local files, or files of it are missing.
    """
    where = f"{_KIND}: data.{option} {pattern!r}"
    if _REMOTE.match(pattern):
        raise ValueError(
            f"{where} is no local file: shards are read at random places, so download them first"
        )
    paths: list[Path] = []
    for name in _expand(pattern, where):
        paths.append(named_path(name))
        if len(paths) > _MOST:
            raise ValueError(f"{where} stands for more than {_MOST} shards: look at its numbers")
    if len(set(paths)) < len(paths):
        raise ValueError(f"{where} names a shard twice")
    missing = [path for path in paths if not path.is_file()]
    if not missing:
        return paths
    require_folder(_KIND, missing[0].parent, f"look at data.{option}")
    present = sorted(each.name for each in missing[0].parent.iterdir() if each.suffix == ".tar")
    beside = f"{missing[0].parent} holds {listed(present)}" if present else "there is no .tar there"
    raise ValueError(
        f"{where}: {len(missing)} of its {len(paths)} shards are missing: "
        f"{listed([str(path) for path in missing], 3)}; {beside}: mend the pattern or the shards"
    )


def _expand(pattern: str, where: str) -> Iterator[str]:
    found = _BRACES.search(pattern)
    if found is None:
        if "{" in pattern or "}" in pattern:
            raise ValueError(f"{where} has a brace alone: write {{000000..000009}} or {{a,b}}")
        yield pattern
        return
    for each in _alternatives(found.group(1), where):
        yield from _expand(pattern[: found.start()] + each + pattern[found.end() :], where)


def _alternatives(text: str, where: str) -> Iterator[str]:
    counted = _RANGE.fullmatch(text)
    if counted is None:
        if "," not in text:
            raise ValueError(
                f"{where}: {{{text}}} is no range: write {{000000..000009}} or {{a,b}}"
            )
        yield from text.split(",")
        return
    first, last = counted.groups()
    if int(first) > int(last):
        raise ValueError(f"{where}: {{{text}}} counts down: write {{{last}..{first}}}")
    padded = first.startswith("0") or last.startswith("0")
    width = max(len(first), len(last)) if padded else 0
    for number in range(int(first), int(last) + 1):
        yield str(number).zfill(width)
