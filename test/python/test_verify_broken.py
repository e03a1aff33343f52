"""`python -m fovea_runtime.verify`: kernels that must not get a certificate."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from emitted_kernels import kernel_path
from verification import certificates, verify

# Edits of a kernel's text, and the method in which each must show.
EDITED = {
    "scale": ("share /= length_h * length_w", "share /= length_h * length_h", "fft"),
    "reach": ("return min(kernel // 2,", "return min(kernel // 2 - 1,", "dense"),
    "flip": ("kernel = kernel.flip(1, 2)", "kernel = kernel.flip(2)", "dense"),
    "tile": ("written = (p < height)", "written = (p < height - 1)", "triton"),
    "sign": ("row = p + SIGN * (tap - 5)", "row = p + (tap - 5)", "triton"),
    "strides": ("return x if _has_contiguous_planes(x) else x.contiguous()", "return x", "triton"),
    "precision": (
        "return torch.float32 if dtype in _HALVES",
        "return dtype if dtype in _HALVES",
        "",
    ),
    "syntax": ("import math", "import math,", ""),
}

# Faults for some inputs only, whatever computes them: what each adds to a kernel's end, and words
# that every failure has.
ADDED = {
    "sliced": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            planes = x.stride()[1:] == (x.shape[2] * x.shape[3], x.shape[3], 1)
            if planes and not x.is_contiguous():
                x = x.as_strided(x.shape, torch.empty(x.shape).stride())
            return whole(x, weight, bias, method=method)
        """,
        "channels",
    ),
    "surroundings": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            if x.storage_offset() > 0:
                x = x + 0 * x.as_strided((1,), (1,), x.storage_offset() - 1)
            return whole(x, weight, bias, method=method)
        """,
        "window",
    ),
    "large_mean": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            return whole(x.clamp(-50, 50), weight, bias, method=method)
        """,
        "mean 100",
    ),
    "no_bias": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            y = whole(x, weight, bias, method=method)
            return y if bias is not None else y * 1.1
        """,
        "",
    ),
    "partial_forward": (
        """
        def partial_peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            return partial(x, weight * 1.1, bias, method=method)
        """,
        "channels convolved",
    ),
    "partial_copies": (
        """
        def partial_peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            y = partial(x, weight, bias, method=method)
            copied = y[:, len(weight) :].bfloat16().to(y.dtype)
            return torch.cat((y[:, : len(weight)], copied), 1)
        """,
        "channels that it should copy",
    ),
    "partial_gradient": (
        """
        def partial_peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            y = partial(x, weight, bias, method=method)
            return torch.cat((y[:, : len(weight)], y[:, len(weight) :].detach()), 1)
        """,
        "partial_input_gradient",
    ),
    "planned_map": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            y = whole(x, weight, bias, method=method)
            return y * 1.1 if method == "triton" and x.shape[2:] == (17, 16) else y
        """,
        "17, 16",
    ),
    "training": (
        """
        def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
            y = whole(x, weight, bias, method=method)
            return y * 1.1 if method == "auto" and weight.requires_grad else y
        """,
        "auto",
    ),
}


def edited(folder: Path) -> dict[str, Path]:
    good = kernel_path("asymmetric").read_text(encoding="utf-8")
    paths = {name: folder / f"{name}.py" for name in EDITED}
    for name, (before, after, _) in EDITED.items():
        assert before in good, name
        paths[name].write_text(good.replace(before, after), encoding="utf-8")
    return paths


def added(folder: Path) -> dict[str, Path]:
    paths = {name: folder / f"{name}.py" for name in ADDED}
    originals = "whole, partial = peripheral_conv2d, partial_peripheral_conv2d\n"
    for name, (code, _) in ADDED.items():
        # The one has planned maps, the other is quick.
        kernel = kernel_path("asymmetric" if name == "planned_map" else "one_row_cell")
        text = f"{kernel.read_text(encoding='utf-8')}\n{originals}{dedent(code)}"
        paths[name].write_text(text, encoding="utf-8")
    return paths


def test_refuses_broken_methods(tmp_path: Path) -> None:
    paths, good = edited(tmp_path), kernel_path("one_row_cell")
    done = verify(*paths.values(), good, "--json", cache=tmp_path / "cache")
    assert done.returncode == 1, done.stderr
    found = certificates(done)
    assert found.pop(good.stem)["passed"] is True
    assert set(found) == set(paths)
    for name, (_, _, method) in EDITED.items():
        assert found[name]["passed"] is False, name
        assert any(failure.startswith(method) for failure in found[name]["failures"]), name
    assert len(list((tmp_path / "cache/certificates").iterdir())) == 1


def test_refuses_faults_for_some_inputs(tmp_path: Path) -> None:
    paths = added(tmp_path)
    done = verify(*paths.values(), "--json", cache=tmp_path / "cache")
    assert done.returncode == 1, done.stderr
    found = certificates(done)
    assert set(found) == set(paths)
    for name, (_, words) in ADDED.items():
        assert found[name]["failures"], name
        assert all(words in failure for failure in found[name]["failures"]), name
    assert not (tmp_path / "cache").exists()
