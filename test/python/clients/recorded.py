"""Calls of a client that is not there: checked against the real one's signatures, written down.

`FAKE_CALLS` names the file; `FAKE_DOES` says what a call does beside that, such as
`log_batch raises`, `init hangs`, `log leaves` or `create_run raises once`.
"""

import inspect
import json
import os
import time
from pathlib import Path
from typing import Any

CALLS: dict[str, str] = json.loads(Path(__file__).with_name("signatures.json").read_text())["calls"]


def signature(name: str) -> inspect.Signature:
    """The real client's, of which only the names were recorded."""
    parameters = [
        inspect.Parameter(
            word.rstrip("?"),
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if word.endswith("?") else inspect.Parameter.empty,
        )
        for word in CALLS[name].split()
    ]
    return inspect.Signature(parameters)


def bound(call: str, /, *arguments: Any, **named: Any) -> dict[str, Any]:
    """The arguments by name.

    Raises:
        TypeError: the real client does not take them.
    """
    return dict(signature(call).bind(*arguments, **named).arguments)


def record(call: str, /, *arguments: Any, **named: Any) -> dict[str, Any]:
    """Writes a call down and does what `FAKE_DOES` says; returns the arguments by name."""
    given = bound(call, *arguments, **named)
    given.pop("self", None)
    before = calls(call)
    line = {"call": call, "pid": os.getpid(), **given}
    with Path(os.environ["FAKE_CALLS"]).open("a") as file:
        file.write(json.dumps(line, default=vars) + "\n")
    which, _, does = os.environ.get("FAKE_DOES", "").partition(" ")
    if which in (call.rpartition(".")[2], "every"):
        _do(does, is_first=not before)
    return given


def calls(call: str | None = None) -> list[dict[str, Any]]:
    """What was written down, by all processes; of one call, or of all."""
    path = Path(os.environ["FAKE_CALLS"])
    lines = path.read_text().splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines]
    return [each for each in found if call in (None, each["call"])]


def _do(what: str, *, is_first: bool) -> None:
    if what == "raises" or (what == "raises once" and is_first):
        raise ConnectionError("http://me:secret@host does not answer")
    if what == "hangs":
        time.sleep(3600)
    if what == "leaves":
        os._exit(7)
