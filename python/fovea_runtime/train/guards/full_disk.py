"""What to do about a disk that takes no more."""

import errno
import os
import shutil
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])}


def full_disk_advice(error: BaseException) -> str | None:
    """How a run goes on that an error of a full disk, quota or file size limit ended.

    Nothing for any other error.
    """
    if not isinstance(error, OSError) or error.errno not in _FULL:
        return None
    advice = (
        "free some space and go on with --resume: the checkpoint that was written last is whole; "
        "--keep 0 keeps no older ones beside it"
    )
    if not isinstance(error.filename, str | os.PathLike):
        return advice
    try:
        free = shutil.disk_usage(Path(error.filename).parent).free
    except OSError:
        return advice
    return f"{free / 2**20:.1f} MiB are free there: {advice}"
