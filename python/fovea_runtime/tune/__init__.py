"""The fastest tiles, warps and stages of a kernel file's launches, on the CUDA device at hand."""
