"""Images to train on: every source is a `Source` (source.py)."""
