"""Tunes an emitted kernel in Triton's interpreter by a scripted clock; prints the results.

A process of its own, because TRITON_INTERPRET is read when triton is first imported.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from unittest import mock

os.environ["TRITON_INTERPRET"] = "1"

import conftest  # noqa: F401 - puts the checkout's runtime on the path
from emitted_kernels import kernel_path
from fovea_runtime.tune import device, search
from fovea_runtime.tune.kernels import Wanted, tune_kernels
from fovea_runtime.tune.watch import launches_of
from tuning import ScriptedClock, kernel_file

FEW = {"gemm": [{"BLOCK_N": (16, 48)}]}

if __name__ == "__main__":
    file, module = kernel_file(kernel_path("asymmetric"))
    clock = ScriptedClock(module, lambda each: each["gemm"]["BLOCK_N"], 0)
    channels = {(file.name, (5, 9)): 1}
    wanted = Wanted("sm_90", ("fp16",), (2,), channels, clock, launches_of, "cpu")
    with mock.patch.object(search, "rounds", lambda name: FEW.get(name, [])):
        loaded = file.load()
        with (
            mock.patch.object(loaded, "MAPS", ((5, 9),)),
            mock.patch.object(device, "_ROUNDS", 1),
            mock.patch.object(type(file), "load", lambda _: loaded),
        ):
            results = tune_kernels([file], wanted)
    print(json.dumps(asdict(results)))
