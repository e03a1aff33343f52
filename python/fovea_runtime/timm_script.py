"""`python -m fovea_runtime.timm_script PACKAGE SCRIPT [ARGUMENT]...`: timm's scripts, our networks.

Imports the generated package in the folder PACKAGE, which makes its network known to timm, and runs
SCRIPT (timm's train.py, validate.py, …) as Python itself would. `--model NAME` then finds it; so it
does under torchrun: `torchrun … -m fovea_runtime.timm_script PACKAGE SCRIPT …`.

Exit status: that of the script; 2 where PACKAGE or SCRIPT cannot be used.
"""

import runpy
import sys
from pathlib import Path

from fovea_runtime.package import load_package


def main(words: list[str]) -> int:
    if len(words) < 2:
        return _mistake("write: python -m fovea_runtime.timm_script PACKAGE SCRIPT [ARGUMENT]...")
    package, script, *_ = words
    if not Path(package, "manifest.json").is_file():
        return _mistake(f"{package} is no generated package; `fovea generate` makes one")
    if not Path(script).is_file():
        return _mistake(f"there is no script {script}; timm's are in its repository, not its wheel")
    load_package(Path(package))
    sys.argv = words[1:]
    # A script finds what lies beside it, as when Python runs it by its path.
    sys.path.insert(0, str(Path(script).resolve().parent))
    runpy.run_path(script, run_name="__main__")
    return 0


def _mistake(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
