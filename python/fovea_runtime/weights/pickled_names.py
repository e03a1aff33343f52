"""Classes and functions that a pickle names, found without running any of it."""

import pickletools
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

_TEXT = ("UNICODE", "STRING")
_GET = ("BINGET", "LONG_BINGET", "GET")
_PUT = ("BINPUT", "LONG_BINPUT", "PUT")


_NO_PICKLE = (ValueError, LookupError, ArithmeticError, struct.error, EOFError, OSError)
_PICKLES = 5
"""Pickles in a file of torch.save before 1.6: magic number, version, system, content, storages."""


def pickled_names(file: IO[bytes]) -> list[str]:
    """Dotted names in the first pickles of `file`, in order, each once.

    What is no pickle, or is cut off, ends the search: it is for telling, not for judging.
    """
    names: dict[str, None] = {}
    with suppress(*_NO_PICKLE):
        for _ in range(_PICKLES):
            for name in _names_of_one(file):
                names[name] = None
    return list(names)


def _names_of_one(file: IO[bytes]) -> Iterator[str]:
    memo: dict[int, str] = {}
    texts: list[str] = []
    for operation, argument, _ in pickletools.genops(file):
        name = operation.name
        if name in ("GLOBAL", "INST"):
            yield str(argument).replace(" ", ".", 1)
        elif name == "STACK_GLOBAL":
            yield ".".join(texts[-2:])
        elif name.endswith(_TEXT):
            texts.append(str(argument))
        elif name == "MEMOIZE" or name in _PUT:
            # Only texts are asked for; what else is kept may be any of them.
            place = len(memo) if name == "MEMOIZE" else int(str(argument))
            memo[place] = texts[-1] if texts else ""
        elif name in _GET:
            texts.append(memo.get(int(str(argument)), ""))
