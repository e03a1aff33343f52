"""Training of one run: `python -m fovea_runtime.train --run DIR`."""
