"""A network's own names: what `fovea run` keeps in `checkpoints/`, and `weights import` writes."""

from collections.abc import Iterable, Iterator

from fovea_runtime.weights.layout import Entry, Form


def entries(keys: Iterable[str]) -> Iterator[Entry]:
    """`keys` are those of the generated network."""
    for key in keys:
        form = Form.COUNTER if key.endswith(".num_batches_tracked") else Form.SAME
        yield Entry(key, key, form)
