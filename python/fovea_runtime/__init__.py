"""The Python side of fovea: training, data and checks for generated networks."""

__version__ = "0.1.0"
