"""`fovea erf`: effective receptive fields (docs/erf.md)."""
