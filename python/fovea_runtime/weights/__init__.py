"""Official checkpoints in and out of generated networks, every key accounted for."""
