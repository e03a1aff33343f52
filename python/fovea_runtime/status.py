"""`status.json`: where a run stands, replaced atomically."""

import json
import os
import socket
from pathlib import Path
from typing import Any

from fovea_runtime.files import write_atomically

_FIELDS = ("status", "reason", "pid", "started", "launcher", "job", "host")


class StatusFile:
    """A run's `status.json`; what the launcher wrote into it (`launcher`, `job`) is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def running(self) -> None:
        """This process trains the run from now on."""
        self._replace(
            status="running",
            reason=None,
            pid=os.getpid(),
            started=process_start(os.getpid()),
            host=socket.gethostname(),
        )

    def ended(self, status: str, reason: str | None) -> None:
        """The run is over: one of `run_end`'s words, and why."""
        self._replace(status=status, reason=reason, pid=None, started=None)

    def waits(self, reason: str | None) -> None:
        """Training stopped, and the scheduler may start the job again."""
        self._replace(status="queued", reason=reason, pid=None, started=None)

    def is_elsewhere(self) -> bool:
        """Whether the run is under way on another machine, where no scheduler placed it."""
        record = self._read()
        host = record.get("host")
        live = record.get("status") in ("queued", "running") and record.get("job") is None
        return live and host is not None and host != socket.gethostname()

    def _replace(self, **fields: Any) -> None:
        record = {"launcher": "local", "job": None, "host": None, **self._read(), **fields}
        text = json.dumps({key: record[key] for key in _FIELDS}, indent=2) + "\n"
        write_atomically(self._path, lambda path: _write_text(path, text))

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}


def process_start(pid: int) -> str | None:
    """When a process started, in the kernel's ticks since boot; `None` where there is no /proc.

    With it a process id that was given to another process since can be told apart.
    """
    fields = _process_fields(pid)
    return None if fields is None else fields[19]


def is_gone(pid: int, started: str | None) -> bool:
    """Whether the process of this machine that had this pid, and started then, runs no more."""
    fields = _process_fields(pid)
    if fields is not None:
        return fields[0] in "ZX" or fields[19] != started
    if started is not None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _process_fields(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat from the third, the state, on."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return None
    # The second field, the command, may hold blanks and brackets; the others come after its end.
    return stat.rpartition(")")[2].split()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
