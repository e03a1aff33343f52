"""Everything that a kernel file is held to on a device."""

from collections.abc import Iterable
from types import ModuleType

from fovea_runtime.kernel_cases import CASES, CUDA_CASES, Case, Map, interpreted, planned_on_cuda
from fovea_runtime.kernel_errors import measure, measure_auto
from fovea_runtime.kernel_file import KernelFile
from fovea_runtime.kernel_findings import LIMITS, Findings

_OF_TRITON = ("float16", "bfloat16", "float32")


def check(kernel: KernelFile, device: str) -> Findings:
    """Runs every method on `device`, "cpu" or "cuda".

    On a CPU the Triton kernels run in Triton's interpreter, if TRITON_INTERPRET=1 was set before
    triton was imported.
    """
    findings = Findings()
    try:
        module = kernel.load()
        if not module.HAS_TRITON:
            findings.notes.append("triton is not installed, so its method was not run")
        _check_methods(module, device, findings)
        if module.HAS_TRITON and device == "cpu":
            _check_interpreted(module, findings)
    except Exception as error:  # noqa: BLE001 - whatever the file raises is the finding
        findings.failures.append(f"{kernel.path} cannot be run: {type(error).__name__}: {error}")
    return findings


def _check_methods(module: ModuleType, device: str, findings: Findings) -> None:
    of_pytorch = (name for name in module.METHODS if name not in ("auto", "triton"))
    methods: dict[str, tuple[str, ...]] = dict.fromkeys(of_pytorch, tuple(LIMITS))
    cases = list(CASES)
    if device == "cuda":
        cases += [*CUDA_CASES, *planned_on_cuda(_maps(module))]
        if module.HAS_TRITON:
            methods["triton"] = _OF_TRITON
    if not _has_partial(module):
        findings.notes.append("it has no partial_peripheral_conv2d")
    measure(module, methods, device, _runnable(module, cases), findings)
    measure_auto(module, device, _runnable(module, cases), findings)


def _check_interpreted(module: ModuleType, findings: Findings) -> None:
    cases, too_large = interpreted(_maps(module))
    findings.notes.append("triton ran in Triton's interpreter, in float16 and float32 only")
    if too_large:
        sizes = ", ".join(f"{height}x{width}" for height, width in too_large)
        findings.notes.append(f"planned maps too large for the interpreter: {sizes}")
    for dtype, case in cases:
        for runnable in _runnable(module, [case]):
            measure(module, {"triton": (dtype,)}, "cpu", (runnable,), findings, repeat=False)


def _maps(module: ModuleType) -> tuple[Map, ...]:
    """Maps that the file has Triton kernels of their own for."""
    return getattr(module, "MAPS", ())


def _has_partial(module: ModuleType) -> bool:
    return hasattr(module, "partial_peripheral_conv2d")


def _runnable(module: ModuleType, cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case.convolved is None or _has_partial(module)]
