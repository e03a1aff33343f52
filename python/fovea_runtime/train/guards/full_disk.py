"""What to do about a disk that takes no more."""

import errno
import os
import shutil
from pathlib import Path

_CAUSES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "the user's quota is used up: free some of it",
    errno.EFBIG: "files may not grow so large here (ulimit -f): raise the limit",
}


def full_disk_advice(error: BaseException) -> str | None:
    """How a run goes on that an error of a full disk, quota or file size limit ended.

    Nothing for any other error.
    """
    if not isinstance(error, OSError) or error.errno not in _CAUSES:
        return None
    return (
        f"{_free(error)}{_CAUSES[error.errno]} and go on with --resume: the checkpoint that was "
        "written last is whole; --keep 0 keeps no older ones beside it"
    )


def _free(error: OSError) -> str:
    if error.errno != errno.ENOSPC or not isinstance(error.filename, str | os.PathLike):
        return ""
    try:
        free = shutil.disk_usage(Path(error.filename).parent).free
    except OSError:
        return ""
    return f"{free / 2**20:.1f} MiB are free there: "
