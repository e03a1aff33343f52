"""ConvNeXt, SLaK and RepLKNet, read from their papers, with the names of their authors' code.

Plain PyTorch and nothing of fovea's: what generated networks and imported weights are held against.
"""
