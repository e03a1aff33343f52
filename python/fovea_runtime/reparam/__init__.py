"""Weights for another form of a network: fused, projected onto a sharing grid, resized."""
